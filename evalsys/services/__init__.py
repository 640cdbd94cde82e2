"""Use cases: one transaction each, then announce."""
