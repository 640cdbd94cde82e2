"""The live session as an event log: commands, events, state, decisions."""
