"""Schema of the mirror, revision by revision; `indexer.db.migrate` runs them."""
