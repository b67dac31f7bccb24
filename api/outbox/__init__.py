"""Operations: what is to be sent to the ledger, and the loop that sends it exactly once."""
