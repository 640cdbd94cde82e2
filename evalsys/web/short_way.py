"""The short way for the carrier's webhooks of campaigns: straight to the view that would answer.

A campaign brings them by the hundred thousand. They have no login, no language, no form of ours
and no page, so nothing of what Flask lays around a view is meant for them; it took a sixth of
their processor time (decision 28). The view is the very one of the routes, with its declaration,
its signature check, its errors and its log (`web.carrier_door`). Whatever is not exactly such a
request goes the long way, and is judged there.
"""

import re
from collections.abc import Callable, Iterable
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g

from evalsys.domain.access import Entrance
from evalsys.web.guards import door_of
from evalsys.web.headers import always
from evalsys.web.twilio_hooks import OF_CAMPAIGNS

_ADDRESS = re.compile(
    r"/voice/campaign/(?P<attempt>[a-z0-9-]{1,64})/"
    r"(?:(?P<hook>answer|status|recording|transcription)"
    r"|step/(?P<topic>[a-z_]{1,32})/(?P<tries>[1-9][0-9]?))",
    re.ASCII,
)
_STEP = "step"
_HOOKS = ("answer", "status", "recording", "transcription", _STEP)
_View = Callable[..., Response]


def open_before(app: Flask, *, https: bool) -> None:
    """Let the short way begin before everything that surrounds `app`."""
    app.wsgi_app = ShortWay(app, app.wsgi_app, https=https)  # type: ignore[method-assign]  # as Flask's documentation does


class ShortWay:
    """Answers webhooks of campaigns; everything else goes on to the whole application."""

    def __init__(self, app: Flask, long_way: WSGIApplication, *, https: bool) -> None:
        """Stand before `long_way`, the application with all that surrounds it.

        Raises:
            RuntimeError: a view here is not declared as the carrier's.
        """
        self._app = app
        self.long_way = long_way
        self._headers = always(https=https)
        self._views: dict[str, _View] = {}
        for hook in _HOOKS:
            view = app.view_functions[f"{OF_CAMPAIGNS}.{hook}"]
            self._views[hook] = cast("_View", view)
            door = door_of(view)
            if door is None or door.entrance is not Entrance.CARRIER:
                raise RuntimeError(f"{hook} is not declared as the carrier's")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        found = _ADDRESS.fullmatch(environ["PATH_INFO"])
        if found is None or environ["REQUEST_METHOD"] != "POST":
            return self.long_way(environ, start_response)
        attempt, hook, topic, tries = found.group("attempt", "hook", "topic", "tries")
        with self._app.app_context():
            g.environment = environ
            if hook:
                response = self._views[hook](attempt)
            else:
                response = self._views[_STEP](attempt, topic=topic, tries=int(tries))
        # A carrier's view makes whole answers: nothing of theirs depends on the request any more.
        start_response(response.status, [*response.headers, *self._headers])
        return (response.get_data(),)
