"""The mirror's speed beside that of other indexers, on the same blocks in the same run: `tally bench index`."""
