"""The switchboard: takes calls from the API, puts them on lines, reports how they went."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from gevent import Greenlet, joinall, spawn

from evalsys.exchange.calls import (
    EVENT_OF,
    EVENTS,
    Call,
    CallRequest,
    Recording,
    Status,
    Target,
    advance,
)
from evalsys.exchange.conversation import Conversation, Over
from evalsys.exchange.database import Callback
from evalsys.exchange.dialects import Dialect
from evalsys.exchange.line import (
    Answered,
    Audio,
    Divert,
    End,
    Event,
    HungUp,
    LegAnswered,
    LegEnded,
    Line,
    Refused,
    Ringing,
)
from evalsys.exchange.meetings import Meetings
from evalsys.exchange.outbox import Outbox
from evalsys.exchange.reports import (
    call_facts,
    recorded_params,
    recording_params,
    status_params,
    transcript_params,
)
from evalsys.exchange.sounds import Sounds
from evalsys.exchange.store import Store
from evalsys.exchange.verbs import Dial, Number, Record
from evalsys.exchange.webhooks import Webhooks
from evalsys.exchange.wire import Refusal, new_sid

_SIP_OK = 200
_SIP_BROKEN = 500
_SIP_CANCELLED = 487
_STOP_SECONDS = 3.0

_log = logging.getLogger(__name__)


class Lines(Protocol):
    """Where lines come from."""

    def line_to(self, number: str, caller: str, attempt: int) -> Line:
        """Return a line to `number`, for the `attempt`-th call ever placed to it."""


@dataclass(slots=True)
class _Live:
    """A call in progress: what is known of it, its line and the greenlet that steers it."""

    call: Call
    line: Line
    steering: "Greenlet[..., object] | None" = None


class Switchboard:
    """All calls in progress."""

    def __init__(  # noqa: PLR0913 - the parts of the machine
        self,
        store: Store,
        outbox: Outbox,
        webhooks: Webhooks,
        sounds: Sounds,
        lines: Lines,
        meetings: Meetings,
        *,
        account: str,
        public_url: str,
        now: Callable[[], datetime],
        dialect: Dialect,
    ) -> None:
        """Put calls of `account` on `lines`; recordings are found below `public_url`."""
        self._store = store
        self._outbox = outbox
        self._webhooks = webhooks
        self._lines = lines
        self._meetings = meetings
        self._account = account
        self._public_url = public_url
        self._now = now
        self._dialect = dialect
        self._sounds = sounds
        self._live: dict[str, _Live] = {}

    def recover(self) -> None:
        """End what an earlier run left in progress as failed, and report everything owed."""
        for call in self._store.unfinished():
            self._report(advance(call, Status.FAILED, self._now(), _SIP_BROKEN))
        self._meetings.recover()
        self._outbox.wake_all()

    def stop(self) -> None:
        """End all calls as failed and give their callbacks a moment to get through."""
        for live in list(self._live.values()):
            live.line.inbox.put(End(Status.FAILED))
        joinall([live.steering for live in self._live.values() if live.steering], timeout=1)
        self._outbox.stop(_STOP_SECONDS)

    @property
    def calls_in_progress(self) -> int:
        """How many calls are on the lines now."""
        return len(self._live)

    def place(self, request: CallRequest) -> Call:
        """Queue a call and start dialling; return it as queued."""
        now = self._now()
        call = Call(
            sid=self._dialect.new_sid("CA"), request=request, created_at=now, updated_at=now
        )
        if not request.parent_sid:
            self._trust(request.target, request.status_callback)
        attempt = self._store.attempts(request.to) + 1
        self._store.save_call(call)
        return self._begin(call, self._lines.line_to(request.to, request.caller, attempt))

    def receive(
        self,
        line: Line,
        *,
        caller: str,
        called: str,
        target: Target,
        status_callback: Target | None = None,
    ) -> Call:
        """Take a call that rings here: it is answered, and hears the document at `target`.

        Every step of it is told to `status_callback`.
        """
        now = self._now()
        request = CallRequest(
            called,
            caller,
            target,
            status_callback=status_callback,
            status_events=tuple(sorted(EVENTS)),
            comes_in=True,
        )
        call = Call(self._dialect.new_sid("CA"), request, created_at=now, updated_at=now)
        self._trust(target, status_callback)
        return self._begin(self._report(advance(call, Status.RINGING, now)), line)

    def _begin(self, call: Call, line: Line) -> Call:
        live = self._live[call.sid] = _Live(call, line)
        live.steering = spawn(self._steer, live)
        return call

    def status_of(self, sid: str) -> Status:
        """Return where a call stands that is in progress; completed when it is not."""
        live = self._live.get(sid)
        return live.call.status if live is not None else Status.COMPLETED

    # Calls that calls place

    def call_out(self, parent_sid: str, number: Number, verb: Dial) -> str:
        """Call a number for a <Dial>; see `bridging.Legs`."""
        parent = self._live[parent_sid].call.request
        request = CallRequest(
            to=number.to,
            caller=verb.caller or parent.caller,
            target=Target(number.url, number.method),
            status_callback=(
                Target(number.status_callback, number.status_method)
                if number.status_callback
                else None
            ),
            status_events=number.status_events,
            ring_seconds=verb.timeout,
            limit_seconds=verb.time_limit,
            parent_sid=parent_sid,
            send_digits=number.send_digits,
        )
        return self.place(request).sid

    def hang_up(self, sid: str) -> None:
        """End a call that a <Dial> placed; see `bridging.Legs`."""
        live = self._live.get(sid)
        if live is not None:
            live.line.inbox.put(End(Status.COMPLETED))

    def _tell_parent(self, call: Call, event: Event) -> None:
        parent = self._live.get(call.request.parent_sid)
        if parent is not None:
            parent.line.inbox.put(event)

    # What the API does to calls

    def end(self, sid: str, status: Status) -> None:
        """End a call: `completed` whatever it does, `canceled` only before it is answered.

        Raises:
            Refusal: 21220, the call is not in a state that allows it.
        """
        live = self._in_progress(sid)
        if live.call.status is Status.IN_PROGRESS and status is Status.CANCELED:
            raise Refusal(21220, "Call is already in progress. Cannot cancel; complete it instead.")
        live.line.inbox.put(End(status))

    def dump(self, sid: str) -> None:
        """Throw away what a delayed line has not heard yet.

        Raises:
            Refusal: 21220, the call is over.
        """
        self._in_progress(sid).line.dump()

    def divert(self, sid: str, target: Target) -> None:
        """Send an answered call to another document; one not yet answered will start with it.

        Raises:
            Refusal: 21220, the call is over.
        """
        live = self._in_progress(sid)
        self._trust(target)
        if live.call.status is Status.IN_PROGRESS:
            live.line.inbox.put(Divert(target))
        else:
            self._replace(live, replace(live.call.request, target=target))

    def report_to(self, sid: str, callback: Target) -> None:
        """Change where the status of a call in progress is reported.

        Raises:
            Refusal: 21220, the call is over.
        """
        live = self._in_progress(sid)
        self._replace(live, replace(live.call.request, status_callback=callback))

    def _trust(self, *targets: Target | None) -> None:
        """Let sounds come from where the holder of the token says the application is."""
        for target in targets:
            self._sounds.trust(target.url if target else "")

    def _replace(self, live: _Live, request: CallRequest) -> None:
        live.call = replace(live.call, request=request, updated_at=self._now())
        self._store.save_call(live.call)

    def _in_progress(self, sid: str) -> _Live:
        live = self._live.get(sid)
        if live is None:
            raise Refusal(21220, "Call is not in-progress. Cannot redirect.")
        return live

    # One call

    def _steer(self, live: _Live) -> None:
        """Take a call from dialling to its end; whatever happens, it ends and is reported."""
        status, sip_code = Status.FAILED, _SIP_BROKEN
        try:
            status, sip_code = self._dial(live)
            if status is Status.IN_PROGRESS:
                status, sip_code = self._converse(live), _SIP_OK
        except Exception:  # noqa: BLE001 - one broken call must not take the others down
            _log.exception("call %s broke", live.call.sid)
        finally:
            self._meetings.forget(live.call.sid)
            live.line.release()
            self._move(live, status, sip_code)
            del self._live[live.call.sid]
            self._tell_parent(live.call, LegEnded(live.call.sid, live.call.status))

    def _dial(self, live: _Live) -> tuple[Status, int]:
        """Ring until somebody answers or nobody will."""
        line = live.line
        self._move(live, Status.INITIATED)
        line.dial()
        end = line.pace.now() + live.call.request.ring_seconds
        while event := line.pace.receive(line.inbox, end - line.pace.now()):
            match event:
                case Ringing():
                    self._move(live, Status.RINGING)
                case Answered():
                    self._move(live, Status.IN_PROGRESS)
                    return Status.IN_PROGRESS, _SIP_OK
                case Refused(status, sip_code):
                    return status, sip_code
                case End(Status.COMPLETED | Status.CANCELED):
                    return Status.CANCELED, _SIP_CANCELLED
                case End(status):
                    return status, _SIP_BROKEN
                case HungUp():
                    return Status.NO_ANSWER, _SIP_CANCELLED
                case _:
                    pass
        return Status.NO_ANSWER, _SIP_CANCELLED

    def _converse(self, live: _Live) -> Status:
        """Carry out the application's documents; return how the call ended."""
        request = live.call.request
        if request.detects_machines:
            live.call = replace(live.call, answered_by=live.line.answered_by)
        conversation = Conversation(
            live.line,
            webhooks=self._webhooks,
            sounds=self._sounds,
            meetings=self._meetings,
            legs=self,
            facts=lambda: call_facts(self._account, live.call),
            keep=lambda audio, verb: self._keep(live.call, conversation, audio, verb),
            fallback=request.fallback,
            name=live.call.sid,
            limit_seconds=request.limit_seconds,
        )
        try:
            if not request.parent_sid or request.target.url:
                conversation.run(request.target)
            if request.parent_sid:
                self._tell_parent(live.call, LegAnswered(live.call.sid))
                conversation.stay_with(request.parent_sid, request.send_digits)
        except Over as over:
            return over.by.status if isinstance(over.by, End) else Status.COMPLETED
        return Status.COMPLETED

    def _move(self, live: _Live, status: Status, sip_code: int | None = None) -> None:
        """Move a call on and report it."""
        moved = advance(live.call, status, live.line.pace.at(self._now), sip_code)
        if moved is not live.call:
            live.call = self._report(moved)

    def _report(self, call: Call) -> Call:
        """Save a call that moved, with the callback that tells of it, as one."""
        request, callbacks = call.request, []
        if request.status_callback and EVENT_OF[call.status] in request.status_events:
            params = status_params(self._account, call)
            callbacks.append(_callback(call.sid, request.status_callback, params))
            call = replace(call, reported=call.reported + 1)
        # That it is being dialled shows nowhere: what the file has, "queued", says the same.
        if callbacks or call.status is not Status.INITIATED:
            self._store.save_call(call, callbacks)
        if callbacks:
            self._outbox.wake(call.sid)
        return call

    def _keep(
        self, call: Call, conversation: Conversation, audio: Audio, verb: Record
    ) -> Mapping[str, str]:
        """Keep what was recorded; report it as the document asked."""
        transcribes = verb.transcribe and self._dialect.transcribes
        recording = Recording(
            sid=self._dialect.new_sid("RE"),
            call_sid=call.sid,
            created_at=self._now(),
            seconds=max(1, round(audio.seconds)),
            media=audio.media,
            media_type=audio.media_type,
            transcription_sid=self._dialect.new_sid("TR") if transcribes else "",
            transcript=audio.transcript,
        )
        params = recording_params(self._account, self._public_url, recording)
        facts = call_facts(self._account, call)
        callbacks: list[Callback] = []
        if verb.status_callback and "completed" in verb.status_events:
            target = Target(conversation.resolve(verb.status_callback), verb.status_method)
            told = {**facts, **params, **recorded_params(recording)}
            callbacks.append(_callback(call.sid, target, told))
        if transcribes and verb.transcribe_callback:
            target = Target(conversation.resolve(verb.transcribe_callback))
            text = transcript_params(self._account, self._public_url, recording)
            callbacks.append(_callback(call.sid, target, {**facts, **params, **text}))
        self._store.save_recording(recording, callbacks)
        if callbacks:
            self._outbox.wake(call.sid)
        return params


def _callback(call_sid: str, target: Target, params: Mapping[str, str]) -> Callback:
    return Callback(call_sid, target.url, target.method, params, new_sid("IT"))
