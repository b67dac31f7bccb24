"""`tally bench index`: the mirror beside other indexers, on the same blocks in the same run."""
