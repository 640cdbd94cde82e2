"""The local telephone exchange: a separate machine that speaks Twilio's wire format."""
