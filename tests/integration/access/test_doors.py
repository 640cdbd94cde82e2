"""Every route and every socket handler: who may pass is declared, checked, and listed here."""

from collections.abc import Iterable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from evalsys.domain.access import Entrance, Role
from evalsys.realtime.guards import door_of_push
from evalsys.web.guards import door_of
from tests.visitor import Visitor

# Who may pass a door is decided before any database is asked, and there are thousands of knocks.
pytestmark = pytest.mark.on_sqlite

OPEN_TO_EVERYBODY = {
    "GET /",
    "GET /api/openapi.json",
    "GET /open311/v2/requests.<form>",
    "GET /open311/v2/requests/<code>.<form>",
    "GET /open311/v2/services.<form>",
    "GET /open311/v2/services/<code>.<form>",
    "GET /open311/v2/tokens/<token>.<form>",
    "GET /ceremony/",
    "GET /ceremony/<live>/rollers",
    "GET /ceremony/join/<code>",
    "GET /draw/<live>",
    "GET /draw/<live>/line",
    "GET /draw/<live>/line.json",
    "GET /draw/<live>/objections",
    "GET /draw/<live>/roster.jsonl",
    "GET /live/<live>",
    "GET /live/<live>/bundle.zip",
    "GET /live/<live>/bundle/<name>",
    "GET /live/<live>/characters.json",
    "GET /live/<live>/head.svg",
    "GET /live/<live>/heads.json",
    "GET /live/<live>/proof.json",
    "GET /live/<live>/qr.svg",
    "GET /live/<live>/transcript.jsonl",
    "GET /live/<live>/stream",
    "GET /live/<live>/view.json",
    "GET /live/here",
    "GET /contact/",
    "GET /directory/",
    "GET /directory/<grid>",
    "GET /followups/",
    "GET /i/<token>",
    "GET /issues/",
    "GET /listed/",
    "GET /listed/list.<form>",
    "GET /rules/",
    "GET /rules/list.<form>",
    "GET /login",
    "GET /my-home/",
    "POST /my-home/ask",
    "POST /my-home/enter",
    "POST /my-home/leave",
    "GET /pad/",
    "GET /pad/join/<code>",
    "GET /led/<live>",
    "GET /overlay/<live>",
    "GET /press/<live>",
    "GET /stage/<live>",
    "GET /subvenue/<live>",
    "GET /static/<path:filename>",
    "GET /verify",
    "GET /verify/explained",
    "GET /verify/offline.html",
    "POST /i/<token>",
    "POST /ceremony/join/<code>",
    "GET /watch/<live>/",
    "GET /watch/<live>/<name>",
    "POST /draw/<live>/objections",
    "GET /polls/",
    "GET /polls/<int:poll>",
    "GET /polls/<int:poll>.<form>",
    "POST /polls/<int:poll>",
    "POST /login",
    "POST /logout",
    "POST /pad/join/<code>",
}
BY_SIGNATURE = {
    "POST /voice/<attempt>/air/left",
    "POST /voice/<attempt>/air/offer/<int(min=1, max=9):tries>",
    "POST /voice/<attempt>/air/questions",
    "POST /voice/<attempt>/air/wait/<int(min=1, max=99):waits>",
    "POST /voice/stage/<live>/<attempt>/answer",
    "POST /voice/stage/<live>/<attempt>/key",
    "POST /voice/stage/<live>/<attempt>/status",
    "POST /voice/<attempt>/answer",
    "GET /voice/<attempt>/comment/<int(min=1, max=99):take>",
    "GET /voice/campaign/<attempt>/comment/<int(min=1, max=99):take>",
    "POST /voice/<attempt>/recording",
    "POST /voice/<attempt>/recording/<int(min=2, max=99):take>",
    "POST /voice/campaign/<attempt>/recording/<int(min=2, max=99):take>",
    "POST /voice/<attempt>/status",
    "POST /voice/<attempt>/step/<topic>/<int(min=1, max=99):tries>",
    "POST /voice/<attempt>/transcription",
    "POST /voice/campaign/<attempt>/answer",
    "POST /voice/inbound/campaign",
    "POST /voice/inbound/message",
    "POST /voice/inbound/status",
    "POST /voice/campaign/<attempt>/recording",
    "POST /voice/campaign/<attempt>/status",
    "POST /voice/campaign/<attempt>/step/<topic>/<int(min=1, max=99):tries>",
    "POST /voice/campaign/<attempt>/transcription",
}
BY_SEAT_TOKEN = {
    "GET /ceremony/<live>/desk",
    "GET /ceremony/<live>/lines.json",
    "GET /pad/<live>",
    "GET /pad/<live>/view.json",
    "POST /ceremony/<live>/clock",
    "POST /ceremony/<live>/dice",
    "POST /ceremony/<live>/enrol",
    "POST /ceremony/<live>/sign",
    "POST /pad/<live>/declare",
    "POST /pad/<live>/propose",
    "POST /pad/<live>/vote",
}
BY_HOUSEHOLD_CODE = {
    "POST /my-home/correct",
    "POST /my-home/erase",
    "POST /my-home/request",
    "POST /my-home/requests/<code>/judge",
    "POST /my-home/wish",
}
BY_THEIR_OWN_PROOF = {Entrance.CARRIER, Entrance.PROGRAM}
BY_ROLE = {Entrance.SIGNED_IN, Entrance.SCREEN}
BY_SCREEN_LINK = {
    "GET /calls/<live>",
    "GET /console/<live>/view.json",
    "GET /monitor/<live>",
    "GET /observer/<live>",
    "GET /subvenue-desk/<live>",
}
# The handler of "subscribe" asks who is there before it shows the console's picture.
# Those of "screen" and "beat" ask for a signed link, or take nobody's word.
SOCKET_MESSAGES_OPEN_TO_EVERYBODY = {"beat", "screen", "subscribe"}


def test_the_routes_open_without_signing_in_are_exactly_these(app: Flask) -> None:
    assert _routes(app, Entrance.PUBLIC) == OPEN_TO_EVERYBODY
    assert _routes(app, Entrance.CARRIER) == BY_SIGNATURE
    assert _routes(app, Entrance.SEAT) == BY_SEAT_TOKEN
    assert _routes(app, Entrance.HOUSEHOLD) == BY_HOUSEHOLD_CODE
    assert _routes(app, Entrance.PROGRAM) == {"POST /open311/v2/requests.<form>"}
    assert _routes(app, Entrance.SCREEN) == BY_SCREEN_LINK


def test_the_socket_messages_open_without_signing_in_are_exactly_these(app: Flask) -> None:
    handlers = app.extensions["socketio"].server.handlers["/"]
    open_messages = {
        name
        for name, handler in handlers.items()
        if name not in {"connect", "disconnect"}
        and (door := door_of_push(handler)) is not None
        and door.entrance is not Entrance.SIGNED_IN
    }
    assert open_messages == SOCKET_MESSAGES_OPEN_TO_EVERYBODY


def test_every_role_passes_exactly_the_routes_that_name_it(app: Flask) -> None:
    wrong = []
    guarded = [rule for rule in app.url_map.iter_rules() if _entrance(app, rule) in BY_ROLE]
    guarded.sort(key=lambda rule: rule.endpoint == "auth.sign_out_everywhere")  # it ends the visit
    for role in Role:
        somebody = Visitor(app).sign_in_as(role)
        for rule in guarded:
            door = door_of(app.view_functions[rule.endpoint])
            assert door is not None
            refused = _knock(somebody, rule) == "not_allowed"
            if refused == (role in door.roles):
                wrong.append(f"{role} at {rule.rule}: refused={refused}")
    assert wrong == []


def test_nobody_passes_a_guarded_route_without_signing_in(app: Flask, visitor: Visitor) -> None:
    passed = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if _entrance(app, rule) in BY_ROLE and _knock(visitor, rule) != "not_signed_in"
    ]
    assert passed == []


def test_a_revoked_login_passes_nothing(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in_as(Role.OPERATOR)
    cookie = visitor.client.get_cookie(app.config["LOGIN_COOKIE"])
    assert cookie is not None
    visitor.post("/logout")
    visitor.client.set_cookie(cookie.key, cookie.value)
    passed = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if _entrance(app, rule) in BY_ROLE and _knock(visitor, rule) != "not_signed_in"
    ]
    assert passed == []


def test_every_form_of_a_signed_in_person_needs_the_token_of_our_page(
    app: Flask, visitor: Visitor
) -> None:
    visitor.sign_in_as(Role.OPERATOR)
    taken = []
    for rule in app.url_map.iter_rules():
        door = door_of(app.view_functions[rule.endpoint])
        assert door is not None
        if "POST" not in _methods(rule) or door.entrance in BY_THEIR_OWN_PROOF:
            continue
        if door.roles and Role.OPERATOR not in door.roles:
            continue
        answer = visitor.client.post(_address(rule), data={})
        if not answer.is_json or answer.json is None or answer.json.get("code") != "csrf":
            taken.append(rule.rule)
    assert taken == []


def _routes(app: Flask, entrance: Entrance) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if _entrance(app, rule) is entrance
        for method in _methods(rule)
    }


def _entrance(app: Flask, rule: Rule) -> Entrance:
    door = door_of(app.view_functions[rule.endpoint])
    assert door is not None
    return door.entrance


def _methods(rule: Rule) -> Iterable[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def _address(rule: Rule) -> str:
    values = dict.fromkeys(rule.arguments, "1")
    _host, path = rule.build(values, append_unknown=False) or ("", "")
    return path


def _knock(visitor: Visitor, rule: Rule) -> str:
    """Try a route as a program and return the refusal's code, or "" when it let us pass."""
    method = next(iter(_methods(rule)))
    if method == "GET":
        answer = visitor.ask(_address(rule))
    else:
        answer = visitor.client.open(
            _address(rule),
            method=method,
            json={},
            headers={"X-CSRFToken": visitor.csrf(), "Accept": "application/json"},
        )
    told = answer.get_json(silent=True) if answer.status_code >= 400 else None
    answer.close()  # it may hold a file
    return str(told.get("code", "")) if isinstance(told, dict) else ""
