"""Quote requests, quotes with their cost sheets, and the sale of a lot to a bank for cash."""
