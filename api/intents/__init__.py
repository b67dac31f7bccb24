"""Intents waiting for signatures; a complete one goes to the outbox by itself."""
