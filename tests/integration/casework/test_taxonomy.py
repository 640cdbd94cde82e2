"""The taxonomy on its way in and out: all or nothing, by day, as a page and as a file again."""

import io
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.domain.taxonomy import Catalogue, Urgency
from evalsys.errors import InvalidInput
from evalsys.services.taxonomy import Intake, Taxonomies
from evalsys.store.database import Database
from tests.builders import NOON, some_settings
from tests.visitor import Visitor

ZONE = some_settings("sqlite://", Path()).zone


def _rooms(database: Database) -> Taxonomies:
    return Taxonomies(database, lambda: NOON, ZONE)


def _intake(since: str, **more: object) -> Intake:
    return Intake(Catalogue.CLASSES, "县版", date.fromisoformat(since), "x", **more)  # type: ignore[arg-type]  # tests name fields


def test_the_examples_have_the_numbers_of_the_county(database: Database) -> None:
    room = _rooms(database)
    found = room.take_shipped(_intake("2026-01-01"))
    assert (found.errors, found.counts) == (0, (5, 34, 125, 468, 693))
    elements = Intake(Catalogue.ELEMENTS, "", date(2026, 1, 1), "x")
    assert room.take_shipped(elements).counts == (3, 6 + 4 + 9, 22)
    assert room.in_force(Catalogue.CLASSES, date(2025, 12, 31)) is None
    standing = room.in_force(Catalogue.CLASSES, date(2026, 1, 1))
    assert standing is not None
    tree = standing.taxonomy
    assert [one.name for one in tree.below()] == [
        "综治安全",
        "城市管理",
        "党建群团",
        "经济管理",
        "社会事务",
    ]
    names = [one.name for one in tree.entries]
    assert len(set(names)) == len(names)
    (banned,) = tree.search("商业保险推销事项")
    assert "不是网格的职责" in tree.why_not_on_a_grid(banned.code)
    assert tree.urgency(tree.search("电梯困人")[0].code) is Urgency.SOON
    again = room.take_shipped(_intake("2026-02-01"))
    assert (again.is_known, again.version) == (True, None)


def test_a_table_is_taken_whole_or_not_at_all_and_never_changes_the_past(
    database: Database, tmp_path: Path
) -> None:
    room = _rooms(database)
    path = tmp_path / "分类.csv"
    head = "分类编码,分类名称,上级编码,网格准入,不准入理由,紧急程度\n"
    path.write_text(head + "1,安全,,是,,\n11,消防,1,,,特急\n12,交通,9,,,\n", "utf-8")
    bad = room.take(path, path.name, _intake("2026-01-01"))
    places = [(one.row, one.column, one.value) for one in bad.problems]
    assert places == [(3, "紧急程度", "特急"), (4, "上级编码", "9")]
    assert room.versions(Catalogue.CLASSES) == ()
    path.write_text(head + "1,安全,,是,,\n11,消防,1,,,紧急\n", "utf-8")
    dry = room.take(path, path.name, _intake("2026-01-01", dry_run=True))
    assert (dry.version, dry.counts[:2]) == (None, (1, 1))
    assert room.take(path, path.name, _intake("2026-01-01")).version
    path.write_text(head + "1,平安,,是,,\n", "utf-8")
    with pytest.raises(InvalidInput, match="2026-01-01"):
        room.take(path, path.name, _intake("2026-01-01"))
    assert room.take(path, path.name, _intake("2026-06-01")).version
    before = room.in_force(Catalogue.CLASSES, date(2026, 5, 31))
    after = room.in_force(Catalogue.CLASSES, date(2026, 6, 1))
    assert before is not None
    assert after is not None
    assert "11" in before.taxonomy
    assert "11" not in after.taxonomy


@pytest.mark.on_sqlite
def test_the_page_shows_searches_and_gives_it_back(app: Flask) -> None:
    visitor = Visitor(app).sign_in_as(Role.PERSONNEL)
    url = "/casework/taxonomy/"
    assert "还没有版本" in visitor.get(url).text
    assert visitor.post(url, since="2026-01-01", shipped="1").status_code == 303
    page = visitor.get(url).text
    assert "693" in page
    assert "综治安全" in page
    found = visitor.get(url, q="低保 清退").text
    assert "社会事务 / 社会救助 / 低保 / 低保复核清退" in found
    taken = visitor.get("/casework/taxonomy/1.csv")
    same = {"since": "2026-03-01", "name": "同", "csrf_token": visitor.csrf()}
    for form in ("csv", "xlsx"):
        content = visitor.get(f"/casework/taxonomy/1.{form}").data
        sent = {**same, "file": (io.BytesIO(content), f"again.{form}")}
        assert visitor.client.post(url, data=sent).status_code == 303
        assert "完全相同" in visitor.get(url).text
    broken = taken.data.replace("一般".encode(), "不急".encode())
    sent = {**same, "file": (io.BytesIO(broken), "bad.csv")}
    refused = visitor.client.post(url, data=sent)
    assert refused.status_code == 422
    assert "bad.csv 第2行 “紧急程度”列" in refused.text
    assert visitor.get("/casework/taxonomy/9").status_code == 404
    reader = Visitor(app).sign_in_as(Role.RECORDER)
    assert reader.get(url).status_code == 200
    assert reader.post(url, since="2027-01-01", shipped="1").status_code == 403
