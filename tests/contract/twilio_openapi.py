"""Twilio's own description of its API, reduced to what the exchange serves, as a judge.

`tests/data/twilio_openapi.json` was made from Twilio's published file `twilio_api_v2010.json`:

    .venv/bin/python -m tests.contract.twilio_openapi twilio_api_v2010.json

It keeps the served paths and the schemas they lead to, without examples and prose.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from twilio.http.http_client import TwilioHttpClient

REDUCED = Path(__file__).parents[1] / "data" / "twilio_openapi.json"
_ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
SERVED: Mapping[str, tuple[str, ...]] = {
    f"{_ACCOUNT}/Calls.json": ("get", "post"),
    f"{_ACCOUNT}/Calls/{{Sid}}.json": ("get", "post", "delete"),
    f"{_ACCOUNT}/Calls/{{CallSid}}/Recordings.json": ("get",),
    f"{_ACCOUNT}/Calls/{{CallSid}}/Recordings/{{Sid}}.json": ("get", "delete"),
    f"{_ACCOUNT}/Recordings.json": ("get",),
    f"{_ACCOUNT}/Recordings/{{Sid}}.json": ("get", "delete"),
    f"{_ACCOUNT}/Recordings/{{RecordingSid}}/Transcriptions.json": ("get",),
    f"{_ACCOUNT}/Transcriptions/{{Sid}}.json": ("get",),
    f"{_ACCOUNT}/Conferences.json": ("get",),
    f"{_ACCOUNT}/Conferences/{{Sid}}.json": ("get", "post"),
    f"{_ACCOUNT}/Conferences/{{ConferenceSid}}/Recordings.json": ("get",),
    f"{_ACCOUNT}/Conferences/{{ConferenceSid}}/Participants.json": ("get", "post"),
    f"{_ACCOUNT}/Conferences/{{ConferenceSid}}/Participants/{{CallSid}}.json": (
        "get",
        "post",
        "delete",
    ),
    f"{_ACCOUNT}/Messages.json": ("get", "post"),
    f"{_ACCOUNT}/Messages/{{Sid}}.json": ("get", "delete"),
}
_PROSE = frozenset({"description", "examples", "example", "x-twilio", "tags", "servers", "title"})


def reduced(full: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of what is served, and of nothing else."""
    paths = {}
    for path, methods in SERVED.items():
        kept = {"parameters": full["paths"][path].get("parameters", [])}
        kept |= {method: full["paths"][path][method] for method in methods}
        paths[path] = _plain(kept)
    schemas: dict[str, Any] = {}
    wanted = set(_references(paths))
    while wanted:
        name = wanted.pop()
        schemas[name] = _plain(full["components"]["schemas"][name])
        wanted |= set(_references(schemas[name])) - schemas.keys()
    return {
        "openapi": full["openapi"],
        "info": {
            "title": full["info"]["title"],
            "version": full["info"]["version"],
            "license": full["info"]["license"],
            "x-about": "Reduced by tests/contract/twilio_openapi.py from Twilio's OpenAPI file,"
            " which Twilio publishes under the MIT licence in twilio/twilio-oai.",
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": full["components"]["securitySchemes"],
        },
    }


def _plain(value: Any, *, is_named: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return JSON without prose; what stands under `properties` is a name, whatever it says."""
    if isinstance(value, dict):
        return {
            key: _plain(each, is_named=key in {"properties", "schemas"})
            for key, each in value.items()
            if is_named or key not in _PROSE
        }
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _references(value: object) -> Iterator[str]:
    for found in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(value)):
        yield str(found)


def description(base_url: str) -> dict[str, Any]:
    """Return the description for the exchange at `base_url`.

    Three patches let it accept Twilio's own client and Twilio's own prose: repeated fields of a
    form are arrays, links between pages are addresses without a host, and a conference in
    progress has no reason why it ended. Answers get back an empty description, which the format
    wants and the reduction took.
    """
    spec: dict[str, Any] = json.loads(REDUCED.read_text("utf-8"))
    spec = json.loads(json.dumps(spec).replace('"format": "uri"', '"format": "uri-reference"'))
    spec["servers"] = [{"url": base_url}]
    reason = spec["components"]["schemas"]["conference_enum_reason_conference_ended"]
    reason |= {"nullable": True, "enum": [*reason["enum"], None]}
    for operations in spec["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                _patch(operation)
    return spec


def _patch(operation: dict[str, Any]) -> None:
    for answer in operation["responses"].values():
        answer.setdefault("description", "")
    for form in operation.get("requestBody", {}).get("content", {}).values():
        fields = form["schema"].get("properties", {})
        arrays = [name for name, field in fields.items() if field.get("type") == "array"]
        form["encoding"] = {name: {"style": "form", "explode": True} for name in arrays}


class Judge:
    """Judges every request of the official client, and every answer to it."""

    def __init__(self, base_url: str) -> None:
        self._judge = OpenAPI.from_dict(description(base_url))
        self.client = TwilioHttpClient(timeout=10, request_hooks={"response": self._answered})
        self.seen: set[tuple[str, str]] = set()
        """Method and path template of everything that was judged."""
        self.problems: list[str] = []

    def _answered(self, answer: requests.Response, **_: object) -> None:
        asked = RequestsOpenAPIRequest(answer.request)
        errors = [*self._judge.iter_request_errors(asked)]
        if answer.ok:
            told = RequestsOpenAPIResponse(answer)
            errors += self._judge.iter_response_errors(asked, told)
            self.seen.add((asked.method, _template(asked.path)))
        self.problems += [f"{asked.method} {asked.path}: {_words(error)}" for error in errors]


def _template(path: str) -> str:
    """Return the template that a path fills."""
    for template in SERVED:
        if re.fullmatch(re.sub(r"\\{[A-Za-z]+\\}", "[^/]+", re.escape(template)), path):
            return template
    return path


def _words(error: BaseException) -> str:
    causes = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    details = getattr(error, "schema_errors", getattr(causes[-1], "schema_errors", ()))
    return " / ".join([*(str(each) for each in causes), *(str(each.message) for each in details)])


def main() -> None:
    """Renew the reduced file."""
    full = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    text = json.dumps(reduced(full), ensure_ascii=False, indent=1, sort_keys=False)
    REDUCED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
