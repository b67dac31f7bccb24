"""The mirror: facts of the chain and what follows from them, in SQL; the only writer of schema `ledger`."""
