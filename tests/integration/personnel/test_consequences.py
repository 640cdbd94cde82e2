"""What follows for units and cadres: talks with sealed records, lists that everybody sees."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from evalsys.domain.listings import ListingKind, propose_listing
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import InvestigationOutcome, SessionFinding
from evalsys.domain.talks import order_admonition
from evalsys.errors import InvalidInput, NotFound, RuleViolation, StaleState
from evalsys.ids import CadreNumber
from evalsys.services.listings import Listings
from evalsys.services.personnel import Personnel
from evalsys.services.talks import Talks
from evalsys.store import assessment, audit
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import LISTINGS, TALKS
from evalsys.store.database import Database
from tests.accounts import of_one_person
from tests.builders import NOON, a_finding, a_report, a_year_of
from tests.racing import refuse_the_second
from tests.small_county import ON_PROBATION, PRINCIPAL, TEACHER, add_to_water_bureau, report

THIRD = CadreNumber("00000006")


@pytest.fixture
def talks(database: Database, personnel: Personnel) -> Talks:
    """The room of talks, over a water bureau with three failures."""
    with database.write() as db:
        add_to_water_bureau(db, THIRD)
        failed = [a_year_of(one, household_score_tenths=100) for one in (PRINCIPAL, THIRD)]
        assessment.save_inputs(db, failed, on=date(2026, 1, 1))
    return Talks(database, personnel, PaperSafe(bytes(32)))


def test_three_failures_lead_to_a_talk_with_the_principal(
    talks: Talks, personnel: Personnel, database: Database
) -> None:
    evaluation = personnel.evaluate(by="zuzhi")
    (owed,) = talks.owed(evaluation)
    assert owed.principal is not None
    assert (owed.standing.person_times, owed.principal.number) == (3, PRINCIPAL)
    with pytest.raises(RuleViolation):
        talks.order_admonition(evaluation, TEACHER, by="zuzhi")
    case = talks.order_admonition(evaluation, PRINCIPAL, by="zuzhi")
    assert talks.owed(evaluation)[0].talk is not None
    talks.serve(case, document="诫字 1 号", served_on=talks.today(), by="zuzhi")
    said = {"held_by": "部长", "held_on": talks.today(), "by": "zuzhi"}
    with pytest.raises(InvalidInput, match="谈话记录"):
        talks.hold(case, record=" ", **said)  # type: ignore[arg-type]  # fields by name
    talks.hold(case, record="谈了三点", **said)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(InvalidInput, match="目的"):
        talks.record_of(case, purpose="", by="jijian")
    assert talks.record_of(case, purpose="归档", by="jijian")[1] == "谈了三点"
    above = talks.order_above(case, TEACHER, by="zuzhi")
    with pytest.raises(NotFound, match="还没有谈话记录"):
        talks.record_of(above, purpose="看", by="jijian")
    with pytest.raises(NotFound, match="没有编号"):
        talks.order_petition_talk(
            CadreNumber("99999999"), "访 1", knew=False, accompanied=False, by="zuzhi"
        )
    talks.order_petition_talk(TEACHER, "访 1", knew=False, accompanied=False, by="zuzhi")
    assert [one.ordered.kind.value for one, _ in talks.every()] == [
        "初访约谈",
        "约谈上级",
        "诫勉谈话",
    ]
    assert len(talks.of_cadre(TEACHER)) == 2
    with database.read() as db:
        lines = list(audit.entries(db, subject=f"cadre:{PRINCIPAL}"))
    assert "谈了三点" not in "".join(line.detail for line in lines)
    assert {"talk.order", "talk.step", "talk.record_read"} <= {line.action for line in lines}


def test_who_acts_on_an_old_page_is_told(
    talks: Talks, personnel: Personnel, database: Database
) -> None:
    case = talks.order_admonition(personnel.evaluate(by="zuzhi"), PRINCIPAL, by="zuzhi")
    with database.read() as db:
        talk = TALKS.one(db, case)
    talks.withdraw(case, reason="登记有误", by="zuzhi")
    assert talk.withdrawn is None
    late = talk.ordered
    with pytest.raises(StaleState), database.write() as db:
        TALKS.note(db, case, late, after=talk.seq, cadre=PRINCIPAL, by="zuzhi", at=NOON)


def test_of_two_who_open_the_same_at_once_one_is_told(
    talks: Talks, personnel: Personnel, database: Database, found: list[SessionFinding]
) -> None:
    found.append(a_finding(SessionVerdict.FAKED_SUSPECTED, TEACHER))
    report(database, a_report(InvestigationOutcome.FAKED, cadre=TEACHER))
    evaluation = personnel.evaluate(by="zuzhi")
    one = next(each for each in evaluation.assessed if each.cadre.number == TEACHER)
    wanted = {"kind": ListingKind.EXPOSURE, "finding": "虚报走访", "basis": "报告 12 号"}

    def ordered(db: Session) -> None:
        TALKS.hold(db)
        talk = order_admonition(
            evaluation, PRINCIPAL, TALKS.every(db), day=talks.today(), holidays=()
        )
        TALKS.note(db, "a" * 32, talk, after=0, cadre=PRINCIPAL, by="zuzhi", at=NOON)

    def proposed(db: Session) -> None:
        LISTINGS.hold(db)
        entry = propose_listing(evaluation, one, LISTINGS.every(db, TEACHER), **wanted)  # type: ignore[arg-type]  # by name
        LISTINGS.note(db, "b" * 32, entry, after=0, cadre=TEACHER, by="jijian", at=NOON)

    def order() -> object:
        return talks.order_admonition(evaluation, PRINCIPAL, by="jijian")

    def propose() -> object:
        return Listings(database, personnel).propose(evaluation, TEACHER, by="jijian", **wanted)  # type: ignore[arg-type]  # by name

    refuse_the_second(database, ordered, order, "这次诫勉谈话已经登记")
    refuse_the_second(database, proposed, propose, "已在.*名单中")
    assert len(talks.every()) == 1


def test_an_exposure_is_public_when_a_second_person_approved(
    personnel: Personnel, database: Database, found: list[SessionFinding]
) -> None:
    lists = Listings(database, personnel)
    finding, basis = "虚报走访三次", "调查报告 12 号"
    asked = {"kind": ListingKind.EXPOSURE, "finding": finding, "basis": basis, "by": "jijian"}
    evaluation = personnel.evaluate(by="zuzhi")
    with pytest.raises(RuleViolation, match="没有查实"):
        lists.propose(evaluation, ON_PROBATION, **asked)  # type: ignore[arg-type]  # by name
    found.append(a_finding(SessionVerdict.FAKED_SUSPECTED, ON_PROBATION))
    report(database, a_report(InvestigationOutcome.FAKED, cadre=ON_PROBATION))
    evaluation = personnel.evaluate(by="zuzhi")
    with pytest.raises(NotFound):
        lists.propose(evaluation, CadreNumber("99999999"), **asked)  # type: ignore[arg-type]  # by name
    case = lists.propose(evaluation, ON_PROBATION, **asked)  # type: ignore[arg-type]  # by name
    assert lists.public() == ()
    ruling = {"approved": True, "reason": "", "publish_on": lists.today()}
    with pytest.raises(RuleViolation):
        lists.rule(case, by="jijian", **ruling)  # type: ignore[arg-type]  # by name
    of_one_person(database, "jijian", "jijian-2")
    with pytest.raises(RuleViolation, match="登记为同一人"):
        lists.rule(case, by="jijian-2", **ruling)  # type: ignore[arg-type]  # by name
    lists.rule(case, by="zuzhi", **ruling)  # type: ignore[arg-type]  # by name
    (shown,) = lists.public()
    assert (shown.proposed.name, shown.proposed.finding) == ("李红", finding)
    lists.remove(case, reason="更正", by="zuzhi")
    assert lists.public() == ()
