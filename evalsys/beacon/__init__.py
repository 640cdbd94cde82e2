"""The randomness beacon: checking its signatures, and fetching them from relays."""
