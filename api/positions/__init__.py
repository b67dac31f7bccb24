"""What parties hold, are owed and owe, now and at an earlier time."""
