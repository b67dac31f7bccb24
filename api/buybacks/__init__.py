"""Recourse: the seller takes back what the debtor does not pay."""
