"""Panel seats and votes, sealed ballots, comments."""
