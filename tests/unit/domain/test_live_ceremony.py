"""The ceremony's rules: two clerks, a majority of witnesses, one round of the beacon, in order."""

import json
from datetime import timedelta

import pytest

from evalsys.domain.beacon import QUICKNET, Pulse
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import events as e
from evalsys.domain.live import events_ceremony as ec
from evalsys.domain.live.ceremony import dice_problem
from evalsys.domain.live.decide import decide
from evalsys.domain.live.decide_ceremony import round_to_bind
from evalsys.domain.live.views_ceremony import ceremony_view
from evalsys.domain.live.words import BeaconChoice, Clerk, Phase, Presence, Purpose, TypedAgain
from evalsys.domain.transcript import AbortReason
from evalsys.domain.verify_steps import Finding
from evalsys.errors import EvalsysError, InvalidInput, RuleViolation, WrongPhase
from tests.builders_beacon import USABLE, genuine
from tests.live_ceremony import Ceremonial
from tests.live_play import a_plan, some_programmes

MASTER = "314159265358979323846264"
ON_AIR = a_plan(rehearsal=False, gap_s=90)


def play(**plan: object) -> Ceremonial:
    usual = {"beacon": BeaconChoice.QUICKNET, "witnesses": 3}
    return Ceremonial(plan=a_plan(**{**usual, **plan}))


def opened(**plan: object) -> Ceremonial:
    """A real session without beacon, whose cups have been lifted."""
    on_air = Ceremonial(plan=a_plan(rehearsal=False, gap_s=90, **plan)).until_published()
    on_air.wait(24 * 3600)
    on_air.tell(c.OpenCeremony())
    on_air.call_cups()
    return on_air


# --- whole sessions ---------------------------------------------------------------------


@pytest.mark.parametrize("beacon", [BeaconChoice.QUICKNET, BeaconChoice.DEFAULT])
@pytest.mark.parametrize("rehearsal", [True, False])
def test_a_session_with_beacon_and_witnesses_verifies(
    beacon: BeaconChoice, *, rehearsal: bool
) -> None:
    slots = 2 if beacon is BeaconChoice.QUICKNET else 1
    whole = play(beacon=beacon, rehearsal=rehearsal, gap_s=90, slots=slots).until_seeded()
    for _ in range(slots):
        whole.play_round()
    whole.tell(c.CloseSession())
    report = whole.report()
    assert report.finding is Finding.GOOD, report
    bound = [r.event for r in whole.records if isinstance(r.event, ec.RoundBound)]
    assert [(one.purpose.value, one.j) for one in bound] == [
        ("master", 0),
        *((purpose, j) for j in range(1, slots + 1) for purpose in ("slot", "hh")),
    ]


def test_a_naming_binds_a_round_of_its_own_and_verifies() -> None:
    whole = play(beacon=BeaconChoice.QUICKNET, slots=1).until_seeded()
    pulse = next(whole.pulses)
    whole.before(pulse)
    whole.name(whole.cadres[0].cadre)
    with pytest.raises(RuleViolation):
        whole.tell(c.OpenCalls(whole.households))
    whole.sign_if_asked()
    whole.tell(c.RecordPresence(Presence.IN_PERSON))
    with pytest.raises(RuleViolation, match="还没有揭晓"):
        whole.tell(c.OpenCalls(whole.households))
    whole.reveal(pulse)
    whole.tell(c.OpenCalls(whole.households))
    whole.finish_calls()
    whole.judge()
    whole.play_round()
    whole.tell(c.CloseSession())
    report = whole.report()
    assert report.finding is Finding.GOOD, report
    bound = [json.loads(line)["body"] for line in whole.lines if b'"type":"bind"' in line]
    assert [(one["purpose"], one["j"]) for one in bound] == [
        ("master", 0),
        ("hh", 0),
        ("slot", 1),
        ("hh", 1),
    ]


def test_nobody_is_named_once_the_next_draw_has_begun() -> None:
    whole = play(beacon=BeaconChoice.QUICKNET, slots=1).until_seeded()
    pulse = next(whole.pulses)
    whole.before(pulse)
    whole.bind()
    with pytest.raises(RuleViolation, match="须先抽出"):
        whole.name(whole.cadres[0].cadre)
    whole.reveal(pulse)
    with pytest.raises(RuleViolation, match="须先抽出"):
        whole.name(whole.cadres[0].cadre)


def test_programmes_are_heard_with_beacon_and_witnesses_and_verify() -> None:
    programmes = some_programmes(2)
    plan = a_plan(
        beacon=BeaconChoice.QUICKNET, witnesses=3, programmes=tuple(p.cadre for p in programmes)
    )
    whole = Ceremonial(plan=plan, cadres=programmes).until_seeded()
    for _ in range(2):
        whole.draw()
        whole.tell(c.OpenCalls(whole.households))
        whole.finish_calls()
    whole.tell(c.CloseSession())
    report = whole.report()
    assert report.finding is Finding.GOOD, report


def test_a_session_with_witnesses_and_dice_alone_verifies() -> None:
    whole = play(beacon=BeaconChoice.NONE, rehearsal=False, gap_s=90).until_seeded()
    for _ in range(2):
        whole.play_round()
    whole.tell(c.CloseSession())
    assert whole.report().finding is Finding.GOOD
    signed = [r for r in whole.records if isinstance(r.event, ec.WitnessSigned)]
    assert len(signed) == 3 * 3


def test_the_beacon_of_another_session_gives_another_draw() -> None:
    one, other = play().until_seeded(), play(beacon=BeaconChoice.NONE).until_seeded()
    assert one.state.master_digits == other.state.master_digits
    assert one.state.master_seed != other.state.master_seed


# --- two clerks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("1" * 23, "只有 23 位，少 1 位"),
        ("1" * 25, "有 25 位，多 1 位"),
        ("", "只有 0 位"),
        ("123\uff14" + "5" * 20, "第 4 位“\uff14”不是半角数字"),
        ("12345 " + "6" * 18, "第 6 位是空格"),
        ("1" * 23 + "\n", "第 24 位是空格"),
        ("1" * 10 + "O" + "1" * 13, "第 11 位“O”不是数字"),
        ("\u0661" * 24, "第 1 位“\u0661”不是半角数字"),
        ("1" * 5 + "\u200b" + "1" * 18, "第 6 位“（看不见的字符）”"),
        ("-" + "1" * 23, "第 1 位“-”"),
    ],
)
def test_digits_typed_wrongly_are_refused_with_what_is_wrong_and_where(
    typed: str, problem: str
) -> None:
    on_air = opened()
    with pytest.raises(InvalidInput) as refused:
        on_air.tell(cc.TypeDice(Clerk.A, typed))
    assert problem in refused.value.what
    assert not on_air.state.ceremony.typed


def test_a_slot_takes_twelve_digits() -> None:
    assert dice_problem("271828182845", 12) == ""
    assert "多 12 位" in dice_problem(MASTER, 12)


def test_nobody_sees_digits_before_both_clerks_typed_them() -> None:
    on_air = opened()
    on_air.tell(cc.TypeDice(Clerk.B, MASTER))
    assert MASTER not in str(ceremony_view(on_air.state))
    assert ceremony_view(on_air.state)["dice"]["typed"] == ["B"]  # type: ignore[index,call-overload]  # JSON
    on_air.tell(cc.TypeDice(Clerk.A, MASTER))
    assert ceremony_view(on_air.state)["dice"]["digits"] == MASTER  # type: ignore[index,call-overload]  # JSON
    assert on_air.state.master_digits == ""


def test_a_mismatch_is_typed_again_by_both_and_never_rolled_again() -> None:
    on_air = opened()
    on_air.tell(cc.TypeDice(Clerk.A, MASTER))
    events = on_air.tell(cc.TypeDice(Clerk.B, MASTER[:-1] + "5"))
    assert events[-1] == ec.DiceTypedAgain(Purpose.MASTER, 0, TypedAgain.MISMATCH)
    assert on_air.state.ceremony.typed == {}
    with pytest.raises(RuleViolation, match="不得重掷"):
        on_air.tell(cc.CallCups())
    for clerk in Clerk:
        on_air.tell(cc.TypeDice(clerk, MASTER))
    on_air.tell(cc.ConfirmDice())
    assert on_air.state.master_digits == MASTER


def test_digits_read_back_wrongly_are_typed_again() -> None:
    on_air = opened()
    for clerk in Clerk:
        on_air.tell(cc.TypeDice(clerk, "1" * 24))
    on_air.tell(cc.ReadAgain())
    with pytest.raises(WrongPhase, match="一致"):
        on_air.tell(cc.ConfirmDice())
    for clerk in Clerk:
        on_air.tell(cc.TypeDice(clerk, MASTER))
    on_air.tell(cc.ConfirmDice())
    assert on_air.state.master_digits == MASTER


def test_a_clerk_types_once_and_not_before_the_cups_are_lifted() -> None:
    on_air = Ceremonial(plan=ON_AIR).until_published()
    on_air.wait(24 * 3600)
    on_air.tell(c.OpenCeremony())
    with pytest.raises(RuleViolation, match=r"记录员 A、B 还没有入座"):
        on_air.tell(cc.CallCups())
    for clerk in Clerk:
        on_air.tell(cc.SeatClerk(clerk))
    on_air.tell(cc.CallCups())
    with pytest.raises(WrongPhase, match="还没有揭开"):
        on_air.tell(cc.TypeDice(Clerk.A, MASTER))
    on_air.wait(5)
    on_air.tell(cc.TypeDice(Clerk.A, MASTER))
    with pytest.raises(RuleViolation, match="已经录入过"):
        on_air.tell(cc.TypeDice(Clerk.A, MASTER))


def test_the_operating_system_rolls_in_rehearsals_only_and_not_over_lifted_cups() -> None:
    with pytest.raises(RuleViolation, match="骰盅"):
        opened().tell(cc.RehearseDice(MASTER))
    rehearsal = Ceremonial(plan=a_plan()).until_published()
    rehearsal.tell(c.OpenCeremony())
    rehearsal.call_cups()
    with pytest.raises(RuleViolation, match="不得改用系统数字"):
        rehearsal.tell(cc.RehearseDice(MASTER))


def test_the_master_dice_are_rolled_once() -> None:
    seeded = play().until_seeded()
    for command in (cc.RehearseDice(MASTER), cc.CallCups(), cc.ConfirmDice()):
        with pytest.raises(RuleViolation, match="不得重掷"):
            seeded.tell(command)


# --- the beacon -------------------------------------------------------------------------


def test_there_is_no_second_bind_while_one_waits() -> None:
    bound = play().until_bound()
    with pytest.raises(RuleViolation, match=r"已经绑定、尚未揭晓，不得再绑定"):
        bound.tell(cc.BindRound(bound.first.round + 1))


def test_the_master_dice_bind_the_round_that_their_time_names_and_no_other() -> None:
    rolled = play().until_published()
    rolled.tell(c.OpenCeremony())
    rolled.roll(MASTER)
    rolled.sign()
    assert round_to_bind(rolled.state, rolled.now) == rolled.first.round
    for number in (rolled.first.round - 1, rolled.first.round + 1):
        with pytest.raises(RuleViolation):
            rolled.tell(cc.BindRound(number))


@pytest.mark.parametrize(("seconds", "is_late"), [(10, False), (9, True), (0, True), (-5, True)])
def test_a_bind_nine_seconds_before_its_round_is_late(seconds: int, *, is_late: bool) -> None:
    rolled = play().until_published()
    rolled.tell(c.OpenCeremony())
    rolled.roll(MASTER)
    rolled.sign()
    rolled.now = rolled.rules.chain.round_time(rolled.first.round) - timedelta(seconds=seconds)
    bind = cc.BindRound(round_to_bind(rolled.state, rolled.now))
    if not is_late:
        rolled.tell(bind)
        return
    with pytest.raises(RuleViolation, match="绑定太晚") as refused:
        rolled.tell(bind)
    assert "中止" in refused.value.remedy


def test_a_slot_binds_no_round_that_is_too_near() -> None:
    seeded = play().until_seeded()
    near = seeded.rules.round_after(seeded.now) - 1
    with pytest.raises(RuleViolation, match="绑定太晚"):
        seeded.tell(cc.BindRound(near))


def test_another_rounds_signature_is_refused() -> None:
    bound = play().until_bound()
    bound.wait(3600)
    with pytest.raises(RuleViolation, match="不得采用第 1000 轮的签名"):
        bound.tell(cc.RevealBeacon(next(one for one in genuine(QUICKNET) if one.round == 1000)))


def test_a_round_is_not_revealed_before_its_time() -> None:
    bound = play().until_bound()
    with pytest.raises(RuleViolation, match="服务器的时钟慢了"):
        bound.tell(cc.RevealBeacon(bound.first))


def test_a_round_is_revealed_once() -> None:
    seeded = play().until_seeded()
    with pytest.raises(RuleViolation, match="没有等待揭晓"):
        seeded.tell(cc.RevealBeacon(seeded.first))


def test_nothing_is_revealed_after_the_end() -> None:
    bound = play().until_bound()
    bound.tell(c.AbortSession(AbortReason.POWER_FAILURE))
    with pytest.raises(WrongPhase, match="已经结束"):
        bound.reveal(bound.first)
    assert bound.report().finding is Finding.GOOD


def test_a_session_without_beacon_cannot_take_one_up() -> None:
    seeded = play(beacon=BeaconChoice.NONE).until_seeded()
    for command in (cc.BindRound(10**6), cc.RevealBeacon(USABLE[next(iter(USABLE))][0])):
        with pytest.raises(RuleViolation, match="没有约定随机信标"):
            seeded.tell(command)


def test_a_session_with_a_beacon_cannot_fall_back_to_dice() -> None:
    seeded = play().until_seeded()
    with pytest.raises(RuleViolation, match="不掷骰"):
        seeded.tell(cc.RehearseDice("1" * 12))


def test_a_slot_is_not_drawn_before_its_round_is_revealed() -> None:
    seeded = play().until_seeded()
    draw = c.DrawNext(seeded.cadres)
    with pytest.raises(RuleViolation, match="种子还没有产生"):
        seeded.tell(draw)
    seeded.bind()
    with pytest.raises(RuleViolation, match="种子还没有产生"):
        seeded.tell(draw)


def test_households_are_not_called_before_their_round_is_revealed() -> None:
    seeded = play().until_seeded()
    slot = next(seeded.pulses)
    seeded.before(slot)
    seeded.bind()
    seeded.reveal(slot)
    seeded.tell(c.DrawNext(seeded.cadres))
    seeded.tell(c.RecordPresence(Presence.IN_PERSON))
    with pytest.raises(RuleViolation, match="还没有揭晓"):
        seeded.tell(c.OpenCalls(7))


@pytest.mark.parametrize(
    "changes",
    [
        {"min_delay_s": 59},
        {"bind_margin_s": 9},
        {"bind_margin_s": 61},
        {"min_delay_s": 3601},
        {"witnesses": 21},
        {"witnesses": -1},
    ],
)
def test_a_real_session_cannot_shorten_the_beacons_times(changes: dict[str, int]) -> None:
    plan = a_plan(rehearsal=False, gap_s=90, beacon=BeaconChoice.QUICKNET, **changes)
    with pytest.raises(InvalidInput):
        Ceremonial(plan=plan).tell(c.PlanSession(plan))


def test_a_rehearsal_may_shorten_them() -> None:
    assert play(min_delay_s=3, bind_margin_s=1).until_seeded().state.phase is Phase.SEEDED


def test_no_command_of_the_ceremony_raises_anything_but_a_refusal_in_any_phase() -> None:
    commands: tuple[c.Command, ...] = (
        cc.CallCups(),
        cc.ReadAgain(),
        cc.ConfirmDice(),
        cc.RehearseDice(""),
        cc.BindRound(-1),
        cc.BindRound(2**60),
        c.DrawNext(()),
        cc.TypeDice(Clerk.A, "\x00"),
        cc.RevealBeacon(Pulse(0, "")),
        cc.SignLine(-1, "", ""),
        cc.EnrolWitness("", ""),
    )
    whole = play(slots=1)
    seen = set()
    for part in (whole.until_seeded, whole.play_round, lambda: whole.tell(c.CloseSession())):
        for command in commands:
            try:
                events: tuple[e.Event, ...] = decide(whole.state, command, whole.now)
            except EvalsysError:
                continue
            seen.add((whole.state.phase, events))
        part()
    assert seen == set()
