"""Telling clients of the ledger's events as they happen, without a queue for any of them."""
