"""The real mix: the contracts of the ledger under the story's kind of traffic, at the speed of the node."""
