"""Alembic migrations; forwards only, the event log is never touched."""
