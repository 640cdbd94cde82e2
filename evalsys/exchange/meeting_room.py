"""A conference while it lasts: its members, and which of them hears whom."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from evalsys.exchange.aside import Aside
from evalsys.exchange.calls import Target
from evalsys.exchange.conferences import Conference, ConferenceStatus
from evalsys.exchange.line import Line
from evalsys.exchange.recorder import Recorder
from evalsys.exchange.verbs import Conference as Terms

_tickets = count(1)


@dataclass(slots=True, eq=False)
class Member:
    """A call in a conference, or on its way there."""

    room: "Room"
    call_sid: str
    label: str
    muted: bool
    beep: str
    start_on_enter: bool
    end_on_exit: bool
    coach: str
    """Sid of the only call that hears this one; empty: everybody does."""
    created_at: datetime
    updated_at: datetime
    hold: bool = False
    line: Line | None = None
    """None while the call is on its way."""
    aside: Aside | None = None
    ticket: int = field(default_factory=lambda: next(_tickets))
    hears: tuple[Line, ...] = ()
    wait_music: Target | None = None
    """What it hears until the conference starts."""
    hold_music: Target | None = None

    @property
    def music(self) -> Target | None:
        """What it hears beside the others now, again and again; None: nothing."""
        if self.hold:
            return self.hold_music
        waits = self.room.record.status is ConferenceStatus.INIT
        return self.wait_music if waits else None

    @property
    def facts(self) -> dict[str, str]:
        """What a callback tells of this member."""
        truths = {
            "Muted": self.muted,
            "Hold": self.hold,
            "Coaching": bool(self.coach),
            "StartConferenceOnEnter": self.start_on_enter,
            "EndConferenceOnExit": self.end_on_exit,
        }
        facts = {name: str(value).lower() for name, value in truths.items()}
        facts["CallSid"] = self.call_sid
        if self.coach:
            facts["CallSidToCoach"] = self.coach
        if self.label:
            facts["ParticipantLabel"] = self.label
        return facts


@dataclass(slots=True, eq=False)
class Room:
    """A conference while it lasts."""

    record: Conference
    terms: Terms
    """Of the call that came first: they hold for the conference."""
    is_private: bool = False
    """Whether it is two calls put through, which no API shows and no callback reports."""
    members: dict[str, Member] = field(default_factory=dict)
    recorder: Recorder | None = None
    was_entered: bool = False

    @property
    def present(self) -> list[Member]:
        """Who is in."""
        return [each for each in self.members.values() if each.line is not None]

    def member(self, name: str) -> Member | None:
        """Return a member by its call's sid or by its label."""
        named = (each for each in self.members.values() if each.label == name)
        return self.members.get(name) or next(named, None)


def beep(room: Room, about: Member) -> None:
    """Let everybody hear that `about` came or went."""
    if room.record.status is ConferenceStatus.IN_PROGRESS:
        for each in room.present:
            if each is not about and each.aside is not None and not each.hold:
                each.aside.beep()


def mix(room: Room) -> None:
    """Let every line hear whom it should: nobody before the start, on hold, or if muted."""
    has_started = room.record.status is ConferenceStatus.IN_PROGRESS
    for listener in room.present:
        hears = tuple(
            speaker.line
            for speaker in room.present
            if has_started and speaker.line is not None and _hears(listener, speaker)
        )
        if hears != listener.hears and listener.line is not None:
            listener.hears = hears
            listener.line.hear(hears)


def _hears(listener: Member, speaker: Member) -> bool:
    if listener is speaker or listener.hold or speaker.hold or speaker.muted:
        return False
    return speaker.coach in {"", listener.call_sid}
