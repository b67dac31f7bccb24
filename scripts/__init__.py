"""The command line `tally`, the story it plays, and the benchmarks."""
