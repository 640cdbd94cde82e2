"""What the carrier reports of calls, and what households answer: each webhook one transaction.

A webhook may come twice, late, out of order, or after a restart. It is carried out under the
lock of its session: the inbox says whether it had its effect already, the attempt says where the
interview stands, the session's record says whether the call is still wanted.
"""

import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.disposition import heard, lost
from evalsys.domain.interview import (
    Ask,
    Commented,
    DialectChosen,
    Ending,
    Event,
    Fact,
    Farewell,
    PinTyped,
    Pressed,
    Replied,
    Scored,
    Script,
    Silence,
    Spoken,
    Step,
    Topic,
    Turn,
    first_step,
    next_step,
)
from evalsys.domain.interview_arrangement import arranged, as_written, read_arrangement
from evalsys.domain.interview_script import Brief, words
from evalsys.domain.live import commands as c
from evalsys.domain.live.state import LiveState, hears_programmes
from evalsys.domain.live.words import ENDED, CallStatus, Reply, supersedes
from evalsys.errors import StaleState
from evalsys.ids import AttemptId, LiveId
from evalsys.ports import CarrierCall
from evalsys.services import live_session
from evalsys.services.call_briefs import ACTOR, brief_for
from evalsys.services.call_facts import fact_of, is_wanted, offers_air
from evalsys.services.chosen_dialect import remember
from evalsys.services.interview_scripts import script_of_session
from evalsys.services.live_session import LiveSessions
from evalsys.services.score import MOST_COMMENT_CHARACTERS, Scores
from evalsys.store import calls, interview_scripts, rhythms
from evalsys.store.calls import Answer, Attempt
from evalsys.store.campaigns import wish_of
from evalsys.store.database import Database

_ANSWER = "answer"
_WORDS_WITHIN = timedelta(minutes=2)
"""How long after the call a comment waits for its transcription."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Speech:
    """What the telephone says now, and what it then waits for."""

    step: Step
    text: str
    script: Script
    offers_air: bool = False
    """Whether the household is first to be asked if it would speak on stage."""
    options: tuple[str, ...] = ()
    """What may be chosen in a project poll, for the buttons of a page."""


@dataclass(frozen=True, slots=True)
class Scripts:
    """Every version of the scripts of live sessions, the newest last."""

    of_cadres: tuple[Script, ...]
    of_programmes: tuple[Script, ...]


class Calls:
    """The app's side of every call: where its interview stands and what follows.

    `key` makes the inbox's digests: without it, whoever reads the table could try the keys.
    """

    def __init__(
        self,
        database: Database,
        live_sessions: LiveSessions,
        scores: Scores,
        scripts: Scripts,
        key: bytes,
        now: Clock,
    ) -> None:
        """Interview by the last of `scripts`; calls that began by an earlier one end by it."""
        self._database = database
        self._live = live_sessions
        self._scores = scores
        self._newest = scripts
        self._pinned: dict[LiveId, Script] = {}
        self._scripts = {
            script.sha256: script for script in (*scripts.of_cadres, *scripts.of_programmes)
        }
        self._key = key
        self._now = now

    def script_for(self, live: LiveId, state: LiveState) -> Script:
        """Return the script by which a session interviews: from its opening on the same one."""
        every = self._newest.of_programmes if hears_programmes(state) else self._newest.of_cadres
        if live in self._pinned:
            return self._pinned[live]
        with self._database.read() as db:
            found = script_of_session(db, live, every[-1], until=state.opened_at or self._now())
        if state.opened_at is not None:
            self._pinned[live] = found
        return found

    @property
    def script(self) -> Script:
        """The script about cadres; it also apologises when nothing is known of a call."""
        return self._newest.of_cadres[-1]

    # --- the interview ------------------------------------------------------------------

    def answered(self, attempt: AttemptId, sid: str) -> Speech:
        """Open the conversation: somebody picked up.

        Raises:
            NotFound: there is no such attempt.
            StaleState: the carrier said this before, of another call.
        """
        with self._open(attempt, sid) as hook:
            self._progress(hook, CallStatus.IN_PROGRESS)
            turn = Turn(first_step(self._heard_as(hook.step.db, hook.call)))
            return self._once(hook, _ANSWER, "", turn)

    def happened(self, attempt: AttemptId, sid: str, at: Ask, event: Event | None) -> Speech:
        """Go on with the interview after what happened at question `at`.

        No event means that the carrier asks once more because we failed the first time:
        it goes on from wherever we got.

        Raises:
            NotFound: there is no such attempt.
            StaleState: something else was answered here before, or this is not being asked.
        """
        with self._open(attempt, sid) as hook:
            script = self._heard_as(hook.step.db, hook.call)
            turn = next_step(script, at, event or Silence())
            speech = self._once(hook, f"{at.topic}/{at.tries}", meaning_of(event), turn)
            offers = offers_air(hook.step.db, hook.step.state, hook.call, at, speech.step)
            return replace(speech, offers_air=offers)

    def asked_now(self, attempt: AttemptId, sid: str) -> Speech:
        """Say where the interview stands, after the way to the stage; as `happened` raises."""
        with self._open(attempt, sid) as hook:
            call = hook.call
            wanted = hook.is_ours and is_wanted(hook.step.state, call)
            standing = call.step if wanted else None
            return self._speech(hook.step.db, call, standing or Farewell(Ending.CLOSED))

    def _once(self, hook: "_Webhook", asked: str, meaning: str | None, turn: Turn) -> Speech:
        db, call = hook.step.db, hook.call
        if not hook.is_ours:
            return self._speech(db, call, Farewell(Ending.CLOSED))
        said = f"{call.id}|{asked}|{hook.sid}|{meaning or ''}"
        mac = hmac.digest(self._key, said.encode(), "sha256")
        before = calls.answer_to(db, call.id, asked)
        if before is not None:
            if meaning is not None and before.contradicts(mac):
                raise StaleState("这一问已有回答，以第一次为准。")
            return self._speech(db, call, before.step)
        if not is_wanted(hook.step.state, call):
            return self._speech(db, call, Farewell(Ending.CLOSED))
        if asked != _standing(call):
            raise StaleState("现在问的不是这一问。")
        self._keep_fact(hook, turn.fact)
        calls.keep_answer(db, call.id, asked, Answer(mac, turn.step))
        speech = self._speech(db, call, turn.step)
        keyed = isinstance(turn.fact, Replied)
        rhythms.note(db, call.id, self._now(), keyed=keyed, says=speech.text)
        return speech

    def _keep_fact(self, hook: "_Webhook", fact: Fact | None) -> None:
        step, call = hook.step, hook.call
        match fact:
            case Replied(Topic.IDENTITY, reply):
                if reply is Reply.NO:
                    step.tell(c.MarkNotLinked(call.j, call.k))
            case Replied(topic, reply):
                claimed = topic.is_claim and self._brief(step.db, call, topic).knows(topic)
                step.tell(c.RecordReply(call.j, call.k, topic.value, reply, claimed))
            case Scored(score):
                sha256 = self._scores.seal_score_in(
                    step.db, call.live, call.j, call.k, score, cadre=call.cadre, attempt=call.id
                )
                step.tell(c.CommitScore(call.j, call.k, sha256))
            case Commented(recording):
                self._keep_recording(hook, recording)
            case DialectChosen(dialect):
                remember(step.db, call.household, dialect, self._now())
            case None:
                pass

    def _speech(self, db: Session, call: Attempt, step: Step) -> Speech:
        script = self._heard_as(db, call)
        topic = step.topic if isinstance(step, Ask) else None
        brief = Brief("") if topic is None else self._brief(db, call, topic)
        return Speech(step, words(script, brief, step), script)

    def _brief(self, db: Session, call: Attempt, topic: Topic) -> Brief:
        name = self._script_of(call).name
        is_of_programme = any(name == each.name for each in self._newest.of_programmes)
        return brief_for(db, call, topic, is_of_programme=is_of_programme, now=self._now())

    def _heard_as(self, db: Session, call: Attempt) -> Script:
        """Return the script in this household's order, polarity and dialect."""
        script = self._script_of(call)
        dialect = wish_of(db, call.household).dialect if script.dialects else ""
        order = read_arrangement(call.asks) if call.asks else as_written(script)
        return arranged(script, order, dialect)

    def _script_of(self, call: Attempt) -> Script:
        if call.script not in self._scripts:
            with self._database.read() as db:
                found = interview_scripts.with_identity(db, call.script)
            self._scripts[call.script] = found or self.script
        return self._scripts[call.script]

    # --- the call -----------------------------------------------------------------------

    def report(
        self, attempt: AttemptId, report: CarrierCall, *, sip_code: int | None = None
    ) -> None:
        """Take the carrier's word on a call; late, repeated and reordered words change nothing.

        Raises:
            NotFound: there is no such attempt.
        """
        with self._open(attempt, report.sid) as hook:
            status = heard(report.status, reached=hook.call.status, sip_code=sip_code)
            self._progress(hook, status, report.talk_s)

    def placed(self, attempt: AttemptId, sid: str) -> None:
        """Note that the carrier took the call."""
        with self._database.write() as db:
            calls.keep_sid(db, attempt, sid)

    def invalid(self, attempt: AttemptId) -> None:
        """Note that the carrier refused the number: it cannot be called."""
        self._end(attempt, CallStatus.FAILED)

    def never_placed(self, attempt: AttemptId) -> None:
        """Note that the carrier did not take the call: nothing rang, it does not count."""
        self._end(attempt, CallStatus.VOID)

    def gone(self, attempt: AttemptId, sid: str) -> None:
        """Note that the carrier knows nothing of the call any more."""
        with self._open(attempt, sid) as hook:
            self._progress(hook, lost(hook.call.status))

    def checked(self, attempt: AttemptId) -> None:
        """Note that the carrier was asked about a call."""
        with self._database.write() as db:
            calls.keep_heard(db, attempt, self._now())

    def _end(self, attempt: AttemptId, status: CallStatus) -> None:
        with self._open(attempt) as hook:
            # A webhook that overtook the carrier's refusal knows better.
            if not hook.call.sid:
                self._progress(hook, status)

    def _progress(self, hook: "_Webhook", status: CallStatus, talk_s: int = 0) -> None:
        if not hook.is_ours or not supersedes(status, hook.call.status):
            return
        now = self._now()
        hook.call = replace(
            hook.call,
            status=status,
            rang_at=now if status is CallStatus.RINGING else hook.call.rang_at,
            answered_at=now if status is CallStatus.IN_PROGRESS else hook.call.answered_at,
            ended_at=now if status in ENDED else None,
        )
        calls.keep_status(hook.step.db, hook.call)
        if status in ENDED:
            rhythms.cut_loose(hook.step.db, hook.call)
            calls.forget_digests(hook.step.db, hook.call.id)
        hook.step.tell(fact_of(hook.call, talk_s))

    # --- comments -----------------------------------------------------------------------

    def recorded(self, attempt: AttemptId, sid: str, recording: str, take: int = 1) -> None:  # noqa: ARG002 - spoken once
        """Take note of a recorded comment; its words follow, perhaps.

        Raises:
            NotFound: there is no such attempt.
        """
        with self._open(attempt, sid) as hook:
            self._keep_recording(hook, recording)

    def transcribed(self, attempt: AttemptId, sid: str, recording: str, text: str) -> None:
        """Hand a comment on with its words, apart from who gave it; once.

        Raises:
            NotFound: there is no such attempt.
        """
        with self._open(attempt, sid) as hook:
            self._keep_recording(hook, recording)
            if hook.is_ours and hook.call.recording == recording:
                self._hand_on(hook.step.db, hook.call, text[:MOST_COMMENT_CHARACTERS])

    def hand_on_waiting_comments(self) -> None:
        """Hand on, as recordings alone, the comments whose words did not come in time."""
        with self._database.write() as db:
            overdue = self._now() - _WORDS_WITHIN
            for call in calls.waiting_comments(db, ended_before=overdue):
                self._hand_on(db, call, "")

    def _keep_recording(self, hook: "_Webhook", recording: str) -> None:
        call = hook.call
        if not hook.is_ours or call.recording is not None:
            return
        calls.keep_recording(hook.step.db, call.id, recording)
        hook.step.tell(c.RecordComment(call.j, call.k))
        hook.call = replace(call, recording=recording)

    def _hand_on(self, db: Session, call: Attempt, text: str) -> None:
        if not call.recording:
            return
        self._scores.keep_comment_in(
            db, call.live, call.j, cadre=call.cadre, text=text, recording=call.recording
        )
        calls.forget_recording(db, call.id)

    @contextmanager
    def _open(self, attempt: AttemptId, sid: str = "") -> Iterator["_Webhook"]:
        with self._database.read() as db:
            live = calls.get(db, attempt).live
        with self._live.step(live, actor=ACTOR) as step:
            # Read again under the session's lock: what was read before may be out of date.
            call = calls.get(step.db, attempt)
            calls.keep_heard(step.db, attempt, self._now())
            if sid and not call.sid:
                # The first webhook may overtake the API's answer.
                calls.keep_sid(step.db, attempt, sid)
                call = replace(call, sid=sid)
            hook = _Webhook(step, call, sid or call.sid)
            if not hook.is_ours:
                _log.warning("attempt %s: a second call, %s, is not listened to", attempt, sid)
            yield hook


@dataclass(slots=True)
class _Webhook:
    """One report while its transaction is open."""

    step: live_session.Step
    call: Attempt
    sid: str
    """Of the call that the report is about."""

    @property
    def is_ours(self) -> bool:
        """Whether it is the call that this attempt placed, not a second one by mistake."""
        return self.call.sid == self.sid


def meaning_of(event: Event | None) -> str | None:
    """Write what happened for the inbox's digest; nothing when the carrier only asks again."""
    match event:
        case None:
            return None
        case Pressed(key):
            return f"pressed {key}"
        case PinTyped(is_right):
            return f"pin {is_right}"
        case Spoken(recording, seconds):
            return f"spoken {recording} {seconds}"
        case Silence():
            return ""


def _standing(call: Attempt) -> str:
    """Name the webhook that the call waits for."""
    match call.step:
        case None:
            return _ANSWER
        case Ask(topic, tries):
            return f"{topic}/{tries}"
        case Farewell():
            return ""
