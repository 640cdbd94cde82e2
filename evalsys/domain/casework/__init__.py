"""The household's request 诉求: its loop of events, its clocks and lamps, who answers for it."""
