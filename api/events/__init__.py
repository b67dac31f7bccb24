"""The ledger's events as a caller may see them, in their order."""
