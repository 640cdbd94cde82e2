"""A hand-over on both databases: households change hands once, and nobody is without a cadre."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from evalsys.domain.access import Role
from evalsys.domain.link_handover import HandOverState, LeavingReason
from evalsys.domain.roster_sheets import Kind
from evalsys.errors import InvalidInput, NotFound, RuleViolation, StaleState
from evalsys.ids import CadreNumber
from evalsys.services.link_handover import LinkHandOvers
from evalsys.store.audit import entries
from evalsys.store.database import Database
from evalsys.store.schema.roster import HouseholdLink
from evalsys.store.second_person import Waiting
from evalsys.store.second_person import waiting as unruled
from tests.accounts import of_one_person
from tests.builders import NOON
from tests.roster_papers import CHINA, bring_in_papers, papers
from tests.visitor import Visitor

LEAVER, TAKER = CadreNumber("00000002"), CadreNumber("00000003")
DAY = date(2026, 5, 1)


@pytest.fixture
def room(database: Database, tmp_path: Path) -> LinkHandOvers:
    tables = papers()
    tables[Kind.CADRES][0] += ["离任日期", "离任原因"]
    tables[Kind.CADRES][2] += ["2026-05-01", "退休"]
    assert bring_in_papers(database, tmp_path, tables).committed
    return LinkHandOvers(database, lambda: NOON, CHINA)


def held(database: Database) -> dict[str, list[str]]:
    with database.read() as db:
        rows = db.execute(
            select(HouseholdLink.cadre, HouseholdLink.household)
            .where(HouseholdLink.until.is_(None))
            .order_by(HouseholdLink.household)
        )
        found: dict[str, list[str]] = {}
        for cadre, household in rows:
            found.setdefault(cadre, []).append(household)
        return found


def test_the_households_of_whoever_retired_go_to_another_cadre_once_that_is_accepted(
    room: LinkHandOvers, database: Database
) -> None:
    (leaver,) = room.desk().leavers
    assert (leaver.number, leaver.name, leaver.households) == (LEAVER, "李红", 2)
    before = held(database)
    assert not room.propose(LEAVER, TAKER, LeavingReason.RETIRED, DAY, "邻村", by="zu-zhi-1")
    assert held(database) == before

    (waiting,) = room.desk().handovers
    of_one_person(database, "zu-zhi-1", "zu-zhi-1b")
    with pytest.raises(RuleViolation, match="登记为同一人"):
        room.rule(waiting.id, HandOverState.ACCEPTED, "", by="zu-zhi-1b")
    room.rule(waiting.id, HandOverState.ACCEPTED, "", by="zu-zhi-2")
    assert held(database) == {
        "00000001": before["00000001"],
        "00000003": ["37130004", "37130005", "37130006", "37130007"],
    }
    with database.read() as db:
        ended = db.execute(
            select(HouseholdLink.until, HouseholdLink.reason).where(HouseholdLink.cadre == LEAVER)
        ).all()
    assert set(ended) == {(DAY, "交接：退休")}
    desk = room.desk()
    assert desk.leavers == ()
    assert [(one.state, one.ruled_by) for one in desk.handovers] == [
        (HandOverState.ACCEPTED, "zu-zhi-2")
    ]
    with pytest.raises(StaleState, match="zu-zhi-2"):
        room.rule(waiting.id, HandOverState.DECLINED, "晚了", by="zu-zhi-3")
    with database.read() as db:
        deeds = [one.action for one in entries(db) if one.action.startswith("links.")]
    assert sorted(deeds) == ["links.handover.accepted", "links.handover.propose"]


def test_a_hand_over_that_nobody_accepts_leaves_everybody_linked(
    room: LinkHandOvers, database: Database
) -> None:
    before = held(database)
    room.propose(LEAVER, TAKER, LeavingReason.RETIRED, DAY, "", by="zu-zhi-1")
    (waiting,) = room.desk().handovers
    with database.read() as db:
        assert unruled(db) == (Waiting("联系户交接", 1, NOON),)
    room.rule(waiting.id, HandOverState.DECLINED, "路太远", by="zu-zhi-2")
    assert held(database) == before
    with database.read() as db:
        assert unruled(db) == ()
    room.propose(LEAVER, CadreNumber("00000001"), LeavingReason.RETIRED, DAY, "", by="zu-zhi-1")
    assert [one.state for one in room.desk().handovers] == [
        HandOverState.PROPOSED,
        HandOverState.DECLINED,
    ]


def test_links_that_changed_meanwhile_move_nobody(room: LinkHandOvers, database: Database) -> None:
    room.propose(LEAVER, TAKER, LeavingReason.RETIRED, DAY, "", by="zu-zhi-1")
    with database.write() as db:
        one = db.scalars(select(HouseholdLink).where(HouseholdLink.cadre == LEAVER)).first()
        assert one is not None
        one.until = DAY
    before = held(database)
    with pytest.raises(StaleState, match="提出时名下 2 户，现在是 1 户"):
        room.rule(room.desk().handovers[0].id, HandOverState.ACCEPTED, "", by="zu-zhi-2")
    assert held(database) == before
    assert room.desk().handovers[0].state is HandOverState.PROPOSED


def test_unknown_numbers_are_named_with_their_field(room: LinkHandOvers) -> None:
    with pytest.raises(InvalidInput, match="00000009") as refused:
        room.propose(LEAVER, CadreNumber("00000009"), LeavingReason.DIED, DAY, "", by="zu-zhi-1")
    assert refused.value.place == "接收干部"
    with pytest.raises(NotFound, match="没有这次交接"):
        room.rule(9, HandOverState.ACCEPTED, "", by="zu-zhi-1")


@pytest.mark.usefixtures("room")
@pytest.mark.on_sqlite
def test_the_desk_is_for_the_department_and_read_by_the_auditor(visitor: Visitor) -> None:
    office = visitor.sign_in_as(Role.PERSONNEL)
    page = office.get("/roster/handovers/").text
    assert "李红" in page
    form = {"giver": LEAVER, "taker": TAKER, "reason": "退休", "since": "2026-05-01"}
    told = office.post("/roster/handovers/", **{**form, "since": "2026-13-01"})
    assert told.status_code == 400
    assert "交接日期" in told.text
    assert office.post("/roster/handovers/", **form).status_code == 303
    assert "待确认" in office.get("/roster/handovers/").text
    own = office.post("/roster/handovers/1/ruling", ruling="accepted")
    assert own.status_code == 403
    assert "不能自己确认" in own.text
    auditor = Visitor(visitor.app).sign_in_as(Role.AUDITOR)
    assert "提出交接" not in auditor.get("/roster/handovers/").text
    assert auditor.post("/roster/handovers/", **form).status_code == 403
