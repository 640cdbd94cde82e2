"""Dated, cited parameters and decision tables (package data)."""
