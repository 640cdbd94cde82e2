"""Where a request stands, as lists and boards keep it: one flat row, made anew at every change."""

from dataclasses import dataclass
from datetime import datetime

from evalsys.domain.casework.clocks import Clockwork, Due
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import CloseReason, Lamp, PartyKind


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of the projection; the columns of `casework_standings`, in their order."""

    request: str
    seq: int
    household: str | None
    cadre: str | None
    grid: str
    kind: str
    channel: str
    raised_at: datetime
    received_at: datetime
    taxonomy: int
    class_code: str
    limit_class: str
    step: str
    is_open: bool
    level: int
    at_grid: str
    holder_kind: str
    holder: str
    accountable_kind: str
    accountable: str
    unit: str | None
    is_paused: bool
    answered: bool
    explained: bool
    concluded: bool
    solved: bool
    close_reason: str
    closed_at: datetime | None
    closed_by: str
    confirmed: str
    reopened: int
    escalated: int
    is_petition: bool
    urgency: int
    due_at: datetime | None
    yellow_at: datetime | None
    next_at: datetime | None
    next_duty: str
    clockwork: str
    offered_kind: str
    offered: str
    longer_limit: str


def standing(file: RequestFile, clocks: Clockwork, class_unit: str | None) -> Standing:
    """Flatten a request; `class_unit` is the unit that its class is assigned to, if any."""
    filed, close = file.filed, file.close
    clock = clocks.clock(file)
    duties: list[Due] = clocks.duties(file, clock)
    soonest = duties[0] if duties else None
    unit = file.lead or (file.holder.code if file.holder.kind is PartyKind.UNIT else None)
    return Standing(
        request=filed.code,
        seq=file.seq,
        household=filed.household,
        cadre=filed.cadre,
        grid=filed.grid,
        kind=filed.kind.value,
        channel=filed.channel.value,
        raised_at=filed.raised_at,
        received_at=filed.received_at,
        taxonomy=file.taxonomy,
        class_code=file.class_code,
        limit_class=file.limit_class,
        step=file.step.value,
        is_open=close is None,
        level=file.level if close is None else close.level,
        at_grid=file.grid,
        holder_kind=file.holder.kind.value,
        holder=file.holder.code,
        accountable_kind=file.accountable.kind.value,
        accountable=file.accountable.code,
        unit=unit or class_unit,
        is_paused=file.is_paused,
        answered=file.has_reply,
        explained=file.explained,
        concluded=file.concluded,
        solved=close is not None and close.reason in {CloseReason.SOLVED, CloseReason.EXPLAINED},
        close_reason="" if close is None else close.reason.value,
        closed_at=None if close is None else close.at,
        closed_by="" if close is None else close.by,
        confirmed="" if file.confirmation is None else file.confirmation.value,
        reopened=file.reopened,
        escalated=file.escalated,
        is_petition=filed.is_petition,
        urgency=clocks.policy.limit(file.limit_class).urgency,
        due_at=clock.due_at,
        yellow_at=clock.yellow_at,
        next_at=None if soonest is None else soonest.at,
        next_duty="" if soonest is None else soonest.duty.value,
        clockwork=clocks.version,
        offered_kind="" if file.offered_to is None else file.offered_to.kind.value,
        offered="" if file.offered_to is None else file.offered_to.code,
        longer_limit=file.longer_limit,
    )


def lamp_of(where: Standing, now: datetime) -> Lamp:
    """Tell the lamp of a request at this moment, without its events (L26)."""
    if not where.is_open or where.due_at is None:
        return Lamp.OFF
    if now >= where.due_at:
        return Lamp.RED
    # A pause that is over, or hides another duty that is due, keeps nobody's lamp from changing.
    if where.is_paused and (where.next_at is None or now < where.next_at):
        return Lamp.PAUSED
    yellow = where.yellow_at is not None and now >= where.yellow_at
    return Lamp.YELLOW if yellow else Lamp.GREEN
