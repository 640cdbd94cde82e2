"""An old roster comes in again on both databases: what was decided here stays, and the report says.

What must stay: protection that was granted (G14), changes of the grid (L01), hand-overs and
renewals (Y22, L11), appointed heads (Y09), the beginning of a link that something hangs on, and
what a household asked for by its own word.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from evalsys.domain.campaign.policy import Stop
from evalsys.domain.grid_change import ChangeKind, GridChange, Part
from evalsys.domain.grid_head import HeadAct, HeadDeed
from evalsys.domain.household_page import Outcome, WishKind, read_correction
from evalsys.domain.link_handover import HandOverState, LeavingReason
from evalsys.domain.protection import Protection, weakens
from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_sheets import Kind
from evalsys.domain.ruling import Ruling
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, HouseholdCode
from evalsys.services.grid_change import GridChanges
from evalsys.services.grid_head import GridHeads
from evalsys.services.link_handover import LinkHandOvers
from evalsys.services.roster_import import ImportReport
from evalsys.store.campaigns import Wish, keep_wish
from evalsys.store.database import Database
from evalsys.store.form_box import FormBox
from evalsys.store.household_correction import correct
from evalsys.store.household_page import add_wish, answer_wish, registered
from evalsys.store.protection import never_called, protection_of
from evalsys.store.schema.base import Base
from evalsys.store.schema.link_stage import LinkStageRow
from evalsys.store.schema.link_term import LinkRenewal, LinkTermAct
from evalsys.store.schema.roster import Cadre, Grid, GridHead, Household, HouseholdLink, Phone
from tests.roster_papers import (
    BOX,
    CHINA,
    Tables,
    bring_in,
    bring_in_papers,
    papers,
    write_csv,
    write_xlsx,
)

NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)
ON = date(2026, 11, 2)
ONE, TWO, THREE = (CadreNumber(f"0000000{n}") for n in (1, 2, 3))
EAST = Part("V3", "东村", ONE, ("G2",))
FORMS = FormBox(bytes(range(64)))
HOME = HouseholdCode("37130001")


def with_protection(*measures: str) -> Tables:
    """The small county; the first households with these measures in the file."""
    tables = papers()
    rows = tables[Kind.HOUSEHOLDS]
    rows[0].append("保护措施")
    for n, row in enumerate(rows[1:]):
        row.append(measures[n] if n < len(measures) else None)
    return tables


def grant(database: Database, household: str, measure: Protection) -> None:
    with database.write() as db:
        wish = add_wish(db, FORMS, household, WishKind.PROTECT, "", NOW, measure=measure)
        answer_wish(db, wish, Outcome.GRANTED, "已登记", "office", NOW)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as db:
        return {
            table.name: sorted((tuple(row) for row in db.execute(select(table))), key=repr)
            for table in (
                Base.metadata.tables[one.__tablename__]
                for one in (Grid, Cadre, GridHead, Household, HouseholdLink, Phone)
            )
        }


def told(report: ImportReport) -> set[tuple[str, str, str]]:
    return {
        (one.sheet, one.column, one.value) for one in report.problems if "保持系统内" in one.remedy
    }


def again(database: Database, folder: Path, tables: Tables | None = None) -> ImportReport:
    """Bring an old file in: the dry run says the same, and nothing that is kept moves."""
    files = write_csv(folder, tables or papers())
    before = everything(database)
    tried = bring_in(database, files, dry_run=True)
    done = bring_in(database, files)
    assert done.committed, done.problems
    assert everything(database) == before
    assert tried.problems == done.problems
    assert tried.left_alone == done.left_alone
    return done


def test_a_granted_protection_is_never_lifted_or_weakened_by_a_file(
    database: Database, tmp_path: Path
) -> None:
    assert bring_in_papers(database, tmp_path, with_protection("", "不上直播")).committed
    grant(database, HOME, Protection.NOT_LIVE)
    grant(database, "37130002", Protection.NONE)
    with database.write() as db:
        keep_wish(db, Wish(HOME, do_not_call=True, wish="", dialect="", noted_by="a"), NOW)
    report = again(database, tmp_path, with_protection("不上直播", "不上直播"))
    assert told(report) == {("", "保护措施", HOME), ("", "保护措施", "37130002")}
    assert report.left_alone == 2
    again(database, tmp_path)  # a file without the column, which says nothing about it
    again(database, tmp_path, with_protection())  # one with empty cells
    bring_in_papers(database, tmp_path, with_protection("不打电话"))
    with database.read() as db:
        assert protection_of(db, HOME) is Protection.NO_CALLS
        assert never_called(db, [HOME])[HOME] in {Stop.DO_NOT_CALL, Stop.PROTECTED}


def test_what_was_put_right_at_a_household_s_wish_stays_until_a_file_says_the_same(
    database: Database, tmp_path: Path
) -> None:
    assert bring_in_papers(database, tmp_path, papers()).committed
    right = read_correction("张三丰", "4", "15400000021、15400000022")
    with database.write() as db:
        wish = add_wish(db, FORMS, HOME, WishKind.CORRECT, "写错了", NOW)
        answer_wish(db, wish, Outcome.GRANTED, "已更正", "office", NOW)
        correct(db, BOX, HOME, right, wish, NOW)
    titles = ("户主姓名", "家庭人口", "联系电话")
    assert told(again(database, tmp_path)) == {("", title, HOME) for title in titles}
    with database.read() as db:
        home = registered(db, BOX, HOME)
    assert (home.head, home.members) == ("张三丰", 4)
    assert home.phones == ("+8615400000021", "+8615400000022")

    agreed = papers()
    agreed[Kind.HOUSEHOLDS][1][1:] = ["张三丰", "V1", 4, "15400000021", "15400000022"]
    assert told(again(database, tmp_path, agreed)) == set()
    assert bring_in_papers(database, tmp_path, papers()).left_alone == 0
    with database.read() as db:
        assert registered(db, BOX, HOME).head == "张三"


@pytest.mark.parametrize(
    ("typed", "said"),
    [(("", "", "123"), "电话无法拨打"), (("", "零", ""), "整数"), (("张\x07", "", ""), "控制")],
)
def test_what_cannot_stand_in_a_roster_is_no_correction(
    typed: tuple[str, str, str], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_correction(*typed)
    assert not read_correction(" ", "", "").fields


def test_a_measure_is_weaker_or_it_is_not() -> None:
    assert weakens(Protection.OFF_AIR, Protection.NOT_LIVE)
    assert not weakens(Protection.NO_CALLS, Protection.NO_CALLS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            GridChange(ChangeKind.RENAME, "V1", ON, "文件", name="柴山新村"),
            {("", "网格名称", "V1")},
        ),
        (
            GridChange(
                ChangeKind.SPLIT, "V1", ON, "文件", parts=(Part("V3", "东村", ONE, ("G2",)),)
            ),
            {("", "上级网格编码", "G2")},
        ),
        (
            GridChange(
                ChangeKind.SPLIT, "V2", ON, "文件", parts=(Part("V4", "南村", ONE, ("37130004",)),)
            ),
            {("", "所属网格编码", "V2")},
        ),
        (
            GridChange(ChangeKind.MERGE, "V2", ON, "文件", target="V1"),
            {("", "上级网格编码", "G3"), ("", "所属网格编码", "V2")},
        ),
    ],
    ids=["rename", "split", "split-household", "merge"],
)
def test_a_change_of_the_grid_stays_and_the_old_file_comes_in_beside_it(
    database: Database, tmp_path: Path, change: GridChange, said: set[tuple[str, str, str]]
) -> None:
    assert bring_in_papers(database, tmp_path, papers()).committed
    room = GridChanges(database, lambda: NOW, CHINA)
    number = room.propose(change, by="jia")
    assert room.rule(number, Ruling.ACCEPTED, "", by="yi").state is Ruling.DONE
    assert told(again(database, tmp_path)) == said


def test_what_was_handed_over_renewed_or_claimed_stays_with_its_cadre(
    database: Database, tmp_path: Path
) -> None:
    tables = papers()
    tables[Kind.CADRES][0] += ["离任日期", "离任原因"]
    tables[Kind.CADRES][2] += ["2026-10-01", "退休"]
    assert bring_in_papers(database, tmp_path, tables).committed
    room = LinkHandOvers(database, lambda: NOW, CHINA)
    room.propose(TWO, THREE, LeavingReason.RETIRED, ON, "", by="jia")
    room.rule(room.desk().handovers[0].id, HandOverState.ACCEPTED, "", by="yi")
    report = again(database, tmp_path)  # the file still has 李红 with her two households
    assert told(report) == {("", "干部编号", TWO)}
    assert report.left_alone == 2

    with database.write() as db:
        act = LinkTermAct(
            scope="cadre", code=ONE, title="王建国", due_by=ON, years=3, reason="文件",
            links=1, cadres=1, proposed_by="jia", proposed_at=NOW,
        )  # fmt: skip
        db.add(act)
        db.flush()
        since = date(2012, 3, 1)
        link = {"household": "37130002", "cadre": ONE, "link_since": since}
        db.add(LinkRenewal(**link, begins=date(2024, 3, 1), decided_on=ON, act=act.id))
        stage = {"cadre": ONE, "household": "37130003", "link_since": since, "stage": 1}
        db.add(LinkStageRow(**stage, reached_on=since, by="wang", at=NOW))
    old = papers()
    old[Kind.LINKS][2][1] = THREE  # another cadre, from before the renewal
    old[Kind.LINKS][3][2] = "2012-05-01"  # another beginning of a link with a stage
    old[Kind.LINKS][4] = ["37130004", TWO, "2012-03-01", "2026-09-30", "调出"]
    report = again(database, tmp_path, old)
    assert told(report) == {
        ("", "干部编号", THREE),
        ("", "干部编号", TWO),
        ("", "联系起始", "2012-05-01"),
        ("", "联系截止", "2026-09-30"),
    }
    newer = papers()
    newer[Kind.LINKS][2] = ["37130002", THREE, "2026-11-20", None, "县委决定"]
    assert bring_in_papers(database, tmp_path, newer).committed
    with database.read() as db:
        holders = select(HouseholdLink.cadre).where(
            HouseholdLink.household == "37130002", HouseholdLink.until.is_(None)
        )
        assert db.scalars(holders).all() == [THREE]


def test_heads_that_were_appointed_stay_until_a_file_knows_of_a_later_term(
    database: Database, tmp_path: Path
) -> None:
    tables = papers()
    tables[Kind.CADRES][2][4] = "副科级"
    assert bring_in_papers(database, tmp_path, tables).committed
    room = GridHeads(database, lambda: NOW, CHINA)
    act = HeadAct(HeadDeed.APPOINT, "V1", TWO, ON, "文件", replaces=ONE)
    room.rule(room.propose(act, by="jia"), Ruling.ACCEPTED, "", by="yi")
    assert told(again(database, tmp_path, tables)) == {("", "负责人编号", ONE)}
    tables[Kind.HEADS].append(["V1", ONE, "2026-11-20", None])
    tables[Kind.HEADS][1][3] = "2026-11-02"
    assert bring_in_papers(database, tmp_path, tables).committed
    with database.read() as db:
        terms = db.execute(
            select(GridHead.cadre, GridHead.since, GridHead.until).order_by(GridHead.since)
        ).all()
    assert [tuple(row) for row in terms] == [
        (ONE, date(2022, 3, 1), ON),
        (TWO, ON, date(2026, 11, 20)),
        (ONE, date(2026, 11, 20), None),
    ]


def test_visits_to_come_and_from_before_the_link_are_pointed_out(
    database: Database, tmp_path: Path
) -> None:
    old_visits = papers()
    old_visits[Kind.VISITS] += [
        ["37130006", "00000003", "2016-06-14", "还没有联系"],
        ["37130006", "00000003", "2026-12-02", "还没有到"],
    ]
    report = bring_in_papers(database, tmp_path, old_visits)
    assert report.committed
    found = [(one.row, one.what) for one in report.problems if one.column == "走访日期"]
    assert found == [(6, "走访日期还没有到"), (5, "走访早于这名干部开始联系这一户")]


def test_a_link_and_a_request_from_days_to_come_are_pointed_out(
    database: Database, tmp_path: Path
) -> None:
    early = papers()
    early[Kind.LINKS][6][2] = "2090-01-01"
    early[Kind.REQUESTS][2][3] = "2027-03-01"
    report = bring_in_papers(database, tmp_path, early)
    assert report.committed
    found = {(one.file, one.row, one.column, one.what) for one in report.problems}
    assert ("links.csv", 7, "联系起始", "联系起始还没有到") in found
    assert ("requests.csv", 3, "提出日期", "提出日期还没有到") in found


def test_a_formula_without_a_result_takes_no_number_away(
    database: Database, tmp_path: Path
) -> None:
    sheets = {str(kind): rows for kind, rows in papers().items()}
    path = write_xlsx(tmp_path / "花名册.xlsx", sheets)
    assert bring_in(database, [path]).committed
    sheets["households"][1][4] = "=1/0"  # 联系电话, which may be empty
    write_xlsx(path, sheets, results={"=1/0": "#DIV/0!"})
    report = bring_in(database, [path])
    assert not report.committed
    (one,) = (one for one in report.problems if one.severity is Severity.ERROR)
    assert (one.sheet, one.row, one.column, one.value, one.what) == (
        "households",
        2,
        "联系电话",
        "#DIV/0!",
        "公式出错的结果",
    )
