"""Who calls, what they may do and see, and the record of what they did."""
