"""`tally bench index`: the mirror's speed beside that of other indexers, on the same blocks in the same run."""
