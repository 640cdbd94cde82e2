"""A telephone exchange that speaks Twilio's wire format: a separate machine in our wheel.

It imports nothing of evalsys and evalsys imports nothing of it; both meet over HTTP,
so the client under test is the one that will talk to a real carrier.
See `docs/exchange.md`.
"""
