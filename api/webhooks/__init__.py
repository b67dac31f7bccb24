"""Telling other systems by signed requests of ours: Standard Webhooks, in order, until each is taken."""
