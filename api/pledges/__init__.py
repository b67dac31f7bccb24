"""Loans against lots: pledged, released, realised."""
