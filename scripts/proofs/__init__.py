"""Proofs about the contracts that are more than a test run: coverage, symbolic proofs, mutation testing."""
