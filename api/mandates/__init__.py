"""What a bank lets its own quoting key buy alone."""
