"""The interviews of campaigns: each webhook one transaction, on the engine that live sessions use.

Answers are sealed as they come and wait with the case; when the interview is finished they go to
the ballot box, apart from the household, and only *that* it answered stays. Key 9 and a refusal
throw them away. A call that was put down goes on at the open question next time.
"""

import hmac
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.campaign.contact import contact_of
from evalsys.domain.campaign.plan import OVER, Campaign, Kind
from evalsys.domain.campaign.policy import Contact, Tried
from evalsys.domain.disposition import heard, lost
from evalsys.domain.interview import (
    Ask,
    Commented,
    DialectChosen,
    Ending,
    Event,
    Fact,
    Farewell,
    Identified,
    PinTyped,
    Pressed,
    Replied,
    Scored,
    Script,
    Silence,
    Step,
    Topic,
    Turn,
    Unsaid,
    Voted,
    first_step,
    next_step,
)
from evalsys.domain.interview_arrangement import arranged, read_arrangement
from evalsys.domain.interview_script import Brief, needs_brief, words
from evalsys.domain.live.words import ENDED, CallStatus, Reply, supersedes
from evalsys.domain.local_date import local_date
from evalsys.errors import StaleState
from evalsys.ids import AttemptId
from evalsys.ports import CarrierCall
from evalsys.services.calls import Speech, meaning_of
from evalsys.services.campaign_briefs import ACTOR, brief_for
from evalsys.services.campaign_callbacks import Callbacks
from evalsys.services.campaign_cases import FINISHED, Pins, close_contact
from evalsys.services.campaign_comments import (
    hand_on,
    keep_words,
    may_be_taken_back,
    take_back,
)
from evalsys.services.campaign_hook import ANSWERED, Hook, standing
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.chosen_dialect import remember
from evalsys.services.interview_scripts import InterviewScripts
from evalsys.services.poll_voices import PollPins, PollVoices
from evalsys.services.score import Scores
from evalsys.store import calls
from evalsys.store import campaign_answers as answers
from evalsys.store import campaign_queue as queue
from evalsys.store.ballot_box import BallotSlot
from evalsys.store.calls import Answer
from evalsys.store.campaign_queue import CampaignCall
from evalsys.store.database import Database

_CLOSED = Farewell(Ending.CLOSED)
_WORDS_WITHIN = timedelta(minutes=2)

_log = logging.getLogger(__name__)
_Told = TypeVar("_Told")


class CampaignCalls:
    """The app's side of every call of a campaign; the same doors as `Calls`."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it stands on
        self,
        database: Database,
        scores: Scores,
        slot: BallotSlot,
        scripts: InterviewScripts,
        key: bytes,
        now: Clock,
        zone: ZoneInfo,
        desk: CaseworkDesk,
    ) -> None:
        """Interview by `scripts`; `key` makes the digests of the inbox and the PINs.

        What a callback learns of a request goes to `desk`.
        """
        self._database = database
        self._scores = scores
        self._slot = slot
        self.scripts = scripts
        self.script = scripts.every_shipped[-1]
        self._key = hmac.digest(key, b"evalsys/campaign-answers", "sha256")
        self.pins = Pins(hmac.digest(key, b"evalsys/campaign-pins", "sha256"))
        self._now = now
        self._zone = zone
        self._callbacks = Callbacks(desk)
        self._voices = PollVoices(PollPins.of(key), zone)
        self._heard_as = lru_cache(maxsize=512)(self._arranged)

    def script_of(self, identity: str) -> Script:
        """Return the script with this identity, which is kept since its first use."""
        return self.scripts.of(identity) or self.script

    # --- the interview ------------------------------------------------------------------

    def answered(self, attempt: AttemptId, sid: str) -> Speech:
        """Open the conversation: somebody picked up. See `Calls.answered`."""

        def begin(hook: Hook) -> Speech:
            self._note(hook, CallStatus.IN_PROGRESS)
            return self._once(hook, ANSWERED, "", Turn(first_step(hook.script)))

        return self._together(attempt, sid, begin)

    def machine(self, attempt: AttemptId, sid: str) -> Speech:
        """Hang up on an answering machine: its household is called in another part of the day."""
        with self._open(attempt, sid) as hook:
            if hook.is_ours and hook.call.ended_at is None:
                self._close(hook, CallStatus.COMPLETED, Contact.MACHINE)
            return self._speech(hook, _CLOSED)

    def standing(self, attempt: AttemptId, sid: str) -> Speech:
        """Say again where the interview stands; nothing happens by it."""
        with self._open(attempt, sid) as hook:
            over = hook.call.ended_at is None and self._is_over(hook)
            return self._speech(hook, _CLOSED if over else hook.call.step or _CLOSED)

    def happened(self, attempt: AttemptId, sid: str, at: Ask, event: Event | None) -> Speech:
        """Go on with the interview after what happened at question `at`. See `Calls.happened`."""

        def go_on(hook: Hook) -> Speech:
            learnt = self._proved(hook, at, event)
            turn = next_step(hook.script, at, learnt or Silence())
            return self._once(hook, f"{at.topic}/{at.tries}", meaning_of(event), turn)

        return self._together(attempt, sid, go_on)

    def _proved(self, hook: Hook, at: Ask, event: Event | None) -> Event | None:
        """Tell the engine of a typed PIN only whether it is right; a single key is no PIN."""
        if at.topic is not Topic.PIN or not isinstance(event, Pressed) or len(event.key) < 2:
            return event
        call = hook.call
        if hook.campaign.kind is Kind.POLL:
            right = self._voices.pin_of(hook.db, call.campaign, call.household)
        else:
            right = self.pins.pin_of(call.campaign, call.household, hook.script.pin_digits)
        return PinTyped(hmac.compare_digest(event.key, right))

    def _once(self, hook: Hook, asked: str, meaning: str | None, turn: Turn) -> Speech:
        db, call = hook.db, hook.call
        if not hook.is_ours:
            return self._speech(hook, Farewell(Ending.CLOSED))
        said = f"{call.id}|{asked}|{hook.sid}|{meaning or ''}"
        mac = hmac.digest(self._key, said.encode(), "sha256")
        # A question that is open has no answer yet: the call stands where its last answer led.
        is_open = asked == standing(call)
        before = None if is_open else answers.answer_to(db, call.id, asked)
        if before is not None:
            if meaning is not None and before.contradicts(mac):
                raise StaleState("这一问已有回答，以第一次为准。")
            return self._speech(hook, before.step)
        if call.ended_at is not None or self._is_over(hook):
            return self._speech(hook, _CLOSED)
        if not is_open:
            raise StaleState("现在问的不是这一问。")
        if isinstance(turn.fact, DialectChosen):
            self._speak(hook, turn.fact.dialect)
        self._keep_fact(hook, turn.fact)
        answers.keep_answer(db, call.id, asked, Answer(mac, turn.step))
        hook.keep(step=calls.written(turn.step))
        speech = self._speech(hook, turn.step)
        keyed = isinstance(turn.fact, Replied | Identified)
        hook.keep_rhythm(self._now(), keyed=keyed, says=speech.text)
        return speech

    def _is_over(self, hook: Hook) -> bool:
        """Say whether nobody needs this answer any more."""
        if hook.campaign.state in OVER:
            return True
        is_asked = hook.campaign.kind is Kind.POLL and not isinstance(hook.call.step, Farewell)
        return is_asked and self._voices.is_over(hook.db, hook.call, self._now())

    def _keep_fact(self, hook: Hook, fact: Fact | None) -> None:
        match fact:
            case Replied(topic, reply):
                self._keep_reply(hook, topic, reply)
            case Voted(answer):
                self._voices.cast(hook.db, hook.call, answer)
            case Scored(score):
                self._seal(hook, Topic.SCORE, str(score))
            case Commented(recording):
                self._keep_recording(hook, recording)
            case Unsaid(speaks_anew):
                take_back(hook.db, hook.call, self._now(), speaks_anew=speaks_anew)
            case _:
                pass

    def _speak(self, hook: Hook, dialect: str) -> None:
        remember(hook.db, hook.call.household, dialect, self._now())
        hook.case = replace(hook.case, dialect=dialect)
        hook.script = self._script(hook.db, hook.campaign, hook.call, dialect)

    def _keep_reply(self, hook: Hook, topic: Topic, reply: Reply) -> None:
        if topic is Topic.CONSENT and reply is Reply.YES:
            hook.keep(has_agreed=True)
        if topic in {Topic.CONSENT, Topic.IDENTITY}:
            return
        self._seal(hook, topic, reply.value)
        if topic is Topic.SOLVED and hook.campaign.kind is Kind.CALLBACK:
            self._callbacks.keep(hook.db, hook.case.id, reply)

    def _seal(self, hook: Hook, topic: Topic, value: str) -> None:
        case = hook.case
        answers.seal_pending(hook.db, self._slot, case.id, topic, value, case.about)

    def _speech(self, hook: Hook, step: Step) -> Speech:
        topic = step.topic if isinstance(step, Ask) else None
        brief = self._brief(hook, topic) if topic and needs_brief(hook.script, step) else Brief("")
        options: tuple[str, ...] = ()
        if topic is Topic.CHOOSE:
            options = self._voices.titles(hook.db, hook.campaign.id)
        return Speech(step, words(hook.script, brief, step), hook.script, options=options)

    def _brief(self, hook: Hook, topic: Topic) -> Brief:
        now = self._now()
        if hook.campaign.kind is Kind.POLL:
            today = local_date(now, self._zone)
            return self._voices.brief(hook.db, hook.campaign.id, today)
        return brief_for(hook, topic, now)

    def _script(self, db: Session, campaign: Campaign, call: CampaignCall, dialect: str) -> Script:
        script = self._heard_as(campaign.script, call.asks, dialect)
        is_poll = campaign.kind is Kind.POLL
        return self._voices.heard_by(db, campaign.id, script) if is_poll else script

    def _arranged(self, script: str, asks: str, dialect: str) -> Script:
        return arranged(self.script_of(script), read_arrangement(asks), dialect)

    # --- the call -----------------------------------------------------------------------

    def report(
        self, attempt: AttemptId, report: CarrierCall, *, sip_code: int | None = None
    ) -> None:
        """Take the carrier's word on a call; late, repeated and reordered words change nothing.

        Raises:
            NotFound: there is no such attempt.
        """

        def take_note(db: Session) -> None:
            rings = report.status == CallStatus.RINGING
            # Half of what is reported: of a call that was only placed there is nothing to look up.
            if rings and queue.rings(db, attempt, report.sid, self._now()):
                return
            with self._hook(db, attempt, report.sid) as hook:
                self._note(hook, heard(report.status, reached=hook.call.status, sip_code=sip_code))

        self._database.write_together(take_note)

    def placed(self, sids: Mapping[AttemptId, str]) -> None:
        """Note that the carrier took these calls."""
        self._database.write_together(lambda db: queue.keep_sids(db, sids))

    def never_placed(self, attempt: AttemptId, *, number_is_bad: bool = False) -> None:
        """Note that the carrier did not take the call, or refused the number for good."""
        with self._open(attempt) as hook:
            # A webhook that overtook the carrier's refusal knows better.
            if not hook.call.sid:
                self._note(hook, CallStatus.FAILED if number_is_bad else CallStatus.VOID)

    def gone(self, attempt: AttemptId, sid: str) -> None:
        """Note that the carrier knows nothing of the call any more."""
        with self._open(attempt, sid) as hook:
            self._note(hook, lost(hook.call.status))

    def checked(self, attempt: AttemptId) -> None:
        """Note that the carrier was asked about a call."""
        with self._database.write() as db:
            queue.keep_call(db, attempt, heard_at=self._now())

    def _note(self, hook: Hook, status: CallStatus) -> None:
        if not hook.is_ours or not supersedes(status, hook.call.status):
            return
        hook.call = replace(hook.call, status=status)
        if status in ENDED:
            self._end(hook, status)
            return
        changed: dict[str, object] = {"status": status.value, "heard_at": self._now()}
        if status is CallStatus.IN_PROGRESS:
            changed["answered_at"] = changed["heard_at"]
        hook.keep(**changed)

    def _end(self, hook: Hook, status: CallStatus) -> None:
        call = hook.call
        self._close(hook, status, contact_of(status, call.step, has_agreed=call.has_agreed))

    def _close(self, hook: Hook, status: CallStatus, contact: Contact) -> None:
        call, now = hook.call, self._now()
        if contact not in FINISHED and call.recording:
            # Whoever was not free to speak, or refused after all, has said nothing.
            take_back(hook.db, call, now, speaks_anew=False)
        if contact is Contact.CARRIER_FAILED:
            hook.keep(n=None)  # it does not count: its number is free again
        hook.keep(status=status.value, ended_at=now, heard_at=now)
        hook.cut_loose()
        close_contact(hook.db, hook.campaign, hook.case, Tried(contact, now), ACTOR, self._zone)
        if contact in FINISHED and hook.campaign.kind is Kind.CALLBACK:
            self._callbacks.finish(hook.db, hook.campaign.id, hook.case.id, now)

    # --- comments -----------------------------------------------------------------------

    def recorded(self, attempt: AttemptId, sid: str, recording: str, take: int = 1) -> None:
        """Take note of a recorded comment; its words follow, perhaps."""

        def keep(db: Session) -> None:
            # Mostly it follows the answer that named it.
            if queue.keeps_recording(db, attempt, sid):
                return
            with self._hook(db, attempt, sid) as hook:
                step = hook.call.step
                if isinstance(step, Ask) and step.topic is Topic.COMMENT and step.tries == take:
                    self._keep_recording(hook, recording)

        self._database.write_together(keep)

    def transcribed(self, attempt: AttemptId, sid: str, recording: str, text: str) -> None:
        """Hand a comment on with its words, apart from who gave it; once."""

        def take_words(hook: Hook) -> None:
            call = hook.call
            if not hook.is_ours or call.recording != recording:
                return
            if may_be_taken_back(call, hook.script):
                keep_words(hook.db, self._scores, call, text)
            else:
                hand_on(hook.db, self._scores, call, hook.case, text)

        self._together(attempt, sid, take_words)

    def hand_on_waiting_comments(self) -> None:
        """Hand on, as recordings alone, the comments whose words did not come in time."""
        overdue = self._now() - _WORDS_WITHIN
        with self._database.read() as db:
            waiting = queue.waiting_comments(db, ended_before=overdue)
        if not waiting:
            return
        with self._database.write() as db:
            for call in queue.waiting_comments(db, ended_before=overdue):
                hand_on(db, self._scores, call, queue.case_of(db, call.member), "")

    def _keep_recording(self, hook: Hook, recording: str) -> None:
        if hook.is_ours and hook.call.recording is None:
            hook.keep(recording=recording)
            hook.call = replace(hook.call, recording=recording)

    @contextmanager
    def _open(self, attempt: AttemptId, sid: str = "") -> Iterator[Hook]:
        with self._database.write() as db, self._hook(db, attempt, sid) as hook:
            yield hook

    def _together(self, attempt: AttemptId, sid: str, act: Callable[[Hook], _Told]) -> _Told:
        """Let `act` take a webhook of an interview; many come at the same moment."""

        def change(db: Session) -> _Told:
            with self._hook(db, attempt, sid) as hook:
                return act(hook)

        return self._database.write_together(change)

    @contextmanager
    def _hook(self, db: Session, attempt: AttemptId, sid: str) -> Iterator[Hook]:
        call, case, campaign = queue.open_call(db, attempt)
        script = self._script(db, campaign, call, case.dialect)
        hook = Hook(db, call, case, campaign, script, sid or call.sid)
        if sid and not call.sid:
            # The first webhook may overtake the API's answer.
            hook.keep(sid=sid, heard_at=self._now())
            hook.call = replace(call, sid=sid)
        if not hook.is_ours:
            _log.warning("attempt %s: a second call, %s, is not listened to", attempt, sid)
        yield hook
        if hook.changes:
            queue.keep_call(db, attempt, **hook.changes)
