"""The event log of live sessions."""
