"""The description of the JSON doors is sound, whole, and true of what they answer."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.validation.response.exceptions import InvalidData
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import EnvironBuilder, TestResponse

from evalsys.domain.access import Role
from evalsys.store.database import Database
from evalsys.web.api import address_of
from tests.calling import Hall, fill_county
from tests.visitor import Visitor

pytestmark = pytest.mark.on_sqlite

_READS_JSON = re.compile(r"\bsent_fields\(|\b_json\(")


@pytest.fixture
def hall(database: Database, tmp_path: Path) -> Iterator[Hall]:
    """Give an application whose session is at its first calls."""
    built = Hall(database, tmp_path)
    fill_county(database, built.settings)
    built.open_calls()
    yield built
    built.close()


def _document(app: Flask) -> dict[str, Any]:
    told = Visitor(app).ask("/api/openapi.json").get_json()
    assert isinstance(told, dict)
    return told


def _speaking_json(app: Flask) -> set[str]:
    """Name the doors that answer or take JSON, by their addresses and by what they read."""
    found = set()
    for rule in app.url_map.iter_rules():
        ends = rule.rule.endswith((".json", ".jsonl")) or rule.rule.startswith("/open311/")
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        reads = inspect.isfunction(view) and _READS_JSON.search(inspect.getsource(view))
        if ends or reads:
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found |= {f"{method} {address_of(rule.rule)}" for method in methods}
    return found - {"GET /api/openapi.json"}


def test_it_is_sound_and_names_every_door_with_who_may_pass(app: Flask) -> None:
    told = _document(app)
    OpenAPIV31SpecValidator(told).validate()
    described = {
        f"{method.upper()} {path}": operation
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    }
    files = {"GET /watch/{live}/{name}", "GET /live/{live}/bundle/{name}"}
    assert described.keys() - files == _speaking_json(app) - files
    assert files <= described.keys()
    assert all("security" in operation for operation in described.values())
    assert described["POST /console/plan"]["x-roles"] == [Role.OPERATOR]
    assert described["GET /live/{live}/heads.json"]["security"] == [{}]


def test_what_the_doors_answer_is_what_it_says(hall: Hall) -> None:
    told = _document(hall.app)
    judge, live = OpenAPI.from_dict(told), hall.live
    operator, office = (Visitor(hall.app).sign_in_as(r) for r in (Role.OPERATOR, Role.OFFICE))
    auditor, engineer = (Visitor(hall.app).sign_in_as(r) for r in (Role.AUDITOR, Role.ENGINEER))
    judged = [
        _judged(judge, who.ask(address))
        for who, addresses in (
            (
                Visitor(hall.app),
                (
                    f"/live/{live}/view.json",
                    f"/live/{live}/characters.json",
                    f"/live/{live}/heads.json",
                    f"/live/{live}/proof.json?leaf=0&size=1",
                    f"/live/{live}/proof.json?first=1&second=1",
                    f"/live/{live}/transcript.jsonl",
                    f"/live/{live}/bundle/manifest.json",
                    f"/live/{live}/bundle/SHA256SUMS",
                    f"/draw/{live}/roster.jsonl",
                    f"/draw/{live}/line.json?cadre=00000001",
                    "/open311/v2/services.json",
                    "/open311/v2/requests.json",
                    "/open311/v2/requests.xml",
                ),
            ),
            (
                operator,
                (
                    f"/console/{live}/view.json",
                    f"/console/{live}/house.json",
                    f"/desk/{live}/ready.json",
                    f"/door/{live}/list.json",
                ),
            ),
            (office, ("/casework/board/C/lines.json",)),
            (
                auditor,
                (
                    "/roster/map/C/scales.json",
                    f"/replay/{live}/moments.json",
                    f"/replay/{live}/picture.json?seq=1",
                    f"/replay/{live}/record.json",
                ),
            ),
            (engineer, (f"/wall/{live}/links.json",)),
        )
        for address in addresses
    ]
    assert set(judged) == {200}
    refused = [
        _judged(judge, Visitor(hall.app).ask(address))
        for address in (
            f"/console/{live}/view.json",
            f"/live/{live}/proof.json?first=x",
            "/live/0/view.json",
            "/open311/v2/requests/none.json",
        )
    ]
    assert refused == [401, 400, 404, 404]
    sent = _judged(judge, operator.send(f"/console/{live}/do", {"do": "nothing"}))
    assert sent == 400
    linked = engineer.send(f"/wall/{live}/link", {"kind": "stage", "name": "hall"})
    assert _judged(judge, linked) == 200

    schemas = told["components"]["schemas"]
    wrong = {**schemas, "Heads": {**schemas["Heads"], "required": ["nothing"]}}
    stricter = OpenAPI.from_dict(told | {"components": {**told["components"], "schemas": wrong}})
    with pytest.raises(InvalidData, match="nothing"):
        _judged(stricter, Visitor(hall.app).ask(f"/live/{live}/heads.json"))


def _judged(judge: OpenAPI, answer: TestResponse) -> int:
    """Let the description judge an answer; give its status."""
    # What was sent is read already: only its address and its method matter here.
    made = EnvironBuilder(answer.request.full_path, method=answer.request.method)
    asked = WerkzeugOpenAPIRequest(made.get_request())
    judge.validate_response(asked, WerkzeugOpenAPIResponse(answer))
    return answer.status_code
