"""The carrier: gateway, TwiML, and the check of every webhook's signature."""
