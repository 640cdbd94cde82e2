"""Between freeze and ceremony: a window for objections, exclusions in public, then the manifest."""

from datetime import timedelta

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live.codec import decode, encode, kind_of
from evalsys.domain.live.views_before import before
from evalsys.domain.live.words import ObjectionKind, Phase
from evalsys.domain.manifest import Exclusion, ExclusionReason, parse_manifest
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber
from tests.live_play import Play, a_plan

ONE, TWO, STRANGER = (CadreNumber(f"{i:08}") for i in (1, 2, 99))
WRONG = ObjectionKind.WRONG_STRATUM


def frozen(**plan: object) -> Play:
    """A formal session with a window of a day, frozen this moment."""
    play = Play(a_plan(**{"rehearsal": False, "gap_s": 90, **plan}))
    play.tell(c.PlanSession(play.plan))
    play.freeze()
    return play


def objected(play: Play, cadre: CadreNumber = ONE, kind: ObjectionKind = WRONG) -> None:
    known = any(one.cadre == cadre for one in play.cadres)
    play.tell(c.RaiseObjection(cadre, kind, known))


def decided(play: Play, n: int = 1, *, upheld: bool) -> None:
    play.tell(c.DecideObjection(n, upheld, "与任免文件核对"))


def excluded(
    play: Play, cadre: CadreNumber = ONE, reason: ExclusionReason = ExclusionReason.ON_LEAVE
) -> None:
    play.tell(c.EnterExclusion(cadre, reason, any(one.cadre == cadre for one in play.cadres)))


def test_the_manifest_waits_for_the_end_of_the_window_to_the_second() -> None:
    play = frozen()
    play.wait(24 * 3600 - 1)
    with pytest.raises(RuleViolation, match="异议期还没有结束") as refused:
        play.publish()
    assert "12-02 04:00 UTC" in refused.value.remedy
    play.wait(1)
    play.publish()
    assert play.state.manifest


def test_a_rehearsal_may_do_without_a_window_and_a_formal_session_may_not() -> None:
    play = frozen(rehearsal=True, objection_hours=0)
    play.publish()
    with pytest.raises(InvalidInput, match="24 小时"):
        Play().tell(c.PlanSession(a_plan(rehearsal=False, gap_s=90, objection_hours=23)))
    with pytest.raises(InvalidInput, match="异议期"):
        Play().tell(c.PlanSession(a_plan(objection_hours=-1)))


def test_an_objection_after_the_window_is_refused() -> None:
    play = frozen()
    play.wait(24 * 3600)
    with pytest.raises(RuleViolation, match="已经结束"):
        objected(play)


def test_nobody_objects_before_the_freeze_or_after_the_manifest() -> None:
    play = Play(a_plan(objection_hours=1))
    play.tell(c.PlanSession(play.plan))
    with pytest.raises(WrongPhase):
        objected(play)
    play.freeze()
    play.wait(3600)
    play.publish()
    with pytest.raises(RuleViolation, match="已经公布"):
        objected(play)


def test_an_objection_that_waits_keeps_the_manifest_back_whatever_the_hour() -> None:
    play = frozen()
    objected(play)
    objected(play, TWO)
    play.wait(30 * 24 * 3600)
    with pytest.raises(RuleViolation, match=r"2 件名册异议没有处理（1、2 号）"):
        play.publish()
    decided(play, 1, upheld=False)
    with pytest.raises(RuleViolation, match="1 件"):
        play.publish()
    decided(play, 2, upheld=False)
    play.publish()


def test_an_upheld_objection_forces_another_freeze_with_another_window() -> None:
    play = frozen()
    first = play.state.roster_sha256
    objected(play)
    decided(play, upheld=True)
    play.wait(24 * 3600)
    with pytest.raises(RuleViolation, match="重新冻结后才能公布"):
        play.publish()
    play.cadres = play.cadres[1:]
    play.freeze()
    assert play.state.earlier_rosters == (first,)
    assert play.state.roster_sha256 != first
    with pytest.raises(RuleViolation, match="异议期还没有结束"):
        play.publish()
    play.wait(24 * 3600)
    play.publish()
    frozen_hashes = [r.event.sha256 for r in play.records if isinstance(r.event, e.RosterFrozen)]
    assert frozen_hashes == [first, play.state.roster_sha256]


def test_a_roster_is_not_frozen_again_for_any_other_reason() -> None:
    play = frozen()
    with pytest.raises(RuleViolation, match="不能再次冻结"):
        play.freeze()
    objected(play)
    objected(play, TWO)
    decided(play, 1, upheld=True)
    with pytest.raises(RuleViolation, match="1 件异议没有处理"):
        play.freeze()
    decided(play, 2, upheld=False)
    play.freeze()
    with pytest.raises(RuleViolation, match="不能再次冻结"):
        play.freeze()
    play.wait(24 * 3600)
    play.publish()
    with pytest.raises(RuleViolation, match="已经公布"):
        play.freeze()
    play.wait(24 * 3600)
    play.tell(c.OpenCeremony())
    with pytest.raises(RuleViolation, match="已经公布"):
        play.freeze()


def test_a_decision_is_given_once_with_a_reason() -> None:
    play = frozen()
    objected(play)
    with pytest.raises(InvalidInput, match="理由"):
        play.tell(c.DecideObjection(1, upheld=True, reason="  "))
    with pytest.raises(InvalidInput, match="看不见"):
        play.tell(c.DecideObjection(1, upheld=True, reason="理由\n另一行"))
    with pytest.raises(NotFound):
        decided(play, 2, upheld=False)
    decided(play, upheld=False)
    with pytest.raises(RuleViolation, match="已经处理"):
        decided(play, upheld=True)


def test_an_objection_fits_the_roster_and_is_raised_once_at_a_time() -> None:
    play = frozen()
    with pytest.raises(InvalidInput, match="不在名册中"):
        objected(play, STRANGER)
    with pytest.raises(InvalidInput, match="已经在名册中"):
        objected(play, ONE, ObjectionKind.MISSING)
    objected(play, STRANGER, ObjectionKind.MISSING)
    with pytest.raises(RuleViolation, match="第 1 号"):
        objected(play, STRANGER, ObjectionKind.MISSING)
    decided(play, upheld=False)
    objected(play, STRANGER, ObjectionKind.MISSING)
    assert [one.n for one in play.state.objections] == [1, 2]


def test_an_objection_from_outside_makes_no_operator_stale() -> None:
    play = frozen()
    seen = play.state.step
    objected(play)
    assert play.state.step == seen
    decided(play, upheld=False)
    assert play.state.step > seen


def test_who_is_excluded_stands_in_the_manifest_and_nobody_else() -> None:
    play = frozen()
    excluded(play, TWO, ExclusionReason.COURT_ORDER)
    excluded(play)
    play.tell(c.WithdrawExclusion(TWO))
    excluded(play, TWO, ExclusionReason.LEFT_POST)
    play.wait(24 * 3600)
    with pytest.raises(RuleViolation, match="排除名单"):
        play.publish(Exclusion(ONE, ExclusionReason.ON_LEAVE))
    play.publish()
    manifest = parse_manifest(play.state.manifest.encode())
    assert manifest.exclusions == (
        Exclusion(ONE, ExclusionReason.ON_LEAVE),
        Exclusion(TWO, ExclusionReason.LEFT_POST),
    )
    with pytest.raises(RuleViolation, match="已经公布"):
        excluded(play, CadreNumber("00000003"))
    with pytest.raises(RuleViolation, match="已经公布"):
        play.tell(c.WithdrawExclusion(ONE))


def test_a_wrong_exclusion_is_refused_by_number() -> None:
    play = frozen()
    with pytest.raises(InvalidInput, match="不在冻结的名册中") as refused:
        excluded(play, STRANGER)
    assert STRANGER in refused.value.place
    with pytest.raises(InvalidInput, match="自动认定"):
        excluded(play, ONE, ExclusionReason.DRAWN_WITHIN_180D)
    excluded(play)
    with pytest.raises(RuleViolation, match="已经登记"):
        excluded(play, ONE, ExclusionReason.COURT_ORDER)
    with pytest.raises(NotFound):
        play.tell(c.WithdrawExclusion(TWO))


def test_nobody_is_excluded_before_there_is_a_roster() -> None:
    play = Play()
    play.tell(c.PlanSession(play.plan))
    with pytest.raises(WrongPhase):
        excluded(play)


def test_a_stratum_whose_quota_exceeds_its_cadres_has_no_manifest() -> None:
    play = frozen(rehearsal=True, slots=12, objection_hours=0)
    excluded(play)
    with pytest.raises(InvalidInput, match="可抽取的只有"):
        play.publish()
    assert play.state.phase is Phase.FROZEN
    assert not play.state.manifest


def test_a_plan_from_before_windows_and_weights_is_read_as_it_was_meant() -> None:
    planned = e.SessionPlanned(a_plan())
    body = encode(planned)
    plan = body["plan"]
    assert isinstance(plan, dict)
    for name in ("objection_hours", "spare_recent", "weigh_by", "weights"):
        del plan[name]
    assert decode(kind_of(e.SessionPlanned), body) == planned


def test_a_ceremony_waits_a_day_after_a_window_of_a_day() -> None:
    play = frozen()
    play.wait(24 * 3600)
    play.publish()
    published = play.now
    play.wait(24 * 3600 - 1)
    with pytest.raises(RuleViolation, match="24 小时"):
        play.tell(c.OpenCeremony())
    play.now = published + timedelta(hours=24)
    play.tell(c.OpenCeremony())


def test_every_screen_learns_when_a_formal_draw_may_begin_and_what_a_rehearsal_shortened() -> None:
    play = frozen()
    shown = before(play.state)
    assert (shown["opens_at"], shown["window_shortened"]) == (None, False)
    assert shown["objections_until"] == "2026-12-02T04:00:00.000+00:00"
    play.wait(24 * 3600)
    play.publish()
    assert before(play.state)["opens_at"] == "2026-12-03T04:00:00.000+00:00"
    rehearsed = frozen(rehearsal=True, objection_hours=0)
    rehearsed.publish()
    shown = before(rehearsed.state)
    assert (shown["opens_at"], shown["window_shortened"]) == (shown["published_at"], True)
