"""What each verb of `tally` does; imported only when the verb is used."""
