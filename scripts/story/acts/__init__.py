"""The seven acts of the story."""
