"""The fault switch over HTTP, behind the API's own door: `/Faults.json` below the account."""

from flask import Blueprint, Response, jsonify, request

from evalsys.exchange.faults import Faults, FaultSpecError
from evalsys.exchange.wire import Refusal

PATH = "/Faults.json"


class FaultSwitch:
    """Shows and changes what is dealt."""

    def __init__(self, faults: Faults) -> None:
        """Turn this switch."""
        self._faults = faults

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        routes.add_url_rule(PATH, view_func=self.show_faults)
        routes.add_url_rule(PATH, view_func=self.set_faults, methods=["POST"])

    def show_faults(self) -> Response:
        """Show what is dealt, and how often it was."""
        return jsonify(self._faults.as_json())

    def set_faults(self) -> Response:
        """Deal something else from now on; an empty `Faults` nothing."""
        try:
            self._faults.set(request.form.get("Faults", ""))
        except FaultSpecError as error:
            raise Refusal(20001, f"not a fault: {error}") from error
        return self.show_faults()
