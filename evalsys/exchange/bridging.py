"""Carrying out <Dial>: calling others and being put through, or entering a conference."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from evalsys.exchange.aside import Aside
from evalsys.exchange.calls import Status
from evalsys.exchange.line import (
    Event,
    Heard,
    Key,
    LegAnswered,
    LegEnded,
    Line,
    Parted,
    Voice,
)
from evalsys.exchange.meeting_room import Member
from evalsys.exchange.meetings import Meetings
from evalsys.exchange.pace import Countdown
from evalsys.exchange.verbs import Conference, Dial, Number

_STAR = "*"


class Legs(Protocol):
    """What places the calls that a <Dial> asks for."""

    def call_out(self, parent_sid: str, number: Number, verb: Dial) -> str:
        """Call a number on behalf of a call; return the new call's sid.

        The parent's inbox gets `LegAnswered` and `LegEnded`.
        """

    def hang_up(self, sid: str) -> None:
        """End a call that was placed; nothing happens once it is over."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What one call needs to dial: itself, and the machine around it."""

    call_sid: str
    line: Line
    meetings: Meetings
    legs: Legs
    aside: Aside
    wait: Callable[[float], Event | None]
    """Waits so many seconds for the next event; raises what ends or diverts the call."""
    resolve: Callable[[str], str]
    """Completes an address that a document gave."""

    def dial(self, verb: Dial) -> Mapping[str, str]:
        """Carry out a <Dial>; return what its action is told."""
        self.line.pace.join_company()
        try:
            if verb.conference is not None:
                terms = _complete(verb.conference, self.resolve)
                return {"DialCallStatus": self._meet(terms, verb)}
            return self._call(verb)
        finally:
            self.line.pace.leave_company()

    def stay_with(self, parent_sid: str) -> None:
        """Wait, as a call that was dialled, until the other one is gone."""
        self.line.pace.join_company()
        self._meet(_between(parent_sid), Dial(), is_private=True)

    def _meet(self, terms: Conference, verb: Dial, *, is_private: bool = False) -> str:
        member = self.meetings.enter(
            terms, self.call_sid, self.line, self.aside, is_private=is_private
        )
        if member is None:
            return Status.FAILED
        try:
            self._stay(member, verb)
        finally:
            self.meetings.leave(member)
        return Status.COMPLETED if is_private else "answered"

    def _stay(self, member: Member, verb: Dial) -> None:
        """Stay until time, the star key or somebody else ends it."""
        clock = Countdown(self.line.pace, verb.time_limit)
        while event := self.wait(clock.left()):
            match event:
                case Key(key) if key == _STAR and verb.hangup_on_star:
                    return
                case Parted(ticket) if ticket == member.ticket:
                    return
                case Heard(prompt):
                    self.aside.heard(prompt)
                case Voice(is_speaking):
                    self.meetings.voice(member, is_speaking=is_speaking)
                case _:
                    pass

    # Numbers

    def _call(self, verb: Dial) -> Mapping[str, str]:
        numbers = [_complete_number(each, self.resolve) for each in verb.numbers]
        legs = [self.legs.call_out(self.call_sid, each, verb) for each in numbers]
        try:
            sid, status = self._first_to_answer(legs, verb)
            if status is not Status.IN_PROGRESS:
                return {"DialCallStatus": status, "DialCallSid": sid, "DialBridged": "false"}
            self._hang_up(legs, but=sid)
            began = self.line.pace.now()
            self._meet(self._between(verb), verb, is_private=True)
            seconds = max(1, round(self.line.pace.now() - began))
            return {
                "DialCallStatus": Status.COMPLETED,
                "DialCallSid": sid,
                "DialCallDuration": str(seconds),
                "DialBridged": "true",
            }
        finally:
            self._hang_up(legs)

    def _between(self, verb: Dial) -> Conference:
        """Return the terms on which this call is put through, recorded if the document says so."""
        return replace(
            _between(self.call_sid),
            record=verb.record,
            recording_callback=_whole(verb.recording_callback, self.resolve),
            recording_method=verb.recording_method,
        )

    def _first_to_answer(self, legs: list[str], verb: Dial) -> tuple[str, Status]:
        """Return the call that was answered first, or how the last of them failed."""
        ringing, last = set(legs), (legs[0], Status.NO_ANSWER)
        clock = Countdown(self.line.pace, verb.timeout)
        while event := self.wait(clock.left()):
            match event:
                case LegAnswered(sid) if sid in ringing:
                    return sid, Status.IN_PROGRESS
                case LegEnded(sid, status) if sid in ringing:
                    ringing.discard(sid)
                    last = (sid, status)
                    if not ringing:
                        return last
                case Key(key) if key == _STAR and verb.hangup_on_star:
                    return legs[0], Status.CANCELED
                case _:
                    pass
        return last[0], Status.NO_ANSWER

    def _hang_up(self, legs: list[str], but: str = "") -> None:
        for sid in legs:
            if sid != but:
                self.legs.hang_up(sid)


def _between(parent_sid: str) -> Conference:
    """Return the terms on which two calls are put through: one goes, both go."""
    return Conference(parent_sid, beep="false", end_on_exit=True)


def _complete(terms: Conference, resolve: Callable[[str], str]) -> Conference:
    """Return terms whose addresses are complete."""
    return replace(
        terms,
        wait_url=_whole(terms.wait_url, resolve),
        status_callback=_whole(terms.status_callback, resolve),
        recording_callback=_whole(terms.recording_callback, resolve),
    )


def _complete_number(number: Number, resolve: Callable[[str], str]) -> Number:
    return replace(
        number,
        url=_whole(number.url, resolve),
        status_callback=_whole(number.status_callback, resolve),
    )


def _whole(url: str, resolve: Callable[[str], str]) -> str:
    return resolve(url) if url else ""
