"""Organisations: admission, names and identifiers, keys to the API."""
