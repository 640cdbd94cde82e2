"""Every list on a page of the room has an export, and the export has the rows of the list."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl

import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.domain.live.words import Verdict
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests import small_county
from tests.builders import NOON, a_finding
from tests.small_county import TEACHER
from tests.visitor import Visitor

pytestmark = pytest.mark.on_sqlite

NO_LISTS = {
    "/personnel/rules": 1,
    "/personnel/cycles/2026": 1,
    "/personnel/cycles/2026/records/": 1,
}
"""Tables that are sums of the page itself: the last runs, what each component was given."""
MORE_ROWS = {"coverage.csv": 1, "rules.csv": None}
"""Exports with rows of more than one list: the county on top of its units; rules and numbers."""


@pytest.fixture
def office(app: Flask, database: Database) -> Visitor:
    small_county.settle(database)
    with app.app_context():
        rooms().personnel.now = lambda: NOON
        found = [a_finding(Verdict.ACCOUNTS_DIFFER, TEACHER, title="第一场")]
        rooms().personnel._findings = lambda _known=None: found
    office = Visitor(app).sign_in_as(Role.PERSONNEL)
    petition = {"cadre": str(TEACHER), "petition": "访 1", "knew": "no", "accompanied": "no"}
    assert office.post("/personnel/talks/petition", **petition).status_code == 303
    assert office.post("/personnel/cycles/", code="2026").status_code == 303
    return office


def _pages(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        is_read = "GET" in (rule.methods or ()) and "<" not in rule.rule
        if is_read and rule.rule.startswith("/personnel/"):
            yield rule.rule
    yield from ("/personnel/cycles/2026", "/personnel/cycles/2026/records/", "/rules/", "/listed/")


def _rows_of(page: str) -> list[int]:
    bodies = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    return [sum("colspan" not in row for row in re.split(r"<tr[ >]", body)[1:]) for body in bodies]


def test_every_list_on_a_page_has_an_export_with_its_rows(office: Visitor) -> None:
    lists, looked = 0, 0
    for path in _pages(office.app):
        answer = office.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        looked += 1
        shown = [rows for rows in _rows_of(answer.text) if rows]
        counts = []
        for href in re.findall(r'href="([^"]+\.csv[^"]*)"', answer.text):
            address, _, query = unescape(href).partition("?")
            file = office.get(address, **dict(parse_qsl(query)))
            assert file.status_code == 200, href
            rows = len(list(csv.reader(io.StringIO(file.get_data().decode("utf-8-sig"))))) - 1
            extra = next((n for name, n in MORE_ROWS.items() if name in href), 0)
            counts.append(sum(shown[:2]) if extra is None else rows - extra)
            if extra is None:
                assert rows == sum(shown[:2]), href
        without = [rows for rows in shown if rows not in counts and path != "/personnel/rules"]
        assert len(without) <= NO_LISTS.get(path, 0), (path, shown, counts)
        lists += len(shown)
    assert (looked > 15, lists > 10) == (True, True), (looked, lists)
