"""Schema of the mirror, revision by revision; `indexer.schema.migrate` runs them."""
