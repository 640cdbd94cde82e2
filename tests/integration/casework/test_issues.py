"""Common issues from the texts to the promise: heaps, labels that are learned from, merges."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evalsys.domain.issues import Statement, Target
from evalsys.errors import InvalidInput, NotFound, RuleViolation, StaleState
from evalsys.exports.table import show_cell
from evalsys.services.issue_export import IssueList, export_issues
from evalsys.services.issue_room import IssueRoom, issue_room
from evalsys.services.personnel_export import ListFormat
from evalsys.store.database import Database
from tests import complaining
from tests.builders import NOON, some_settings
from tests.complaining import Learner

ZONE = some_settings("sqlite://", Path()).zone
PLEDGE = Statement(
    "村庄道路硬化",
    "什么时候修到我们村？",
    "U001",
    ("U002",),
    "县财政统筹",
    "分两年硬化",
    Target("硬化道路", "800", "公里"),
    date(2028, 5, 19),
)


@pytest.fixture
def room(database: Database) -> IssueRoom:
    return issue_room(database, Learner(), lambda: NOON, ZONE)


def test_from_heaps_over_labels_to_proposals(
    database: Database, room: IssueRoom, tmp_path: Path
) -> None:
    work = room.work
    with pytest.raises(RuleViolation, match="还没有诉求"):
        work.cluster(by="x")
    truth = complaining.settle(database, 240)
    with pytest.raises(RuleViolation, match="还没有任何标注") as nothing:
        work.learn(by="x")
    assert "evalsys issues cluster" in nothing.value.remedy
    done = work.cluster(by="x")
    assert (done.texts, done.left_texts) == (240, 240)
    heaps, count = work.work_list(skip=0, most=5)
    assert count == done.left
    assert all(heap.samples for heap in heaps)
    urgencies = [one.urgency.rank for one in work.work_list(skip=0, most=600)[0]]
    assert urgencies == sorted(urgencies)

    names = {0: "低保申请", 30: "村庄道路", 38: "农田灌溉", 60: "招工就业"}
    numbers = {issue: room.list.open(name, "", by="x") for issue, name in names.items()}
    with pytest.raises(RuleViolation, match="已有名为“低保申请”"):
        room.list.open("低保申请", "", by="x")
    known = range(120)
    for issue, number in numbers.items():
        work.give([f"R{at:04}" for at in known if truth[at] == issue], number, by="x")
    taught = work.learn(by="x")
    assert (taught.labels, taught.issues, taught.proposed) == (120, 4, 120)
    assert taught.accuracy is not None
    assert taught.accuracy > 0.9
    assert taught.sure > 60
    assert work.learn(by="x") == taught

    overview = room.list.overview()
    assert (overview.requests, overview.assigned) == (240, 120 + taught.sure)
    assert sum(one.figures.proposed for one in overview.issues) == taught.sure
    left, _ = work.work_list(skip=0, most=600)
    assert sum(heap.size for heap in left) == 120 - taught.sure
    assert all(heap.likely in numbers.values() for heap in left)

    with (tmp_path / "issues.csv").open("wb") as out:
        assert export_issues(room.list, IssueList.ISSUES, ListFormat.CSV, out) == 4
    lines = (tmp_path / "issues.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == [one.said.name for one in overview.issues]


def test_a_heap_is_named_split_moved_from_and_merged(database: Database, room: IssueRoom) -> None:
    complaining.settle(database, 60, issues=(30, 38))
    room.work.cluster(by="x")
    (first, *_), _ = room.work.work_list(skip=0, most=600)
    heap = room.work.heap(first.number, by="x")
    roads = room.work.give_heap(first.number, "村庄道路", by="lin")
    assert room.list.view(roads).issue.figures.requests == len(heap)
    with pytest.raises(StaleState, match="归完了"):
        room.work.give_heap(first.number, roads, by="lin")
    moved = [heap[0].request]
    wells = room.work.give(moved, "机井", by="lin")
    assert [one.request for one in room.list.members(wells, 1, by="lin")] == moved

    rest, _ = room.work.work_list(skip=0, most=600)
    large = max(rest, key=lambda one: one.size)
    some = [one.request for one in room.work.heap(large.number, by="x")]
    parts = room.work.split(large.number, 2, by="x")
    assert parts == min(2, len(some))
    assert room.work.work_list(skip=0, most=600)[1] == len(rest) - 1 + parts
    with pytest.raises(InvalidInput, match="不在这一小类"):
        room.work.give_heap(room.work.work_list(skip=0, most=1)[0][0].number, wells, moved, by="x")

    room.list.merge(wells, roads, by="lin")
    assert room.list.view(roads).issue.figures.requests == len(heap)
    with pytest.raises(NotFound, match=f"并入第 {roads} 号"):
        room.list.view(wells)
    with pytest.raises(RuleViolation, match="自身"):
        room.list.merge(roads, roads, by="x")
    with pytest.raises(RuleViolation, match="同一个"):
        room.work.learn(by="x")
    for table in ("issue_labels", "issue_merges", "issue_statements"):
        with pytest.raises(DBAPIError), database.write() as db:
            db.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of our own tables


def test_a_pledge_is_said_followed_and_goes_to_the_assembly(
    database: Database, room: IssueRoom, tmp_path: Path
) -> None:
    complaining.settle(database, 20, issues=(30, 38))
    room.work.cluster(by="x")
    (heap, *_), _ = room.work.work_list(skip=0, most=1)
    issue = room.work.give_heap(heap.number, "道路", by="x")
    with pytest.raises(RuleViolation, match="没有公开承诺"):
        room.list.follow(issue, NOON.date(), "1", "开工", by="x")
    with pytest.raises(InvalidInput, match="U999"):
        room.list.say(issue, replace(PLEDGE, lead="U999"), by="x")
    room.list.say(issue, PLEDGE, by="x")
    room.list.follow(issue, date(2026, 11, 30), "200", "验收单 12 号", by="x")
    with pytest.raises(InvalidInput, match="还没有到"):
        room.list.follow(issue, date(2026, 12, 2), "300", "验收单 13 号", by="x")
    view = room.list.view(issue)
    assert view.issue.share == 0.25
    assert view.places[0][0] == "龙家圈街道"
    assert sum(count for _, count in view.months) == heap.size
    with pytest.raises(RuleViolation, match="已有公开承诺"):
        room.list.merge(issue, room.list.open("别的", "", by="x"), by="x")
    with (tmp_path / "agenda.csv").open("wb") as out:
        assert export_issues(room.list, IssueList.AGENDA, ListFormat.CSV, out) == 1
    head, line = (tmp_path / "agenda.csv").read_text("utf-8-sig").splitlines()
    assert head == "议题,群众提问,答复单位,答复人,职务,诉求件数,涉及村居"
    assert line.startswith("村庄道路硬化,什么时候修到我们村？,县水利局,")
    assert line.endswith(f",{heap.size},{show_cell(view.issue.figures.places)}")
