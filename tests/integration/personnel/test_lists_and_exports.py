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
NO_VALUES = {"待核", "没有规则反对", "人数过少或没有成绩", "不排名", "作答"}
"""What a page says in the place of an empty cell, or beside a number."""


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


def _rows_of(page: str) -> list[list[str]]:
    """Read each list of a page, row by row as text."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    tables = [
        [_text(row) for row in re.split(r"<tr[ >]", body)[1:] if "colspan" not in row]
        for body in bodies
    ]
    return [rows for rows in tables if rows]


def _text(row: str) -> str:
    """Take away what can be filled in or opened beside the list, then every tag."""
    told = re.sub(r"<(form|details)[ >].*?</\1>", " ", f"<tr {row}", flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", told))


def _lacks(shown: list[str], taken: list[list[str]]) -> list[str]:
    """Name the numbers, days and words of a list that the rows of a file do not have."""
    found = []
    for row, cells in zip(shown, taken, strict=True):
        held = " ".join(cells)
        words = re.findall(r"[0-9]+(?:[.:-][0-9]+)*|[\u4e00-\u9fff]{2,}", row)
        found += [word for word in words if word not in held and word not in NO_VALUES]
    return found


def test_every_list_on_a_page_has_an_export_with_its_rows_and_values(office: Visitor) -> None:
    lists, looked = 0, 0
    for path in _pages(office.app):
        answer = office.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        looked += 1
        shown = _rows_of(answer.text)
        if path == "/personnel/rules":  # one file has numbers, then rules
            shown = [shown[1] + shown[0], *shown[2:]]
        files = []
        for href in re.findall(r'href="([^"]+\.csv[^"]*)"', answer.text):
            address, _, query = unescape(href).partition("?")
            file = office.get(address, **dict(parse_qsl(query)))
            assert file.status_code == 200, href
            _, *taken = csv.reader(io.StringIO(file.get_data().decode("utf-8-sig")))
            files.append(taken)
        without = []
        for rows in shown:
            lacks = [_lacks(rows, taken) for taken in files if len(taken) == len(rows)]
            if [] not in lacks:
                without.append((rows, lacks))
        assert len(without) <= NO_LISTS.get(path, 0), (path, without)
        lists += len(shown)
    assert (looked > 15, lists > 10) == (True, True), (looked, lists)
