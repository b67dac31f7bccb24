"""The story that `tally demo` plays: real parties, real signatures, over the HTTP API only."""
