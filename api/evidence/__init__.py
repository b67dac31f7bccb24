"""What an auditor asks: where a serial came from and who was paid for it."""
