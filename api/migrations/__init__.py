"""Revisions of the schema `app`, for SQLite and PostgreSQL alike."""
