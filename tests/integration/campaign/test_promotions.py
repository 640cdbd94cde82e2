"""A promotion from proposal to probation, its appraisal held by the phone part (Y62-Y65)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from evalsys.domain.access import Role
from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.promotion import PromotionStage
from evalsys.domain.promotion_events import ObjectorKind, PromotionKind
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber
from evalsys.services.personnel import Personnel, Seen
from evalsys.services.promotions import Promotions, Proposal
from evalsys.services.session_findings import session_findings
from evalsys.store import assessment, audit
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import PROCEDURES
from evalsys.store.rulebooks import shipped_rulebook
from evalsys.store.schema.casebook import CasePaper
from evalsys.web.rooms import install_rooms
from tests import procedures
from tests.builders import NOON, an_appraisal
from tests.campaigning import Field
from tests.held_campaign import answer_all, end
from tests.racing import refuse_the_second
from tests.roster_rows import number_of
from tests.visitor import Visitor

FIRST, SECOND = CadreNumber(number_of(0)), CadreNumber(number_of(1))
SECRET = "他去年没有来过我家"  # noqa: S105 - an objection's words


@pytest.fixture
def personnel(field: Field) -> Personnel:
    zone = field.settings.zone
    found = Personnel(
        field.database,
        field.watch,
        zone,
        shipped_rulebook(),
        session_findings(field.database, zone),
    )
    with field.database.write() as db:
        rows = [AssessmentInput(cadre, 2026, 850, 30, 24, 800, 900) for cadre in (FIRST, SECOND)]
        assessment.save_inputs(db, rows, on=date(2026, 1, 1))
    return found


@pytest.fixture
def room(field: Field, personnel: Personnel) -> Promotions:
    plans, outcomes = field.room.plans, field.room.outcomes
    made = Promotions(field.database, personnel, plans, outcomes, PaperSafe(bytes(32)))
    rooms = replace(field.rooms, campaign=field.room, personnel=personnel, promotions=made)
    install_rooms(field.app, rooms)
    return made


def opened(room: Promotions, *cadres: CadreNumber) -> tuple[str, ...]:
    proposals = [Proposal(cadre, "县水利局副局长") for cadre in cadres]
    return room.open(proposals, kind=PromotionKind.PROMOTION, document="动议 7 号", by="dongyi")


def stage(room: Promotions, case: str) -> PromotionStage:
    return room.one(case, purpose="核对", by="zuzhi")[0].stage(room.today())


def promoted(personnel: Personnel, cadre: CadreNumber) -> None:
    seen = personnel.evaluate(by="zuzhi")
    before = Seen(seen.run, seen.as_of, seen.year)
    personnel.decide(cadre, Choice.PROMOTE, reason="经研究", by="zuzhi", seen=before)


def _two_at_once(field: Field, room: Promotions) -> None:
    def proposed(db: Session) -> None:
        PROCEDURES.hold(db)
        event = procedures.opened(SECOND)
        PROCEDURES.note(db, "c" * 32, event, after=0, cadre=SECOND, by="dongyi", at=NOON)

    refuse_the_second(
        field.database, proposed, lambda: opened(room, FIRST, SECOND), "已有程序在进行"
    )
    room.close("c" * 32, reason="同时提出", by="zuzhi")


def test_from_proposal_to_probation_through_the_households(
    field: Field, room: Promotions, personnel: Personnel
) -> None:
    _two_at_once(field, room)
    case, other = opened(room, FIRST, SECOND)
    with pytest.raises(WrongPhase, match="还没有公示"):
        room.call_appraisals([case, other], by="zuzhi")
    for each in (case, other):
        room.start_publicity(each, where="公告栏", by="zuzhi")
    room.receive_objection(case, objector=ObjectorKind.HOUSEHOLD, words=SECRET, by="jijian")
    field.campaign = room.call_appraisals([case, other], by="zuzhi")
    assert field.status.members == 12
    answer_all(field, {FIRST: ["5"] * 5, SECOND: ["1", "2", "1", "2", "1"]})
    with pytest.raises(WrongPhase, match="还没有开启"):
        room.count_appraisal(case, by="zuzhi")
    end(field)
    for each in (case, other):
        room.count_appraisal(each, by="zuzhi")
    assert stage(room, other) is PromotionStage.SUSPENDED
    room.close(other, reason="群众不满意", by="zuzhi")
    with pytest.raises(RuleViolation, match="程序中止"):
        opened(room, SECOND)  # households are not asked until they agree
    with pytest.raises(RuleViolation, match="电话评议已有结果"):
        personnel.record_appraisal(an_appraisal(20, cadre=SECOND))
    state = room.one(case, purpose="核对", by="zuzhi")[0]
    assert state.counted is not None
    heard = (state.counted.linked, state.counted.called, state.counted.answered)
    assert (heard, state.is_uniform) == ((6, 6, 5), True)
    with pytest.raises(RuleViolation, match="第 1 件异议"):
        promoted(personnel, FIRST)
    with pytest.raises(InvalidInput, match="目的"):
        room.words_of(case, 1, purpose=" ", by="jijian")
    assert room.words_of(case, 1, purpose="核实", by="jijian") == SECRET
    room.handle_objection(case, 1, upheld=False, reply="查无此事", by="jijian")
    with pytest.raises(RuleViolation, match="才期满"):
        promoted(personnel, FIRST)
    field.watch.at = datetime(2026, 12, 9, 2, 0, tzinfo=UTC)
    promoted(personnel, FIRST)
    given = {"appointed_on": room.today(), "document": "任字 1 号", "by": "zuzhi"}
    poor, good = (AssessmentInput(FIRST, 2026, mark, 30, 24, mark, mark) for mark in (100, 850))
    for entered in (poor, good):  # unqualified between the decision and the appointment (Y59)
        with field.database.write() as db:
            assessment.save_inputs(db, [entered], on=room.today())
        if entered is poor:
            with pytest.raises(RuleViolation, match="沂水-1"):
                room.appoint(case, **given)  # type: ignore[arg-type]  # fields by name
    room.appoint(case, **given)  # type: ignore[arg-type]  # fields by name
    assert stage(room, case) is PromotionStage.PROBATION
    assert personnel.person(FIRST, by="zuzhi").one.cadre.on_probation
    with field.database.read() as db:
        lines = list(audit.entries(db, subject=f"cadre:{FIRST}"))
        sealed = db.scalars(select(CasePaper.sealed)).one()
    assert {"promotion.open", "promotion.step", "promotion.objection_read"} <= {
        line.action for line in lines
    }
    assert SECRET.encode() not in sealed
    assert not any(SECRET in line.detail for line in lines)


def test_a_batch_is_opened_whole_or_not_at_all(room: Promotions) -> None:
    with pytest.raises(NotFound):
        opened(room, FIRST, CadreNumber("99999999"))
    with pytest.raises(InvalidInput):
        opened(room, FIRST, FIRST)
    assert room.every() == ()


def test_an_appraisal_that_nobody_answered_may_be_held_again(
    field: Field, room: Promotions
) -> None:
    (case,) = opened(room, FIRST)
    room.start_publicity(case, where="公告栏", by="zuzhi")
    field.campaign = room.call_appraisals([case], by="zuzhi")
    field.room.plans.stop(field.campaign, actor="op")
    room.count_appraisal(case, by="zuzhi")
    state = room.one(case, purpose="核对", by="zuzhi")[0]
    assert state.counted is not None
    assert state.counted.outcome is None
    room.call_appraisals([case], by="zuzhi")


@pytest.mark.on_sqlite
def test_the_pages_lead_through_and_the_list_is_exported_as_it_is_shown(
    field: Field, room: Promotions
) -> None:
    office = Visitor(field.app).sign_in_as(Role.PERSONNEL)
    path = "/personnel/promotions/"
    lines = f"{FIRST} 县水利局副局长\n{SECOND} 县教育局副局长"
    form = {"kind": "提拔任职", "document": "动议 7 号"}
    assert office.post(path, candidates="只有编号", **form).status_code == 400
    assert office.post(path, candidates=lines, **form).status_code == 303
    cases = {one.cadre: one.id for one, _ in room.every()}
    page = f"{path}{cases[FIRST]}"
    assert "还没有公示" in office.get(page).text
    assert office.post(f"{page}/publicity", where="公告栏").status_code == 303
    assert office.post(f"{page}/objections", objector="联系户", words=SECRET).status_code == 303
    assert SECRET not in office.get(page).text
    shown = office.post(f"{page}/objections/1/words", purpose="核实")
    assert SECRET in shown.text
    assert office.post(f"{path}appraise", case=cases[FIRST]).status_code == 303
    assert office.post(f"{page}/result").status_code == 409
    assert "联系户评议正在进行" in office.get(page).text
    listed = office.get(path, stage="评议中").text
    assert cases[FIRST] in listed
    assert cases[SECOND] not in listed
    taken = office.get(f"{path}export.csv", stage="评议中").get_data(as_text=True)
    assert [line.split(",")[0] for line in taken.splitlines()[1:]] == [FIRST]
    assert office.get(f"{path}export.xlsx").status_code == 200
    assert office.post(f"{page}/closing", reason="另行安排").status_code == 303
    for role in set(Role) - {Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR}:
        assert Visitor(field.app).sign_in_as(role).get(path).status_code == 403
    assert Visitor(field.app).sign_in_as(Role.DISCIPLINE).post(path, **form).status_code == 403
