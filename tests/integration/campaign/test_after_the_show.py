"""What became of a session: an investigation with sealed evidence, a promise that was broken."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from evalsys.domain.access import Role
from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.interview import Topic
from evalsys.domain.investigations import SanctionDecision
from evalsys.domain.live import commands as c
from evalsys.domain.live.state import Round
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.domain.pledge import PledgeStanding
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.errors import InvalidInput, NotFound, RuleViolation, Tampered, WrongPhase
from evalsys.ids import CadreNumber
from evalsys.services.aired import Aired
from evalsys.services.followups import FollowUps
from evalsys.services.investigations import Investigations
from evalsys.services.papers import Uploaded
from evalsys.services.personnel import Personnel
from evalsys.services.pledge_cases import PledgeCases
from evalsys.services.session_findings import session_findings
from evalsys.store import assessment, audit, event_log, live_sessions
from evalsys.store.casebook import PaperSafe
from evalsys.store.rulebooks import shipped_rulebook
from evalsys.store.schema.casebook import CasePaper
from evalsys.web.rooms import install_rooms
from tests.accounts import of_one_person
from tests.campaigning import Field
from tests.held_campaign import answer_all, end
from tests.live_play import SESSION, Play, a_plan, some_cadres
from tests.visitor import Visitor

PHOTO = b"\x89PNG of a visit that never was"


@pytest.fixture
def judged(field: Field) -> Round:
    """A round that found faking, with a promise of three days; the clock stands behind it."""
    play = Play(plan=a_plan(rehearsal=False, gap_s=90), cadres=some_cadres(2, 6)).until_calling()
    play.finish_calls()
    play.judge(SessionVerdict.FAKED_SUSPECTED)
    due = (play.now + timedelta(days=3)).date().isoformat()
    play.tell(c.MakePledge("修好村东排水沟", due, "王建国"))
    with field.database.write() as db:
        events = [record.event for record in play.records]
        event_log.append(db, SESSION, events, after=0, at=play.now, actor="操作员")
        live_sessions.save(db, SESSION, play.state)
        numbers = [one.cadre for one in play.cadres]
        rows = [AssessmentInput(CadreNumber(n), 2026, 850, 30, 24, 800, 900) for n in numbers]
        assessment.save_inputs(db, rows, on=date(2026, 1, 1))
    field.watch.at = play.now
    return play.round


@pytest.fixture
def personnel(field: Field, judged: Round) -> Personnel:
    zone = field.settings.zone
    assert judged.pledges
    findings = session_findings(field.database, zone)
    return Personnel(field.database, field.watch, zone, shipped_rulebook(), findings)


@pytest.fixture
def inquiries(field: Field, personnel: Personnel) -> Investigations:
    safe = PaperSafe(bytes(32))
    return Investigations(field.database, personnel, field.rooms.live, safe)


@pytest.fixture
def pledges(field: Field, personnel: Personnel) -> PledgeCases:
    plans, outcomes, live = field.room.plans, field.room.outcomes, field.rooms.live
    return PledgeCases(field.database, personnel, live, plans, outcomes, PaperSafe(bytes(32)))


def test_from_evidence_over_a_report_to_a_sanction_that_lasts(
    field: Field, inquiries: Investigations, personnel: Personnel, judged: Round
) -> None:
    evaluation = personnel.evaluate(by="jijian")
    row = inquiries.find(evaluation, SESSION, judged.j)
    with pytest.raises(NotFound):
        inquiries.find(evaluation, SESSION, 99)
    given = {"reference": "", "sha256": "", "by": "jijian"}
    with pytest.raises(InvalidInput, match="空的"):
        inquiries.add_evidence(row, title="照片", file=Uploaded("a.png", b""), **given)
    inquiries.add_evidence(row, title="照片", file=Uploaded("a.png", PHOTO), **given)
    row = inquiries.find(evaluation, SESSION, judged.j)
    with pytest.raises(InvalidInput, match="目的"):
        inquiries.evidence(row, 1, purpose=" ", by="jijian")
    assert inquiries.evidence(row, 1, purpose="核对", by="jijian") == ("a.png", PHOTO)
    with field.database.write() as db:
        assert PHOTO not in db.scalars(select(CasePaper.sealed)).one()
        assert "investigation.evidence_read" in {one.action for one in audit.latest(db, 9)}

    today = inquiries.today()
    inquiries.conclude(
        row, InvestigationOutcome.FAKED, concluded_on=today, basis="报告 12 号", by="jijian"
    )
    record = personnel.person(judged.cadre, by="zuzhi").one
    assert record.verdict.conclusion is Conclusion.PENDING
    assert SideResult.PENALISED in record.verdict.side_results

    def sanctioned(by: str) -> None:
        decided = SanctionDecision("党内警告", "处分决定 3 号", today, date(2027, 6, 1))
        inquiries.sanction(row, decided, by=by)

    with pytest.raises(RuleViolation, match="不能登记处理"):
        sanctioned("jijian")
    sanctioned("lingdao")
    shown = inquiries.every(personnel.evaluate(by="zuzhi"))[0]
    assert shown.inquiry.sanctioned is not None
    numbers = personnel.person(judged.cadre, by="zuzhi").one.verdict.rule_numbers
    assert "审慎-4" in numbers
    assert "审慎-1" not in numbers
    field.watch.at = datetime(2027, 6, 3, tzinfo=UTC)
    later = personnel.person(judged.cadre, by="zuzhi", year=2026).one
    assert "审慎-4" not in later.verdict.rule_numbers
    with field.database.write() as db:
        db.execute(update(CasePaper).values(sealed=bytes(64)))
    with pytest.raises(Tampered):
        inquiries.evidence(row, 1, purpose="核对", by="jijian")


def test_a_broken_promise_is_public_and_stands_in_the_year(
    field: Field, pledges: PledgeCases, personnel: Personnel, judged: Round
) -> None:
    (row,) = pledges.every()
    key = (row.live, row.seq)
    assert (row.cadre, row.standing, row.reminder_due) == (
        judged.cadre,
        PledgeStanding.DUE_SOON,
        True,
    )
    pledges.remind(*key, by="jilu")
    with pytest.raises(WrongPhase, match="不需要提醒"):
        pledges.remind(*key, by="jilu")
    pledges.hand_in(*key, text="验收单", file=Uploaded("验收.pdf", PHOTO), by="jilu")
    assert pledges.proof(*key, 1, by="jijian") == ("验收.pdf", PHOTO)
    with pytest.raises(NotFound):
        pledges.proof(*key, 2, by="jijian")
    with pytest.raises(WrongPhase, match="没有正在进行"):
        pledges.count_recheck(*key, by="jijian")
    field.campaign = pledges.call_recheck(*key, by="jijian")
    with pytest.raises(WrongPhase, match="正在进行"):
        pledges.call_recheck(*key, by="jijian")
    answer_all(field, {judged.cadre: ["no", "no", "no", "no", "yes", "unsure"]}, Topic.PLEDGE)
    end(field)
    pledges.count_recheck(*key, by="jijian")
    with pytest.raises(RuleViolation, match="多数群众说没有办到"):
        pledges.rule(*key, kept=True, basis="验收单", by="jijian")
    with pytest.raises(RuleViolation, match="还没有过"):
        pledges.rule(*key, kept=False, basis="回访", by="jijian")
    field.watch.forward(days=5)
    with pytest.raises(RuleViolation, match="提交佐证的人"):
        pledges.rule(*key, kept=False, basis="回访", by="jilu")
    of_one_person(field.database, "jilu", "jilu-2")
    with pytest.raises(RuleViolation, match="登记为同一人"):
        pledges.rule(*key, kept=False, basis="回访", by="jilu-2")
    pledges.rule(*key, kept=False, basis="回访：5 户中 4 户说没有办到", by="jijian")
    assert pledges.standings() == {key: PledgeStanding.BROKEN}
    numbers = personnel.person(judged.cadre, by="zuzhi").one.verdict.rule_numbers
    assert "审慎-3" in numbers
    before = personnel.evaluate(by="zuzhi", as_of=personnel.today() - timedelta(days=1))
    one = next(each for each in before.assessed if each.cadre.number == judged.cadre)
    assert one.record.broken_pledges == 0


@pytest.mark.on_sqlite
def test_the_pages_after_the_show(
    field: Field,
    pledges: PledgeCases,
    inquiries: Investigations,
    personnel: Personnel,
    judged: Round,
) -> None:
    live = field.rooms.live
    aired = Aired(field.database, live, field.watch)
    rooms = replace(
        field.rooms,
        follow_ups=FollowUps(field.database, live, aired, field.watch),
        campaign=field.room,
        personnel=personnel,
        pledge_cases=pledges,
        investigations=inquiries,
    )
    install_rooms(field.app, rooms)
    inspector = Visitor(field.app).sign_in_as(Role.DISCIPLINE)
    path = f"/personnel/investigations/{SESSION}/{judged.j}"
    assert "调查中" in inspector.get("/personnel/investigations/").text
    assert "没有证据" in inspector.get(path).text
    sent = {"csrf_token": inspector.csrf(), "title": "照片", "file": (io.BytesIO(PHOTO), "a.png")}
    assert inspector.client.post(f"{path}/evidence", data=sent).status_code == 303
    assert "a.png" in inspector.get(path).text
    assert inspector.post(f"{path}/evidence/1", purpose="核对").data == PHOTO
    taken = inspector.get("/personnel/investigations/export.csv").get_data(as_text=True)
    assert [line.split(",")[2] for line in taken.splitlines()[1:]] == [judged.cadre]

    (row,) = pledges.every()
    path = f"/followups/pledge-cases/{SESSION}/{row.seq}"
    recorder = Visitor(field.app).sign_in_as(Role.RECORDER)
    assert "应提醒" in recorder.get("/followups/pledge-cases/").text
    assert recorder.post(f"{path}/reminder").status_code == 303
    assert recorder.post(f"{path}/proof", text="验收单").status_code == 303
    assert recorder.post(f"{path}/ruling", kept="yes", basis="看过").status_code == 403
    assert inspector.post(f"{path}/recheck", step="none").status_code == 400
    assert inspector.post(f"{path}/ruling", kept="yes", basis="现场看过").status_code == 303
    assert "现场看过" in recorder.get(path).text
    assert "已兑现" in Visitor(field.app).get("/followups/").text
    taken = recorder.get("/followups/pledge-cases/export.csv", standing="已兑现").get_data(
        as_text=True
    )
    assert len(taken.splitlines()) == 2
    assert recorder.get("/followups/pledge-cases/export.xlsx", standing="未兑现").status_code == 200
