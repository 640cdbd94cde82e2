"""The panel's list: who may sit, who sits where, and who takes an empty seat (Y47)."""

import pytest
from sqlalchemy import update

from evalsys.app import build_panel
from evalsys.domain.panel import SeatCategory
from evalsys.domain.panel_roster import PanelMember
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import LiveId
from evalsys.services.panel import Panel
from evalsys.services.score import Scores
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.roster import Cadre, Unit
from tests.builders import NOON, TALLY_KEY, some_settings
from tests.roster_rows import fill_roster
from tests.tallying import READERS

pytestmark = pytest.mark.on_sqlite
LIVE = LiveId("1" * 32)
HEADER = "姓名\t类别\t单位\t职务\t担任领导职务\n"
ACTOR = "dao-bo"


@pytest.fixture
def scores(database: Database) -> Scores:
    return Scores(database, BoxKey(TALLY_KEY).slot, READERS, lambda: NOON)


@pytest.fixture
def panel(database: Database, scores: Scores) -> Panel:
    return Panel(database, scores, lambda: NOON)


def row(
    name: str, category: str = "人大代表", unit: str = "龙家圈街道", leading: str = "否"
) -> str:
    return f"{name}\t{category}\t{unit}\t\t{leading}\n"


def read(panel: Panel, *rows: str) -> tuple[PanelMember, ...]:
    report = panel.read_pasted(LIVE, HEADER + "".join(rows), actor=ACTOR)
    assert report.is_kept, report.problems
    return report.members


def seating(members: tuple[PanelMember, ...]) -> list[tuple[str, int | None]]:
    return [(one.entry.name, one.seat) for one in members]


def test_the_first_of_each_category_sit_and_the_others_are_reserves(
    panel: Panel, scores: Scores
) -> None:
    counts = {SeatCategory.PEOPLES_DEPUTY: 2, SeatCategory.RETIRED_CADRE: 1}
    scores.create_seats(LIVE, counts, actor=ACTOR)
    rows = (row("张一"), row("王二", "老干部"), row("李三"), row("赵四"))
    assert seating(read(panel, *rows)) == [("张一", 1), ("王二", 3), ("李三", 2), ("赵四", None)]


def test_seats_that_come_later_are_taken_by_reserves(panel: Panel, scores: Scores) -> None:
    assert seating(read(panel, row("张一"))) == [("张一", None)]
    scores.create_seats(LIVE, {SeatCategory.PEOPLES_DEPUTY: 1}, actor=ACTOR)
    assert seating(panel.seat_all(LIVE, actor=ACTOR)) == [("张一", 1)]
    assert seating(panel.seat_all(LIVE, actor=ACTOR)) == [("张一", 1)]


def test_who_declares_a_leading_post_is_refused_with_the_place_and_nothing_is_kept(
    panel: Panel,
) -> None:
    read(panel, row("旧名单"))
    pasted = HEADER + row("张一") + row("王局长", leading="是") + row("张一")
    report = panel.read_pasted(LIVE, pasted, actor=ACTOR)
    assert [(one.row, one.column) for one in report.problems] == [(3, "担任领导职务"), (4, "姓名")]
    assert "不能进入评议团" in report.problems[0].what
    assert "第2行" in report.problems[1].what
    assert seating(report.members) == [("旧名单", None)]


def test_a_leading_cadre_of_the_roster_is_known_whatever_was_declared(
    panel: Panel, database: Database
) -> None:
    with database.write() as db:
        fill_roster(db, PhoneBox(bytes(range(64)), bytes(range(32))), [1])
        db.execute(update(Unit).values(name="沂水县水利局"))
        db.execute(update(Cadre).values(name="王建国", rank="副科级"))
    pasted = HEADER + row("王建国", unit="沂水县水利局")
    report = panel.read_pasted(LIVE, pasted, actor=ACTOR)
    assert not report.is_kept
    assert "副科级" in report.problems[0].what
    assert read(panel, row("王建国", unit="龙家圈街道"))
    assert read(panel, row("王建国", "媒体", unit="沂水县水利局"))


@pytest.mark.parametrize(
    ("pasted", "what"),
    [
        (HEADER + row("张一", "人大"), "取值"),
        (HEADER + row("张一", leading="也许"), "是"),
        (HEADER + row(""), "必填项为空"),
        (HEADER, "没有找到"),
        ("名字\t类别\n张一\t媒体\n", ""),
        ("\x07", ""),
    ],
)
def test_a_list_that_cannot_be_read_says_where(panel: Panel, pasted: str, what: str) -> None:
    report = panel.read_pasted(LIVE, pasted, actor=ACTOR)
    assert not report.is_kept
    assert what in report.problems[0].what


def test_a_quote_that_is_not_closed_is_refused(panel: Panel) -> None:
    with pytest.raises(InvalidInput, match="引号没有成对"):
        panel.read_pasted(LIVE, HEADER + '"张一\t媒体\n', actor=ACTOR)


def test_a_reserve_takes_the_seat_of_an_absent_member_with_a_new_card(
    panel: Panel, scores: Scores
) -> None:
    (old,) = scores.create_seats(LIVE, {SeatCategory.PEOPLES_DEPUTY: 1}, actor=ACTOR)
    read(panel, row("张一"), row("李三"), row("赵四"))
    seat = panel.call_reserve(LIVE, 1, actor=ACTOR)
    assert (seat.issue, seat.code != old.code) == (2, True)
    assert seating(panel.members(LIVE)) == [("张一", None), ("李三", 1), ("赵四", None)]
    panel.call_reserve(LIVE, 1, actor=ACTOR)
    with pytest.raises(RuleViolation, match="没有候补"):
        panel.call_reserve(LIVE, 1, actor=ACTOR)
    assert seating(panel.members(LIVE)) == [("张一", None), ("李三", None), ("赵四", 1)]


def test_there_is_one_chair_at_most(scores: Scores) -> None:
    with pytest.raises(InvalidInput, match="最多一席"):
        scores.create_seats(LIVE, {SeatCategory.CHAIR: 2}, actor=ACTOR)
    (seat,) = scores.create_seats(LIVE, {SeatCategory.CHAIR: 1}, actor=ACTOR)
    assert scores.join(seat.code, "tablet", holds_leading_post=True).is_taken


def test_the_command_line_builds_the_same_room(database: Database, tmp_path: object) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    settings = some_settings(url, tmp_path)  # type: ignore[arg-type]  # pytest's path
    assert isinstance(build_panel(settings, database), Panel)
