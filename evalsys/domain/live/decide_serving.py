"""Who serves the ceremony: clerks take their places, witnesses enrol and sign (draw, 3 and 7)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import events as e
from evalsys.domain.live import events_ceremony as ec
from evalsys.domain.live.needs import need
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.transcript import makes_line
from evalsys.domain.live.words import Phase
from evalsys.domain.witness_keys import MAX_WITNESSES
from evalsys.errors import RuleViolation, WrongPhase


def require_signed(state: LiveState, events: Sequence[e.Event]) -> None:
    """Let no line follow one of dice or a bind that the witnesses' majority has not signed.

    Raises:
        RuleViolation: says how many signatures are missing.
    """
    ceremony, ends = state.ceremony, any(isinstance(one, e.SessionAborted) for one in events)
    if not ceremony.missing or ends or not any(makes_line(one) for one in events):
        return
    line = ceremony.open_line
    assert line is not None  # noqa: S101 - signatures are missing on a line only
    raise RuleViolation(
        f"第 {line.line} 行（{_TYPE_NAMES[line.type]}）须有过半数见证人签名："
        f"要 {ceremony.majority} 名，现有 {len(line.signed)} 名。",
        remedy="请等见证人在各自的设备上核对并签名；设备失联的，其余过半数签名即可继续。",
    )


def _enrol(state: LiveState, command: cc.EnrolWitness, _at: datetime) -> tuple[e.Event, ...]:
    if state.manifest:
        raise RuleViolation(
            "抽签清单已经公布，不能再登记见证人。",
            remedy="见证人须在名册冻结之后、清单公布之前登记；请参加下一场。",
        )
    need(state, "登记见证人", Phase.FROZEN)
    known = {one.id: one.key for one in state.ceremony.witnesses}
    if known.get(command.witness) == command.key:
        return ()
    if command.witness in known:
        raise RuleViolation(
            f"见证人 {command.witness} 已用另一把钥匙登记。", remedy="请用原来那台设备。"
        )
    if command.key in known.values() or len(known) >= MAX_WITNESSES:
        raise RuleViolation("这把钥匙已经登记，或见证人已满。", remedy="一台设备只能登记一次。")
    return (ec.WitnessEnrolled(command.witness, command.key),)


def _seat_clerk(state: LiveState, command: cc.SeatClerk, _at: datetime) -> tuple[e.Event, ...]:
    if state.phase in {Phase.CLOSED, Phase.SEALED}:
        raise WrongPhase("会议已经结束。", remedy="请参加下一场会议。")
    return (ec.ClerkSeated(command.clerk),)


def _sign(state: LiveState, command: cc.SignLine, _at: datetime) -> tuple[e.Event, ...]:
    ceremony = state.ceremony
    if command.witness not in {one.id for one in ceremony.witnesses}:
        raise RuleViolation(
            f"{command.witness} 不在清单登记的见证人之列。",
            remedy="清单公布前登记的设备才能签名。",
        )
    line = ceremony.open_line
    if line is None or line.line != command.line:
        raise RuleViolation(
            f"第 {command.line} 行之后已有新的记录，或不是待签的一行，不能再签。",
            remedy="只能签最后一行的骰点或绑定；请刷新页面，等待下一行。",
        )
    if command.witness in line.signed:
        return ()
    return (ec.WitnessSigned(command.line, command.witness, command.signature),)


_TYPE_NAMES = {"dice": "骰点", "bind": "绑定轮次"}

SERVING: Mapping[type[c.Command], Callable[..., tuple[e.Event, ...]]] = {
    cc.EnrolWitness: _enrol,
    cc.SeatClerk: _seat_clerk,
    cc.SignLine: _sign,
}
