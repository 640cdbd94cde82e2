"""Who may be heard in public: the earliest in the drawn order who agreed, and nobody else.

What the operator wants of the stage's lines is no step of the show: a cut is never stale. Facts
from telephones that come late or twice are silent.
"""

from collections.abc import Callable, Mapping
from typing import cast

from evalsys.domain.live import commands_air as c
from evalsys.domain.live import events_air as a
from evalsys.domain.live.air import Air, AirLeg, AirStatus, StageLine, line_news
from evalsys.domain.live.needs import need, round_of
from evalsys.domain.live.state import LiveState, Position, Round
from evalsys.domain.live.words import AirEnd, CallStatus, Phase, Presence, StageRole
from evalsys.errors import RuleViolation

ON_STAGE = frozenset({Phase.ANSWERING, Phase.CALLING, Phase.VOTING, Phase.TALLIED, Phase.JUDGED})
"""While a cadre stands on stage, its lines may be placed."""

_Decision = Callable[[LiveState, c.AirCommand], tuple[a.AirEvent, ...]]


def decide_air(state: LiveState, command: c.AirCommand) -> tuple[a.AirEvent, ...]:
    """Return the events that a command to the stage's lines brings about.

    Raises:
        WrongPhase: nobody is called now.
        RuleViolation: it is not this household's turn, or nobody is on stage.
    """
    return cast("_Decision", _DECISIONS[type(command)])(state, command)


def may_offer(current: Round, k: int) -> bool:
    """Whether household `k`, which is on the telephone, is to be asked for the stage."""
    return current.air.is_offered and k not in current.air.legs


def next_for_air(current: Round) -> int | None:
    """Name the position that may be taken now: the earliest that agreed and is still there.

    Nobody, while an earlier one in the drawn order is being called and has not decided yet, or
    while somebody is on stage.
    """
    if current.air.staged is not None:
        return None
    for k in current.order:
        position = current.positions.get(k)
        if position is None or position.current is None:
            continue
        leg = current.air.legs.get(k)
        if leg is None and _may_still_agree(position):
            return None
        if leg is not None and leg.status is AirStatus.WILLING:
            return k
    return None


def _may_still_agree(position: Position) -> bool:
    """Whether a household on the telephone has not come to the offer yet."""
    return not position.not_linked and position.replies.keys() <= {"consent"}


def _offer(state: LiveState, _command: c.OfferAir) -> tuple[a.AirEvent, ...]:
    need(state, "征求直播连线", Phase.ANSWERING, Phase.CALLING)
    current = round_of(state)
    if current.calls_end is not None:
        raise RuleViolation("本轮连线已经结束。", remedy="请在下一轮再征求直播连线。")
    return () if current.air.is_offered else (a.AirOffered(current.j),)


def _end_offer(state: LiveState, _command: c.EndAirOffer) -> tuple[a.AirEvent, ...]:
    current = round_of(state)
    return (a.AirOfferEnded(current.j),) if current.air.is_offered else ()


def _take(state: LiveState, command: c.TakeOnAir) -> tuple[a.AirEvent, ...]:
    need(state, "接入直播", Phase.CALLING)
    current = round_of(state)
    if current.air.staged is not None:
        raise RuleViolation("台上已有一户在线。", remedy="请先让这一户离开直播。")
    if hall_line(state) is None:
        raise RuleViolation("会场的线路没有接通。", remedy="请先按“接通会场线路”。")
    leg = current.air.legs.get(command.k)
    if leg is None or leg.status is not AirStatus.WILLING:
        raise RuleViolation("这一户没有同意上直播，或者已经离开。", remedy="请看线路面板。")
    if next_for_air(current) != command.k:
        raise RuleViolation(
            "还没有轮到这一户：前面有一户正在接听，或已先同意。",
            remedy="按抽定的顺序，最先同意者上直播；请稍候。",
        )
    return (a.AirTaken(current.j, command.k, leg.attempt_id),)


def _cut(state: LiveState, command: c.CutAir) -> tuple[a.AirEvent, ...]:
    leg = _staged(state)
    if leg.status is AirStatus.CUT and (leg.dumped or not command.dump):
        return ()
    return (a.AirCut(round_of(state).j, leg.k, command.dump),)


def _resume(state: LiveState, _command: c.ResumeAir) -> tuple[a.AirEvent, ...]:
    leg = _staged(state)
    if leg.status is not AirStatus.CUT:
        raise RuleViolation("台上的线路没有被切断。", remedy="无需操作。")
    return (a.AirResumed(round_of(state).j, leg.k),)


def _release(state: LiveState, _command: c.ReleaseAir) -> tuple[a.AirEvent, ...]:
    leg = _staged(state)
    j = round_of(state).j
    match leg.status:
        case AirStatus.LEAVING:
            return ()
        case AirStatus.TAKEN:  # not put through yet: nothing to take back from the carrier
            return (a.AirLeft(j, leg.k, leg.attempt_id, AirEnd.RELEASED),)
        case _:
            return (a.AirReleased(j, leg.k),)


def _place_line(state: LiveState, command: c.PlaceStageLine) -> tuple[a.AirEvent, ...]:
    need(state, "接通线路", *ON_STAGE)
    current = round_of(state)
    if any(line.is_live for line in lines_of(state, command.role)):
        raise RuleViolation("这条线路已经在接通。", remedy="请看线路面板。")
    if command.role is StageRole.CADRE and current.presence is not Presence.BY_PHONE:
        raise RuleViolation(
            "该干部不是电话作答。", remedy="只有记录为“电话作答”的干部才由系统拨打。"
        )
    return (a.StageLinePlaced(command.leg, command.role, current.j),)


def _consent(state: LiveState, command: c.ConsentToAir) -> tuple[a.AirEvent, ...]:
    current = _calling(state, command.j)
    if current is None or command.k in current.air.legs:
        return ()
    return (
        a.AirConsented(
            command.j,
            command.k,
            command.attempt_id,
            command.sid,
            command.text,
            command.language,
            command.key,
        ),
    )


def _decline(state: LiveState, command: c.DeclineAir) -> tuple[a.AirEvent, ...]:
    current = _calling(state, command.j)
    if current is None or command.k in current.air.legs:
        return ()
    return (a.AirDeclined(command.j, command.k, command.attempt_id),)


def _enter(state: LiveState, command: c.EnterAir) -> tuple[a.AirEvent, ...]:
    leg = _leg(state, command)
    if leg is None or leg.status is not AirStatus.TAKEN:
        return ()
    return (a.AirEntered(command.j, command.k, command.attempt_id),)


def _leave(state: LiveState, command: c.LeaveAir) -> tuple[a.AirEvent, ...]:
    leg = _leg(state, command)
    if leg is None or leg.status in {AirStatus.OFF, AirStatus.DECLINED}:
        return ()
    sent_back = leg.status is AirStatus.LEAVING
    end = AirEnd.RELEASED if sent_back else command.end
    return (a.AirLeft(command.j, command.k, command.attempt_id, end),)


def _report_line(state: LiveState, command: c.ReportStageLine) -> tuple[a.AirEvent, ...]:
    line = state.stage_lines.get(command.leg)
    if line is None or not line_news(line, command.status, command.sid):
        return ()
    newer = command.status if command.status is not line.status else line.status
    return (a.StageLineReported(command.leg, command.sid or line.sid, newer),)


def hall_line(state: LiveState) -> StageLine | None:
    """Return the hall's line once somebody has picked it up."""
    return next(
        (line for line in lines_of(state, StageRole.HALL) if line.status is CallStatus.IN_PROGRESS),
        None,
    )


def lines_of(state: LiveState, role: StageRole) -> tuple[StageLine, ...]:
    """List the lines of the hall, or of the cadres, in the order in which they were placed."""
    return tuple(line for line in state.stage_lines.values() if line.role is role)


def _staged(state: LiveState) -> AirLeg:
    current = state.round
    leg = current.air.staged if current else None
    if leg is None:
        raise RuleViolation("台上没有连线的联系户。", remedy="无需操作。")
    return leg


def _calling(state: LiveState, j: int) -> Round | None:
    current = state.round
    calling = current is not None and current.j == j and state.phase is Phase.CALLING
    return current if calling else None


def _leg(state: LiveState, command: c.EnterAir | c.LeaveAir) -> AirLeg | None:
    current = state.round
    air = current.air if current is not None and current.j == command.j else Air()
    leg = air.legs.get(command.k)
    return leg if leg is not None and leg.attempt_id == command.attempt_id else None


_DECISIONS: Mapping[type[c.AirCommand], object] = {
    c.OfferAir: _offer,
    c.EndAirOffer: _end_offer,
    c.TakeOnAir: _take,
    c.CutAir: _cut,
    c.ResumeAir: _resume,
    c.ReleaseAir: _release,
    c.PlaceStageLine: _place_line,
    c.ConsentToAir: _consent,
    c.DeclineAir: _decline,
    c.EnterAir: _enter,
    c.LeaveAir: _leave,
    c.ReportStageLine: _report_line,
}
