"""The ceremony and the draw: cups, two clerks, witnesses, the beacon, the slot (draw, 4-5)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from evalsys.domain.beacon import BeaconRules
from evalsys.domain.draw import (
    MASTER_DICE,
    SLOT_DICE,
    draw_slot,
    household_seed,
    master_seed,
    slot_seed,
)
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import events as e
from evalsys.domain.live import events_ceremony as ec
from evalsys.domain.live.ceremony import (
    LIFT_AFTER,
    Bound,
    DiceDue,
    beacon_rules,
    dice_problem,
)
from evalsys.domain.live.decide_agenda import order_by_dice
from evalsys.domain.live.needs import need, plan_of, round_of
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import Clerk, DiceSource, Phase, Purpose, TypedAgain
from evalsys.domain.manifest import parse_manifest
from evalsys.domain.transcript import time_text
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase

_BETWEEN_ROUNDS = (Phase.SEEDED, Phase.JUDGED)


def dice_due(state: LiveState) -> DiceDue | None:
    """Say which dice are to be rolled next; None when none are."""
    if state.phase is Phase.CEREMONY and not state.master_digits:
        return DiceDue(Purpose.MASTER, 0, MASTER_DICE)
    j = state.next_slot
    if state.phase not in _BETWEEN_ROUNDS or j is None or state.seeded_slot == j:
        return None
    if state.plan is None or beacon_rules(state.plan) is not None:
        return None
    return DiceDue(Purpose.SLOT, j, SLOT_DICE)


def bind_due(state: LiveState) -> tuple[Purpose, int] | None:
    """Say for what a round of the beacon is to be bound next; None when for nothing."""
    if state.plan is None or beacon_rules(state.plan) is None or state.ceremony.waiting:
        return None
    j = state.next_slot
    if state.phase is Phase.CEREMONY and state.master_digits and not state.master_seed:
        return Purpose.MASTER, 0
    if state.phase in _BETWEEN_ROUNDS and j is not None and state.seeded_slot != j:
        return Purpose.SLOT, j
    return None


def round_to_bind(state: LiveState, at: datetime) -> int:
    """Compute the round that is to be bound at `at`: nobody chooses it.

    Raises:
        RuleViolation: nothing is to be bound now; says why.
    """
    rules, purpose = _rules(state), _bind_due(state)[0]
    rolled_at = state.ceremony.rolled_at
    if purpose is Purpose.MASTER and rolled_at is not None:
        return rules.round_for_dice(rolled_at)
    return rules.round_after(at)


def household_randomness(state: LiveState) -> dict[str, str]:
    """Give the beacon's part of the household order of the cadre on stage; empty without beacon.

    Raises:
        RuleViolation: its round is not revealed yet.
    """
    if beacon_rules(plan_of(state)) is None:
        return {}
    bound = state.ceremony.bound
    if bound is None or (bound.purpose, bound.j) != (Purpose.HOUSEHOLDS, round_of(state).j):
        raise RuleViolation("联系户次序的信标轮次还没有绑定。", remedy="请先绑定轮次。")
    if not bound.randomness:
        raise RuleViolation(
            f"联系户次序的信标第 {bound.round} 轮还没有揭晓。",
            remedy="请等该轮产生；取不到时可手工录入它的签名。",
        )
    return {"beacon_round": str(bound.round), "randomness": bound.randomness}


def bind_households(state: LiveState, j: int, at: datetime) -> tuple[e.Event, ...]:
    """Bind the round that will order the households of round `j`; nothing without a beacon."""
    rules = beacon_rules(plan_of(state))
    if rules is None:
        return ()
    return (_bound(rules, Purpose.HOUSEHOLDS, j, rules.round_after(at)),)


def require_no_draw_begun(state: LiveState) -> None:
    """Let nothing come between the dice or the round of a slot and its draw.

    Raises:
        RuleViolation: says what the draw waits for.
    """
    ceremony = state.ceremony
    if ceremony.waiting or ceremony.cups_at or state.seeded_slot == state.next_slot:
        raise RuleViolation(
            "下一个号码的骰子已掷出或轮次已绑定，须先抽出。",
            remedy="请先抽取，认定之后再点名。",
        )


def _call_cups(state: LiveState, _command: cc.CallCups, _at: datetime) -> tuple[e.Event, ...]:
    due = _dice_due(state)
    if state.ceremony.cups_at is not None:
        raise RuleViolation("骰盅已经揭开，不得重掷。", remedy="请两位记录员录入台上的点数。")
    missing = [clerk.value for clerk in Clerk if clerk not in state.ceremony.clerks]
    if missing:
        raise RuleViolation(
            f"记录员 {'、'.join(missing)} 还没有入座。",
            remedy="请让两位记录员各用自己的设备扫码入座，再揭盅。",
        )
    return (ec.CupsCalled(due.purpose, due.j),)


def _type_dice(state: LiveState, command: cc.TypeDice, at: datetime) -> tuple[e.Event, ...]:
    due = _dice_due(state)
    called = state.ceremony.cups_at
    if called is None or at < called + LIFT_AFTER:
        raise WrongPhase("骰盅还没有揭开。", remedy="请等四人同时揭盅之后，照台上的点数录入。")
    if command.clerk in state.ceremony.typed:
        raise RuleViolation("您已经录入过这一次的点数。", remedy="请等另一位记录员录入。")
    problem = dice_problem(command.digits, due.count)
    if problem:
        raise InvalidInput(
            f"{problem}；须恰好是 {due.count} 位半角数字。",
            remedy="请照台上的骰子重新录入，不得重新掷骰。",
            place="骰点",
        )
    typed = ec.DiceTyped(due.purpose, due.j, command.clerk, command.digits)
    other = [digits for clerk, digits in state.ceremony.typed.items() if clerk != command.clerk]
    if other and other[0] != command.digits:
        return (typed, ec.DiceTypedAgain(due.purpose, due.j, TypedAgain.MISMATCH))
    return (typed,)


def _read_again(state: LiveState, _command: cc.ReadAgain, _at: datetime) -> tuple[e.Event, ...]:
    due, _ = _agreed(state)
    return (ec.DiceTypedAgain(due.purpose, due.j, TypedAgain.READ_BACK),)


def _confirm_dice(state: LiveState, _command: cc.ConfirmDice, _at: datetime) -> tuple[e.Event, ...]:
    due, digits = _agreed(state)
    rehearsal = plan_of(state).rehearsal
    return _rolled(state, due, digits, DiceSource.REHEARSAL if rehearsal else DiceSource.CUPS)


def _rehearse_dice(
    state: LiveState, command: cc.RehearseDice, _at: datetime
) -> tuple[e.Event, ...]:
    due = _dice_due(state)
    if not plan_of(state).rehearsal:
        raise RuleViolation(
            "正式会议的数字必须来自台上骰盅，由两位记录员各自录入。", remedy="请揭盅后录入。"
        )
    if state.ceremony.cups_at is not None:
        raise RuleViolation("骰盅已经揭开，不得改用系统数字。", remedy="请两位记录员录入点数。")
    return _rolled(state, due, command.digits, DiceSource.REHEARSAL)


def _rolled(state: LiveState, due: DiceDue, digits: str, source: DiceSource) -> tuple[e.Event, ...]:
    if due.purpose is Purpose.SLOT:
        seed = slot_seed(state.master_seed, due.j, digits)
        return (e.SlotDiceRolled(due.j, digits, source, seed),)
    seed = master_seed(state.manifest_sha256, digits)
    with_beacon = beacon_rules(plan_of(state)) is not None
    return order_by_dice(state, e.MasterDiceRolled(digits, source, "" if with_beacon else seed))


def _bind(state: LiveState, command: cc.BindRound, at: datetime) -> tuple[e.Event, ...]:
    rules = _rules(state)
    purpose, j = _bind_due(state)
    rolled_at = state.ceremony.rolled_at if purpose is Purpose.MASTER else None
    problem = rules.bind_problem(command.round, at, rolled_at)
    if problem:
        late = rolled_at is not None and command.round == rules.round_for_dice(rolled_at)
        remedy = "这一轮不能再用，也不能改绑别的轮次：只能公开中止，另行开始下一场次。"
        raise RuleViolation(f"{problem}。", remedy=remedy if late else "请绑定系统算出的那一轮。")
    return (_bound(rules, purpose, j, command.round),)


def _reveal(state: LiveState, command: cc.RevealBeacon, at: datetime) -> tuple[e.Event, ...]:
    rules, bound, pulse = _rules(state), state.ceremony.waiting, command.pulse
    if state.phase in {Phase.CLOSED, Phase.SEALED}:
        raise WrongPhase("会议已经结束，不再揭晓信标。", remedy="其后不得再有记录；请封存。")
    if bound is None:
        raise RuleViolation(
            "现在没有等待揭晓的信标轮次。", remedy="同一轮只揭晓一次；请按控制台提示的下一步操作。"
        )
    if pulse.round != bound.round:
        raise RuleViolation(
            f"已绑定第 {bound.round} 轮，不得采用第 {pulse.round} 轮的签名。",
            remedy=f"请录入第 {bound.round} 轮的签名；不得改绑另一轮，也不得改用骰子。",
        )
    if at < rules.chain.round_time(bound.round):
        raise RuleViolation(
            f"信标早于第 {bound.round} 轮产生的时刻：服务器的时钟慢了。",
            remedy="请校准服务器时钟，到时再取；签名不会失效。",
        )
    seed = _seed_of(state, bound, pulse.randomness)
    return (
        ec.BeaconRevealed(
            bound.purpose,
            bound.j,
            bound.round,
            pulse.signature,
            pulse.previous,
            pulse.randomness,
            seed,
        ),
    )


def _seed_of(state: LiveState, bound: Bound, randomness: str) -> str:
    beacon_round = str(bound.round)
    match bound.purpose:
        case Purpose.MASTER:
            return master_seed(
                state.manifest_sha256,
                state.master_digits,
                beacon_round=beacon_round,
                randomness=randomness,
            )
        case Purpose.SLOT:
            return slot_seed(state.master_seed, bound.j, randomness, beacon_round=beacon_round)
        case Purpose.HOUSEHOLDS:
            current = round_of(state)
            return household_seed(
                current.seed, current.cadre, beacon_round=beacon_round, randomness=randomness
            )


def _draw(state: LiveState, command: c.DrawNext, at: datetime) -> tuple[e.Event, ...]:
    need(state, "抽取号码", *_BETWEEN_ROUNDS)
    j = state.next_slot
    if j is None:
        raise RuleViolation("本次会议的名额已全部抽完。", remedy="请闭会。")
    if state.seeded_slot != j:
        with_beacon = beacon_rules(plan_of(state)) is not None
        raise RuleViolation(
            f"第 {j} 个号码的种子还没有产生。",
            remedy="请先绑定信标轮次并等它揭晓。" if with_beacon else "请先掷骰并录入点数。",
        )
    manifest = parse_manifest(state.manifest.encode())
    result = draw_slot(
        state.slot_seed,
        state.slots[j - 1],
        command.cadres,
        excluded=manifest.excluded,
        taken=state.drawn,
    )
    drawn = e.CadreDrawn(
        j=j,
        stratum=result.stratum,
        cadre=result.cadre,
        ticket=result.ticket,
        runners_up=tuple(e.RunnerUp(cadre, ticket) for cadre, ticket in result.runners_up),
        eligible=result.eligible_n,
    )
    return (drawn, *bind_households(state, j, at))


def _dice_due(state: LiveState) -> DiceDue:
    due = dice_due(state)
    if due is not None:
        return due
    if state.phase is Phase.CEREMONY or (state.phase in _BETWEEN_ROUNDS and state.next_slot):
        raise RuleViolation(
            "这一次的骰点已经录入，不得重掷；有信标的会议各次抽取不掷骰。",
            remedy="请按控制台提示的下一步操作。",
        )
    need(state, "掷骰", Phase.CEREMONY, *_BETWEEN_ROUNDS)
    raise RuleViolation("本次会议的名额已全部抽完。", remedy="请闭会。")


def _agreed(state: LiveState) -> tuple[DiceDue, str]:
    due, digits = _dice_due(state), state.ceremony.agreed
    if not digits:
        raise WrongPhase("两位记录员还没有录入一致的点数。", remedy="请等两位记录员都录入完毕。")
    return due, digits


def _rules(state: LiveState) -> BeaconRules:
    rules = beacon_rules(plan_of(state))
    if rules is None:
        raise RuleViolation(
            "本次会议的清单没有约定随机信标，不能改用。",
            remedy="清单公布后不得更换随机来源；请用骰子继续。",
        )
    return rules


def _bind_due(state: LiveState) -> tuple[Purpose, int]:
    waiting = state.ceremony.waiting
    if waiting is not None:
        raise RuleViolation(
            f"第 {waiting.round} 轮已经绑定、尚未揭晓，不得再绑定。",
            remedy="绑定后只有那一轮的签名有效；请等它产生，或手工录入。",
        )
    due = bind_due(state)
    if due is not None:
        return due
    if state.phase is Phase.CEREMONY:
        raise RuleViolation("主骰还没有录入，不能绑定轮次。", remedy="请先掷骰并录入点数。")
    need(state, "绑定信标轮次", Phase.CEREMONY, *_BETWEEN_ROUNDS)
    raise RuleViolation(
        "这一次抽取的轮次已经绑定并揭晓，不得再次绑定。", remedy="请抽取下一个号码。"
    )


def _bound(rules: BeaconRules, purpose: Purpose, j: int, number: int) -> ec.RoundBound:
    return ec.RoundBound(purpose, j, number, time_text(rules.chain.round_time(number)))


CEREMONY: Mapping[type[c.Command], Callable[..., tuple[e.Event, ...]]] = {
    cc.CallCups: _call_cups,
    cc.ReadAgain: _read_again,
    cc.ConfirmDice: _confirm_dice,
    cc.RehearseDice: _rehearse_dice,
    cc.BindRound: _bind,
    c.DrawNext: _draw,
    cc.TypeDice: _type_dice,
    cc.RevealBeacon: _reveal,
}
