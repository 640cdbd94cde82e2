"""Writes a believable, wholly fictitious county in the formats a real one would hand in."""
