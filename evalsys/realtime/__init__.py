"""The Socket.IO doors: screens subscribe and are told that the record grew."""
