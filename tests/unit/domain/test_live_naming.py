"""Naming 点名: a whole round that is never counted as drawn (Y33, Y35)."""

import json

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live.transcript import transcript_of
from evalsys.domain.live.words import NamedBy, Phase, Presence, Verdict
from evalsys.domain.verify_steps import Finding
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber
from tests.live_play import Play, a_plan, some_cadres


def somebody_not_on_stage(play: Play) -> CadreNumber:
    """A cadre who was neither drawn nor named."""
    taken = play.state.drawn | play.state.named
    return next(one.cadre for one in play.cadres if one.cadre not in taken)


def test_a_named_cadre_gets_a_whole_round_and_uses_up_no_slot() -> None:
    play = Play().until_seeded()
    play.name(somebody_not_on_stage(play))
    assert play.state.phase is Phase.NAMED
    play.go_on_to_the_verdict()
    assert play.round.verdict is Verdict.CONFIRMED
    assert (play.state.next_slot, play.state.drawn) == (1, frozenset())
    play.play_round()
    play.play_round()
    play.tell(c.CloseSession())
    closed = play.records[-1].event
    assert isinstance(closed, e.SessionClosed)
    assert closed.slots == 2


def test_a_named_cadre_stays_in_the_pot() -> None:
    play = Play(plan=a_plan(slots=3), cadres=some_cadres(3)).until_seeded()
    play.name(CadreNumber("00000002"))
    play.go_on_to_the_verdict()
    for _ in range(3):
        play.play_round()
    assert CadreNumber("00000002") in play.state.drawn


@pytest.mark.parametrize("moment", ["planned", "published", "ceremony"])
def test_naming_before_the_ceremony_has_come_to_the_first_slot_is_refused(moment: str) -> None:
    play = Play()
    if moment == "planned":
        play.tell(c.PlanSession(play.plan))
    else:
        play.until_published()
    if moment == "ceremony":
        play.tell(c.OpenCeremony())
    before = play.state
    with pytest.raises(WrongPhase, match="现在不能点名"):
        play.name(CadreNumber("00000002"))
    assert play.state is before


def test_naming_in_the_middle_of_a_round_is_refused() -> None:
    play = Play().until_seeded()
    play.draw()
    someone = somebody_not_on_stage(play)
    for go_on in (
        lambda: play.tell(c.RecordPresence(Presence.IN_PERSON)),
        lambda: play.tell(c.OpenCalls(play.households)),
        play.finish_calls,
        lambda: play.tell(c.OpenVote()),
        lambda: play.tell(c.CloseVote(3, 0, 0, 3)),
    ):
        with pytest.raises(WrongPhase, match="两轮之间"):
            play.name(someone)
        go_on()
    play.tell(c.GiveVerdict(Verdict.CONFIRMED))
    play.name(someone)


@pytest.mark.parametrize(
    "number", ["", "1234567", "123456789", "\uff10" * 8, "0000000a", "00000001\n", " 0000001"]
)
def test_what_is_no_number_cannot_be_named(number: str) -> None:
    play = Play().until_seeded()
    with pytest.raises(InvalidInput, match="8 位"):
        play.name(CadreNumber(number))


def test_a_number_outside_the_frozen_roster_cannot_be_named() -> None:
    play = Play().until_seeded()
    with pytest.raises(RuleViolation, match="冻结名册中没有"):
        play.name(CadreNumber("00009999"))


def test_nobody_is_named_after_being_drawn_or_named() -> None:
    play = Play().until_seeded()
    play.play_round()
    drawn, named = play.round.cadre, somebody_not_on_stage(play)
    play.name(named)
    play.go_on_to_the_verdict()
    for cadre, why in ((drawn, "已被抽中"), (named, "已被点名")):
        with pytest.raises(RuleViolation, match=why):
            play.name(cadre)


@pytest.mark.parametrize("reason", ["", "  ", "修\n路", "\u202e路", "路" * 201])
def test_a_reason_is_given_and_can_be_read_out(reason: str) -> None:
    play = Play().until_seeded()
    with pytest.raises(InvalidInput, match="点名理由"):
        play.name(CadreNumber("00000002"), reason=reason)


def test_a_naming_cannot_be_taken_back_but_its_presence_can() -> None:
    play = Play().until_seeded()
    play.name(CadreNumber("00000002"))
    with pytest.raises(RuleViolation, match="不能撤回"):
        play.tell(c.TakeBack())
    play.tell(c.RecordPresence(Presence.ABSENT))
    play.tell(c.TakeBack())
    assert play.state.phase is Phase.NAMED


def test_the_transcript_names_who_named_and_orders_the_households_by_the_master_seed() -> None:
    play = Play().until_seeded()
    play.name(CadreNumber("00000002"), by=NamedBy.MEDIA, who="媒体 02", reason="多户来信反映")
    play.go_on_to_the_verdict()
    lines = [json.loads(line) for line in transcript_of(play.records).splitlines()]
    named = next(line["body"] for line in lines if line["type"] == "named")
    order = next(line["body"] for line in lines if line["type"] == "hh_order")
    assert named == {"cadre": "00000002", "by": "媒体 02", "reason": "多户来信反映"}
    assert (order["j"], order["cadre"]) == (0, "00000002")
    assert sorted(order["order"]) == list(range(1, 8))
    assert not [line for line in lines if line["type"] == "slot"]


def test_a_session_with_namings_verifies_from_its_files_alone() -> None:
    play = Play(plan=a_plan(slots=2, target=4, attempts=2)).until_seeded()
    for turn in range(4):
        if turn % 2:
            play.draw()
        else:
            play.name(somebody_not_on_stage(play))
        play.tell(c.RecordPresence(Presence.BY_PHONE))
        play.tell(c.OpenCalls(play.households))
        play.finish_calls_in_every_way(turn)
        play.wait(60)
        play.judge()
    play.tell(c.CloseSession())
    assert play.report().finding is Finding.GOOD, play.report()


def test_a_cadre_who_is_named_and_drawn_later_is_called_twice_and_verifies() -> None:
    play = Play(plan=a_plan(slots=1), cadres=some_cadres(1)).until_seeded()
    play.name(CadreNumber("00000001"))
    play.go_on_to_the_verdict()
    play.play_round()
    play.tell(c.CloseSession())
    assert play.report().finding is Finding.GOOD, play.report()
