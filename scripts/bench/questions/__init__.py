"""`tally bench questions`: what people ask of the mirror, at a million lots and ten million events."""
