"""A board on both databases counts what the loop recorded; its export equals it."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete

from evalsys.domain.access import Role
from evalsys.domain.casework.board import Cadence, Division, Sort
from evalsys.domain.casework.words import (
    Channel,
    CloseReason,
    Confirmation,
    Party,
    PartyKind,
    RequestKind,
)
from evalsys.errors import NotFound
from evalsys.services.casework_board import Board, CaseworkBoards
from evalsys.services.casework_board_export import export_board
from evalsys.store.casework_people import scopes, set_scopes
from evalsys.store.database import Database
from evalsys.store.schema.roster import GridHead, Visit
from tests.casework_county import LIN, LINKED, MONDAY, VILLAGE, VILLAGE_HEAD, ZONE, County
from tests.small_county import PRINCIPAL
from tests.visitor import Visitor

WORK_AREA = "371323001001"


def settled(database: Database) -> County:
    """Three requests: one solved and contradicted, one escalated, one left lying."""
    county = County(database)
    hands = county.room.handling
    solved, lifted, _ = (county.register(f"第{n}件：路坏了") for n in range(3))
    with database.write() as db:
        visit = date(2026, 11, 1)
        db.add(Visit(cadre=PRINCIPAL, household=LINKED, visited_on=visit, note=""))
    county.later(hours=3)
    hands.verify(solved, LIN, genuine=True, finding="现场看过，确实坏了")
    hands.reply(solved, LIN, "已请施工队铺好", Channel.VISIT, (True, True))
    hands.close(solved, LIN, CloseReason.SOLVED, "路已修好")
    hands.confirm(solved, Confirmation.NO, "page")
    hands.verify(lifted, LIN, genuine=True, finding="现场看过，确实坏了")
    hands.escalate(lifted, LIN, "村里没有资金")
    county.later(days=40)
    return county


def board_of(
    county: County,
    grid: str = "",
    by: Division = Division.GRID,
    cadence: Cadence = Cadence.ALL,
    on: date | None = None,
) -> Board:
    return CaseworkBoards(county.database, lambda: county.at, ZONE).board(grid, by, cadence, on)


def test_the_board_says_how_requests_stand_at_every_level(database: Database) -> None:
    county = settled(database)
    whole = board_of(county).total
    assert (whole.raised, whole.open, whole.overdue) == (3, 2, 2)
    assert (whole.closed, whole.solved, whole.solved_lowest, whole.answered) == (1, 1, 1, 1)
    assert (whole.confirmed, whole.contradicted, whole.unverified) == (0, 1, 0)
    assert whole.visits == 1
    village = board_of(county, VILLAGE)
    assert village.total == whole
    assert [each.code for each in village.above]
    (by_cadre,) = [
        each for each in board_of(county, VILLAGE, Division.CADRE).lines if each.counts.raised
    ]
    assert (by_cadre.code, by_cadre.counts.raised, by_cadre.counts.visits) == (PRINCIPAL, 3, 1)
    assert sum(each.counts.raised for each in board_of(county, "", Division.UNIT).lines) == 3


def test_only_what_was_raised_in_the_period_is_counted(database: Database) -> None:
    county = settled(database)
    day = MONDAY.astimezone(ZONE).date()
    assert board_of(county, cadence=Cadence.DAY, on=day).total.raised == 3
    assert board_of(county, cadence=Cadence.DAY, on=day - timedelta(days=1)).total.raised == 0
    assert board_of(county, cadence=Cadence.MONTH, on=day).total.visits == 1
    assert board_of(county, cadence=Cadence.MONTH, on=date(2026, 10, 1)).total.visits == 0
    with pytest.raises(NotFound, match="没有网格 999"):
        board_of(county, "999")


def test_the_export_equals_the_board(database: Database) -> None:
    county = settled(database)
    board = board_of(county, VILLAGE, Division.CADRE)
    out = io.BytesIO()
    assert export_board(board, out, form="csv", zone=ZONE) == len(board.lines)
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert rows[0]["名称"] == "合计"
    assert (rows[0]["收到"], rows[0]["解决率"], rows[0]["群众认可率"]) == ("3", "33.3", "0.0")
    assert {row["编码"]: row["收到"] for row in rows[1:]}[PRINCIPAL] == "3"


def test_a_board_of_disputes_says_at_which_level_they_were_solved(database: Database) -> None:
    """小矛盾不出村，大矛盾不出镇 (J09)."""
    county = County(database)
    hands = county.room.handling
    dispute = county.register("邻居的屋檐水淌进院里", kind=RequestKind.DISPUTE)
    county.register("村口的路坏了")
    county.later(hours=3)
    hands.verify(dispute, LIN, genuine=True, finding="两家都说过了")
    hands.reply(dispute, LIN, "已改水槽", Channel.VISIT, (True, True))
    hands.close(dispute, LIN, CloseReason.SOLVED, "两家签字")
    boards = CaseworkBoards(county.database, lambda: county.at, ZONE)
    board = boards.board(sort=Sort.DISPUTE)
    assert (board.total.raised, board.total.solved) == (1, 1)
    assert [count for _level, count in board.settled] == [
        0,
        1,
        0,
        0,
        0,
    ]  # his own grid is the village
    assert board_of(county).settled == ()
    assert boards.board(sort=Sort.PETITION).total.raised == 0
    out = io.BytesIO()
    export_board(board, out, form="xlsx", zone=ZONE)
    said = [row[0].value for row in load_workbook(out).worksheets[0].iter_rows(max_row=6)]
    assert "只计矛盾纠纷" in said
    assert any(
        str(line).endswith("村级网格 1，工作片中网格 0，乡镇大网格 0，县总网格 0") for line in said
    )


@pytest.mark.on_sqlite
def test_the_page_shows_the_same_figures_to_those_who_may_see_them(
    visitor: Visitor, database: Database
) -> None:
    settled(database)
    assert visitor.get("/casework/board/").status_code == 302
    reader = Visitor(visitor.app).sign_in_as(Role.DISCIPLINE)
    page = reader.get(f"/casework/board/{VILLAGE}", by="cadre")
    assert page.status_code == 200
    assert PRINCIPAL in page.text
    assert VILLAGE_HEAD.name not in page.text
    drawn = reader.ask(f"/casework/board/{VILLAGE}/lines.json?by=cadre").get_json()
    assert [1, 0, 0, 2] in [each["counts"] for each in drawn["lines"]]
    taken = reader.get(f"/casework/board/{VILLAGE}/board.csv", by="cadre")
    assert taken.data.startswith(b"\xef\xbb\xbf")
    disputes = reader.get(f"/casework/board/{VILLAGE}", kind="dispute").text
    assert "在哪一级解决" in disputes
    assert reader.get(f"/casework/board/{VILLAGE}", kind="x").status_code == 404
    assert reader.get(f"/casework/board/{VILLAGE}", by="x").status_code == 404
    assert reader.get(f"/casework/board/{VILLAGE}", on="2026-13-01").status_code == 400


@pytest.mark.on_sqlite
def test_a_head_sees_the_boards_of_his_own_grid_and_below_it_only(
    visitor: Visitor, database: Database
) -> None:
    settled(database)
    head = visitor.sign_in_as(Role.CADRE)
    nothing = head.get(
        "/casework/board/"
    )  # heads nothing yet: told so, as the navigation leads here
    assert (nothing.status_code, "看板只给网格负责人" in nothing.text) == (200, True)
    with database.write() as db:
        set_scopes(db, Role.CADRE.value, [Party(PartyKind.GRID, WORK_AREA)])
    page = head.get("/casework/board/")
    assert page.status_code == 200
    assert "第一工作片" in page.text
    assert "沂水县" not in page.text
    assert head.get(f"/casework/board/{VILLAGE}").status_code == 200
    assert f"/casework/board/{WORK_AREA}" in head.get(f"/casework/board/{VILLAGE}").text
    refused = head.get("/casework/board/371323001")
    assert refused.status_code == 403
    assert "网格负责人" in refused.text
    assert head.get("/casework/board/371323001/board.csv").status_code == 403
    assert head.ask("/casework/board/371323001/lines.json").status_code == 403

    ends = date(2026, 11, 30)
    with database.write() as db:
        set_scopes(db, Role.CADRE.value, [Party(PartyKind.CADRE, PRINCIPAL)])
        db.execute(delete(GridHead))
        db.add(GridHead(grid=WORK_AREA, cadre=PRINCIPAL, since=date(2026, 11, 2), until=ends))
    with database.read() as db:
        days = (date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 29), ends)
        own = [Party(PartyKind.GRID, WORK_AREA) in scopes(db, Role.CADRE.value, d) for d in days]
    assert own == [False, True, True, False]  # until the day of the end, also when it is known
