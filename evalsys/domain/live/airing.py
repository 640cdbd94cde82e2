"""What the web may show now: late by the delay, and never what was dumped before it aired."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from evalsys.domain.live import events as e
from evalsys.domain.live.control import Airing
from evalsys.domain.live.events_after import CaseReferred
from evalsys.domain.live.events_agenda import IssueLeft
from evalsys.domain.live.words import Phase

WITHHELD = "（未播出）"
"""Stands for words that were dumped."""

_WORDS = {
    e.CadreNamed: ("who", "reason"),
    e.PledgeMade: ("measure", "responsible", "target", "amount", "unit"),
    IssueLeft: ("reason",),
    e.InvestigationOpened: ("reason",),
    CaseReferred: ("to", "reason"),
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
        masked["recused"] = tuple(replace(one, name=WITHHELD) for one in event.recused)
    return replace(record, event=replace(event, **masked))  # type: ignore[arg-type]  # named above


def may_be_told(airing: Airing, record: e.Recorded) -> bool:
    """Whether the web lists this event among what happened."""
    return not airing.is_withheld(record.seq)


def provable(airing: Airing, shown: Sequence[e.Recorded], phase: Phase) -> tuple[e.Recorded, ...]:
    """Give the events whose lines the web hands out: a beginning of the record.

    A dumped naming stands in the transcript with its words, and no line can be left out of a
    chain: until the session is sealed the lines end before it. Then the whole record is public.
    Tree heads do not end there: a hash tells no words, and binds the line that is kept back.
    """
    if phase is Phase.SEALED:
        return tuple(shown)
    return tuple(
        takewhile(
            lambda one: not (isinstance(one.event, e.CadreNamed) and airing.is_withheld(one.seq)),
            shown,
        )
    )
