"""The description of every JSON door, as OpenAPI 3.1, for programs and their authors."""

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

from flask import Blueprint, Flask, current_app

from evalsys.domain.access import Door, Entrance
from evalsys.web.api_doors import DOORS
from evalsys.web.api_schemas import SCHEMAS
from evalsys.web.guards import door_of, public

blueprint = Blueprint("api", __name__, url_prefix="/api")

_CONVERTED = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
_SCHEMES: Final[Mapping[Entrance, tuple[str, ...]]] = {
    Entrance.PUBLIC: (),
    Entrance.SIGNED_IN: ("account",),
    Entrance.SEAT: ("seat",),
    Entrance.SCREEN: ("screen", "account"),
    Entrance.PROGRAM: ("program",),
}
_TAGS: Final[Mapping[str, str]] = {
    "public": "What everybody may see of a session.",
    "verify": "What a stranger needs to verify a draw; docs/witness.md, docs/formats/bundle.md.",
    "open311": "GeoReport v2: intake and public status of requests; docs/casework.md.",
    "office": "Requests, issues, responsibility.",
    "show": "Console, desk, wall, door and replay of a session.",
    "device": "Pads of the panel, devices of clerks and witnesses.",
}


@blueprint.get("/openapi.json")
@public
def document() -> Mapping[str, object]:
    """Return the description of every JSON door of this installation."""
    return described(current_app)


def described(app: Flask) -> Mapping[str, object]:
    """Put the doors together with who may pass, which the routes themselves say."""
    paths: dict[str, dict[str, object]] = {}
    held = {
        (method.lower(), address_of(rule.rule)): door_of(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for one in DOORS:
        told = one.operation() | _who(held.get((one.method, one.path)))
        paths.setdefault(one.path, {})[one.method] = told
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "evalsys",
            "description": (
                "Every door of the application that speaks JSON. Who may pass stands in "
                "`security` and `x-roles`. Errors have one shape; GeoReport's doors have "
                "GeoReport's. Who is signed in and sends something adds the header X-CSRFToken "
                "with the token of any page."
            ),
            "version": version("evalsys"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": says} for name, says in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "account": _cookie(app, "Of whoever signed in at /login."),
                "seat": _cookie(app, "Of a device that took a seat or a place by its card."),
                "screen": {
                    "type": "apiKey",
                    "in": "query",
                    "name": "key",
                    "description": "The key of a signed screen link, with its name in `screen`.",
                },
                "program": {
                    "type": "apiKey",
                    "in": "query",
                    "name": "api_key",
                    "description": "A key of EVALSYS_OPEN311_KEYS, sent as a field of the form.",
                },
            },
        },
    }


def address_of(rule: str) -> str:
    """Write the address of a route as OpenAPI does: `/live/{live}/view.json`."""
    return _CONVERTED.sub(r"{\1}", rule)


def _who(door: Door | None) -> dict[str, object]:
    if door is None:
        return {}
    schemes = _SCHEMES[door.entrance]
    told: dict[str, object] = {"security": [{scheme: []} for scheme in schemes] or [{}]}
    if door.roles:
        told["x-roles"] = sorted(door.roles)
    return told


def _cookie(app: Flask, says: str) -> dict[str, str]:
    name = str(app.config["LOGIN_COOKIE"])
    return {"type": "apiKey", "in": "cookie", "name": name, "description": says}
