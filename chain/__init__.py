"""What we know about the ledger protocol, without SQL: compile, deploy, read, sign, send, decode."""
