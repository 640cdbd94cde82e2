"""Grids, units, cadres, households, phones, links, claims."""
