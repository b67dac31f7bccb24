"""What HTTP asks of every route: problems, idempotency, limits, pages."""
