"""What the web may show now: late by the delay, and never what was dumped before it aired."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from evalsys.domain.live import events as e
from evalsys.domain.live.control import Airing

WITHHELD = "（未播出）"
"""Stands for words that were dumped."""

_WORDS = {
    e.CadreNamed: ("who", "reason"),
    e.PledgeMade: ("measure", "responsible"),
    e.InvestigationOpened: ("reason",),
    e.ObjectionDecided: ("reason",),
}
"""Where an event that the public sees holds what somebody typed."""


def shown_until(airing: Airing, waiting: Iterable[e.Recorded], now: datetime, *, shown: int) -> int:
    """Name the last event that the web may show at `now`.

    `waiting` are the events behind number `shown`, the last one that it showed before.
    """
    last = shown = max(shown, airing.shown)
    if airing.stands:
        return shown
    delay = timedelta(seconds=airing.delay_s)
    for record in waiting:
        if record.at + delay > now:
            break
        last = max(last, record.seq)
    return shown if shown < airing.lifted_by and last < airing.lifted_by else last


def as_aired(airing: Airing, record: e.Recorded) -> e.Recorded:
    """Give the event as the web may know it: what somebody typed in a dumped one is gone."""
    event = record.event
    if not airing.is_withheld(record.seq):
        return record
    masked: dict[str, object] = dict.fromkeys(_WORDS.get(type(event), ()), WITHHELD)
    if isinstance(event, e.InvestigationOpened):
        masked["team"] = tuple(replace(member, name=WITHHELD) for member in event.team)
    return replace(record, event=replace(event, **masked))  # type: ignore[arg-type]  # named above


def may_be_told(airing: Airing, record: e.Recorded) -> bool:
    """Whether the web lists this event among what happened."""
    return not airing.is_withheld(record.seq)
