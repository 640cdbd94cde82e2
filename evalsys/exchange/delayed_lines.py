"""Lines that hear a conference later, over HTTP: `/Calls/<sid>/Delay.json` below the account.

A transmitter is fed by such a line, so that what must not go out is dumped before anybody hears it.
Twilio has nothing like it; the resource lies beside its own.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request

from evalsys.exchange.store import Store
from evalsys.exchange.switchboard import Switchboard
from evalsys.exchange.wire import Refusal, not_found

PATH = "/Calls/<sid>/Delay.json"


class DelayedLines:
    """Shows by how much a call is delayed, and dumps what is on its way."""

    def __init__(self, switchboard: Switchboard, store: Store, delays: Mapping[str, float]) -> None:
        """Know the numbers of `delays`, in seconds."""
        self._switchboard = switchboard
        self._store = store
        self._delays = delays

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        routes.add_url_rule(PATH, view_func=self.show_delay)
        routes.add_url_rule(PATH, view_func=self.dump, methods=["POST"])

    def show_delay(self, sid: str) -> Response:
        """Show the delay of a call in seconds; a call without one has no such resource."""
        call = self._store.call(sid)
        seconds = self._delays.get(call.request.to) if call is not None else None
        if seconds is None:
            raise not_found(request.path)
        return jsonify(call_sid=sid, seconds=seconds)

    def dump(self, sid: str) -> Response:
        """Throw away what was said and not heard yet, at `Dump=true`."""
        shown = self.show_delay(sid)
        if request.form.get("Dump") != "true":
            raise Refusal(20001, "Dump must be true")
        self._switchboard.dump(sid)
        return shown
