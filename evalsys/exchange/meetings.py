"""Conferences in progress: who is in, who hears whom, and what the application is told."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from evalsys.exchange.aside import Aside
from evalsys.exchange.attributes import TwimlFault
from evalsys.exchange.calls import Target
from evalsys.exchange.conferences import (
    EVENT_OF,
    Conference,
    ConferenceStatus,
    EndReason,
    event_params,
)
from evalsys.exchange.database import Callback
from evalsys.exchange.dialects import Dialect
from evalsys.exchange.line import Line, Parted
from evalsys.exchange.meeting_room import Member, Room, beep, mix
from evalsys.exchange.outbox import Outbox
from evalsys.exchange.recorder import Recorder
from evalsys.exchange.store import Store
from evalsys.exchange.verbs import Conference as Terms
from evalsys.exchange.wire import new_sid


class Meetings:
    """All conferences in progress."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        *,
        account: str,
        public_url: str,
        now: Callable[[], datetime],
        dialect: Dialect,
    ) -> None:
        """Begin with none; what an earlier run left open is ended by `recover`."""
        self._dialect = dialect
        self._store = store
        self._outbox = outbox
        self._account = account
        self._public_url = public_url
        self._now = now
        self._rooms: dict[tuple[bool, str], Room] = {}

    def recover(self) -> None:
        """End what an earlier run left in progress, and report it."""
        for record in self._store.conferences.unfinished():
            self._complete(Room(record, Terms(record.name)), EndReason.LAST_LEFT, "")

    def room(self, sid: str) -> Room | None:
        """Return a conference in progress by its sid."""
        rooms = (each for each in self._rooms.values() if not each.is_private)
        return next((each for each in rooms if each.record.sid == sid), None)

    def named(self, name: str) -> Room | None:
        """Return a conference in progress by its name."""
        return self._rooms.get((False, name))

    # Coming and going

    def expect(self, terms: Terms, call_sid: str) -> Member:
        """Note that a call is on its way to a conference, which opens with it if need be."""
        room = self._open(terms, is_private=False)
        member = room.members[call_sid] = self._member(room, terms, call_sid)
        return member

    def enter(
        self, terms: Terms, call_sid: str, line: Line, aside: Aside, *, is_private: bool = False
    ) -> Member | None:
        """Let a call in; None when the conference is full.

        Raises:
            TwimlFault: 12200, this carrier knows no conferences.
        """
        if not (is_private or self._dialect.has_conferences):
            raise TwimlFault(12200, "unknown noun <Conference>")
        room = self._open(terms, is_private=is_private)
        present = len(room.present)
        if present >= room.terms.most:
            return None
        member = room.members.get(call_sid) or self._member(room, terms, call_sid)
        room.members[call_sid] = member
        member.line, member.aside = line, aside
        room.was_entered = True
        if terms.wait_url:
            member.wait_music = Target(terms.wait_url, terms.wait_method)
        self._record(room, member, terms if is_private else room.terms)
        self._tell(room, "participant-join", member.facts)
        if room.record.status is ConferenceStatus.INIT:
            if present and any(each.start_on_enter for each in room.present):
                self._start(room)
            else:
                self._play_music(member)
        elif member.beep in {"true", "onEnter"}:
            beep(room, member)
        mix(room)
        return member

    def leave(self, member: Member, *, is_kicked: bool = False) -> None:
        """Let a call out, which may end the conference; once it is out, nothing happens."""
        room = member.room
        if room.members.get(member.call_sid) is not member:
            return
        was_present = member.line is not None
        self._remove(member, "participant_updated_via_api" if is_kicked else "participant_hung_up")
        if not was_present:
            if not room.members and room.was_entered:
                self._complete(room, EndReason.LAST_LEFT, "")
            elif not room.members:
                self._vanish(room)
            return
        if member.end_on_exit:
            reason = EndReason.HOST_KICKED if is_kicked else EndReason.HOST_LEFT
            self._complete(room, reason, member.call_sid)
        elif not room.present and not room.members:
            reason = EndReason.LAST_KICKED if is_kicked else EndReason.LAST_LEFT
            self._complete(room, reason, member.call_sid)
        else:
            if member.beep in {"true", "onExit"}:
                beep(room, member)
            mix(room)

    def kick(self, member: Member) -> None:
        """Send a call out of the conference; it goes on with its document."""
        line = member.line
        self.leave(member, is_kicked=True)
        if line is not None:
            line.inbox.put(Parted(member.ticket))

    def forget(self, call_sid: str) -> None:
        """Forget a call that ended before it came, or without saying so."""
        for room in list(self._rooms.values()):
            member = room.members.get(call_sid)
            if member is not None:
                self.leave(member)

    def end(self, room: Room) -> None:
        """End a conference because the API says so."""
        self._complete(room, EndReason.BY_API, "")

    # What the API does to members

    def mute(self, member: Member, *, is_on: bool) -> None:
        """Let nobody hear a call, or let it be heard again."""
        if member.muted != is_on:
            member.muted = is_on
            self._changed(member, "participant-mute" if is_on else "participant-unmute")

    def hold(self, member: Member, music: Target | None, *, is_on: bool) -> None:
        """Take a call out of earshot, with `music` if any, or back."""
        was_on, member.hold = member.hold, is_on
        member.hold_music = music if is_on else None
        self._play_music(member)
        if was_on != is_on:
            self._changed(member, "participant-hold" if is_on else "participant-unhold")

    def modify(
        self, member: Member, *, coach: str | None, end_on_exit: bool | None, beeps: bool | None
    ) -> None:
        """Change the terms of a call that is in; None leaves one as it is."""
        before = (member.coach, member.end_on_exit, member.beep)
        if coach is not None:
            member.coach = coach
        if end_on_exit is not None:
            member.end_on_exit = end_on_exit
        if beeps is not None:
            enters = member.beep in {"true", "onEnter"}
            member.beep = {(True, True): "true", (True, False): "onEnter"}.get(
                (enters, beeps), "onExit" if beeps else "false"
            )
        if (member.coach, member.end_on_exit, member.beep) != before:
            self._changed(member, "participant-modify")

    def announce(self, member: Member, target: Target) -> None:
        """Play something to one call."""
        if member.aside is None:
            return

        def ended(why: str) -> None:
            event = "announcement-fail" if why else "announcement-end"
            told = {"AnnounceUrl": target.url} | member.facts
            if why:
                told["ReasonAnnouncementFailed"] = why
            self._tell(member.room, event, told)
            self._play_music(member)

        member.aside.play(target, is_endless=False, ended=ended, **member.facts)

    def announce_to_all(self, room: Room, target: Target) -> None:
        """Play something to everybody."""
        for member in room.present:
            self.announce(member, target)

    def wait_with(self, member: Member, target: Target) -> None:
        """Change what a call hears until the conference starts."""
        member.wait_music = target if target.url else None
        self._play_music(member)

    def voice(self, member: Member, *, is_speaking: bool) -> None:
        """Report that a person began to speak, or stopped."""
        if not (member.muted or member.hold):
            event = "participant-speech-start" if is_speaking else "participant-speech-stop"
            self._tell(member.room, event, member.facts)

    # Inside

    def _open(self, terms: Terms, *, is_private: bool) -> Room:
        key = (is_private, terms.name)
        if key not in self._rooms:
            now = self._now()
            callback = (
                Target(terms.status_callback, terms.status_method)
                if terms.status_callback
                else None
            )
            record = Conference(
                self._dialect.new_sid("CF"),
                terms.name,
                now,
                now,
                callback=callback,
                events=terms.status_events,
            )
            room = self._rooms[key] = Room(record, terms, is_private)
            self._save(room)
        return self._rooms[key]

    def _member(self, room: Room, terms: Terms, call_sid: str) -> Member:
        now = self._now()
        return Member(
            room,
            call_sid,
            terms.label,
            terms.muted,
            terms.beep,
            terms.start_on_enter,
            terms.end_on_exit,
            terms.coach,
            now,
            now,
        )

    def _record(self, room: Room, member: Member, terms: Terms) -> None:
        """Keep the voice of a call that came in; from now on those of all, if that is wanted."""
        newcomers = [member]
        if room.recorder is None and terms.record:
            conference_sid = "" if room.is_private else room.record.sid
            room.recorder = Recorder(
                self._account, self._public_url, terms, conference_sid, self._dialect.new_sid
            )
            newcomers = room.present
        for each in newcomers:
            if room.recorder is not None and each.line is not None:
                room.recorder.joined(each.call_sid, each.line)

    def _start(self, room: Room) -> None:
        room.record = replace(room.record, status=ConferenceStatus.IN_PROGRESS)
        for each in room.present:
            if not each.hold:
                self._play_music(each)
        self._tell(room, "conference-start", {})

    def _play_music(self, member: Member) -> None:
        """Let a call hear what it should beside the others, from the beginning, or nothing."""

        def ended(why: str) -> None:
            if why == "leave":
                self.kick(member)

        if member.aside is None or member.line is None:
            return
        member.aside.stop()
        if (music := member.music) is not None:
            member.aside.play(music, is_endless=True, ended=ended, **member.facts)

    def _remove(self, member: Member, why: str) -> None:
        room, line = member.room, member.line
        del room.members[member.call_sid]
        if line is None:
            return
        if member.aside is not None:
            member.aside.stop()
        if room.recorder is not None:
            room.recorder.left(member.call_sid)
        line.hear(())
        member.line, member.hears = None, ()
        self._tell(room, "participant-leave", member.facts | {"ReasonParticipantLeft": why})

    def _complete(self, room: Room, reason: EndReason, ended_by: str) -> None:
        for each in list(room.members.values()):
            line = each.line
            self._remove(each, "moderator_ended_conference")
            if line is not None:
                line.inbox.put(Parted(each.ticket))
        self._rooms.pop((room.is_private, room.terms.name), None)
        room.record = replace(
            room.record, status=ConferenceStatus.COMPLETED, reason=reason, ended_by=ended_by
        )
        told = {"ReasonConferenceEnded": reason.value, "Reason": reason.value}
        if ended_by:
            told["CallSidEndingConference"] = ended_by
        self._tell(room, "conference-end", told)
        if room.recorder is not None:
            recording, callbacks = room.recorder.finish(self._now())
            self._store.save_recording(recording, callbacks)
            for callback in callbacks:
                self._outbox.wake(callback.call_sid)

    def _vanish(self, room: Room) -> None:
        """Close a conference to which nobody came: there is nothing to report."""
        room.record = replace(
            room.record, status=ConferenceStatus.COMPLETED, reason=EndReason.LAST_LEFT
        )
        self._rooms.pop((room.is_private, room.terms.name), None)
        self._save(room)

    def _changed(self, member: Member, event: str) -> None:
        member.updated_at = self._now()
        mix(member.room)
        if member.line is not None:
            self._tell(member.room, event, member.facts)

    def _tell(self, room: Room, event: str, more: Mapping[str, str]) -> None:
        """Save a conference that moved, with the callback that tells of it, as one."""
        record = replace(room.record, updated_at=self._now())
        callbacks: list[Callback] = []
        if record.callback is not None and EVENT_OF[event] in record.events:
            params = event_params(self._account, record, event, record.updated_at, more)
            target = record.callback
            callbacks.append(Callback(record.sid, target.url, target.method, params, new_sid("IT")))
            record = replace(record, reported=record.reported + 1)
        room.record = record
        self._save(room, callbacks)

    def _save(self, room: Room, callbacks: list[Callback] | None = None) -> None:
        if room.is_private:
            return
        self._store.conferences.save(room.record, callbacks or [])
        if callbacks:
            self._outbox.wake(room.record.sid)
