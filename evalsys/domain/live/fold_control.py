"""How show control follows the record: its own events, and what every other event means to it."""

from dataclasses import replace
from datetime import datetime

from evalsys.domain.live import events as e
from evalsys.domain.live import events_ceremony as ec
from evalsys.domain.live import events_control as k
from evalsys.domain.live.control import (
    Airing,
    Confirmed,
    Control,
    Director,
    IssuedLink,
    Mark,
    PauseCard,
    Standby,
    Waiver,
)
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import Phase

_ON_THE_WAY = (e.MasterDiceRolled, e.SlotDiceRolled, ec.CupsCalled, ec.RoundBound)
"""Steps that a draw consists of: they leave its standby armed."""
_BEFORE_THE_SHOW = frozenset({Phase.PLANNED, Phase.FROZEN})


def apply_control(  # noqa: C901, PLR0911, PLR0912 - one arm an event, nothing else
    control: Control, record: e.Recorded, event: k.ControlEvent
) -> Control:
    """Return show control after one of its own events."""
    match event:
        case k.OutputsDarkened():
            return _drawn(replace(control, dark=control.dark | set(event.outputs)))
        case k.OutputsLit():
            return _drawn(replace(control, dark=control.dark - set(event.outputs)))
        case k.ScreenDarkened():
            one = {(event.kind, event.name)}
            return replace(control, dark_screens=control.dark_screens | one)
        case k.ScreenLit():
            one = {(event.kind, event.name)}
            return replace(control, dark_screens=control.dark_screens - one)
        case k.PauseCardShown():
            card = PauseCard(event.words, record.at)
            return _halted(_drawn(replace(control, card=card)), record.at)
        case k.PauseCardRemoved():
            return _halted(_drawn(replace(control, card=None)), record.at)
        case k.ShowHeld():
            return _halted(replace(control, held=True), record.at)
        case k.ShowResumed():
            return _halted(replace(control, held=False), record.at)
        case k.DelaySet():
            airing = replace(control.airing, delay_s=event.seconds, shown=event.shown)
            return replace(control, airing=airing)
        case k.DelayDumped():
            return replace(control, airing=_dumped(control.airing, event, record.seq))
        case k.DirectorSeated():
            before = control.director.name if control.director else ""
            seated = Director(record.actor, record.at, before)
            return replace(control, director=seated, epoch=event.epoch, standby=None)
        case k.DirectorLeft():
            return replace(control, director=None, standby=None)
        case k.StandbySet():
            return replace(control, standby=Standby(event.step, record.actor, record.at))
        case k.StandbyCleared():
            return replace(control, standby=None)
        case k.SecondKeyTurned():
            standby = control.standby
            turned = replace(standby, second_key=record.actor) if standby else None
            return replace(control, standby=turned)
        case k.RundownSet():
            return replace(control, rundown=event)
        case k.CheckConfirmed():
            seen = Confirmed(record.actor, record.at, event.note)
            return replace(control, confirmed={**control.confirmed, event.item: seen})
        case k.CheckWaived():
            waiver = Waiver(record.actor, event.says, event.why)
            return replace(control, waived={**control.waived, event.check: waiver})
        case k.WaiverSeconded():
            seconded = replace(control.waived[event.check], second=record.actor)
            return replace(control, waived={**control.waived, event.check: seconded})
        case k.ScreenLinkIssued():
            former = control.links.get((event.kind, event.name))
            n = former.n + 1 if former else 0
            link = IssuedLink(record.actor, record.at, n)
            return replace(control, links={**control.links, (event.kind, event.name): link})
        case k.ScreenLinkRevoked():
            known = control.links.get((event.kind, event.name), IssuedLink("", record.at))
            gone = replace(known, revoked_by=record.actor)
            return replace(control, links={**control.links, (event.kind, event.name): gone})


def followed(before: LiveState, after: LiveState, record: e.Recorded) -> Control:
    """Return show control after any event: a step spends the standby, a new phase is a new mark."""
    control = after.control
    if after.step != before.step:
        if control.standby and not isinstance(record.event, _ON_THE_WAY):
            control = replace(control, standby=None)
        if control.airing.stands:
            lifted = replace(control.airing, stands=False, lifted_by=record.seq)
            control = replace(control, airing=lifted)
    part = (after.phase, _round_number(after))
    if after.phase not in _BEFORE_THE_SHOW and part != _part(control):
        control = replace(control, marks=(*control.marks, Mark(*part, record.at)))
    return control


def _drawn(control: Control) -> Control:
    return replace(control, curtains=control.curtains + 1)


def _halted(control: Control, at: datetime) -> Control:
    """Stop the clocks, or let them go on and remember in the part of the show how long it was."""
    stands, since = control.held or control.card is not None, control.halted_since
    if stands:
        return replace(control, halted_since=since or at)
    if since is None:
        return control
    marks = control.marks
    if marks:
        held_s = int((at - max(since, marks[-1].at)).total_seconds())
        marks = (*marks[:-1], replace(marks[-1], held_s=marks[-1].held_s + held_s))
    return replace(control, halted_since=None, marks=marks)


def _dumped(airing: Airing, event: k.DelayDumped, seq: int) -> Airing:
    stretch = (event.shown + 1, seq)
    return replace(
        airing,
        shown=event.shown,
        withheld=(*airing.withheld, stretch),
        stands=True,
        lifted_by=0,
    )


def _round_number(state: LiveState) -> int:
    outside = {Phase.CEREMONY, Phase.SEEDED, Phase.CLOSED, Phase.SEALED}
    return state.round.j if state.round and state.phase not in outside else 0


def _part(control: Control) -> tuple[Phase, int] | None:
    return (control.marks[-1].phase, control.marks[-1].j) if control.marks else None
