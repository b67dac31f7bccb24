"""Benchmarks: each prints its figures beside their targets, and one JSON object as its last line."""
