"""Assignments: part of a lot passed on against a trade of its own."""
