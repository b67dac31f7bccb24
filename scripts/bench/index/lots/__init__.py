"""A ledger of a million lots: the mirror of lives that never were, and a chain whose storage says the same.

No node on two cores lives through the six million events of a million lots. So the contracts are deployed as
ever, and what would be in the storage of Ledger, Invoices and Cash by then is written into the node's state
before it starts. Every view that the check asks is the contracts' own.
"""
