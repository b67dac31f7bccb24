"""The HTTP API: commands go out through the outbox, facts come back through the mirror."""
