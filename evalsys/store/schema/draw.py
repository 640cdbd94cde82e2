"""Frozen rosters and manifests."""
