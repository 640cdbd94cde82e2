"""A project poll on the telephone: what is said, who may answer, and the voice itself (G05).

A voice counts as its key is pressed, in the webhook's transaction; its household may have spoken
on the page or by a link meanwhile, and then the first word holds. Nothing of it stays with the
case: that a household spoke and what it said are kept apart, as on the page.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.domain.interview import Script, Topic
from evalsys.domain.interview_script import Brief
from evalsys.domain.local_date import local_date
from evalsys.domain.polls import PollStage, Voiced, chosen, results
from evalsys.domain.scoring import HIDE_BELOW
from evalsys.ids import CampaignId
from evalsys.store import polls as store
from evalsys.store.campaign_queue import WEB, CampaignCall

PIN_DIGITS = 8


@dataclass(frozen=True, slots=True)
class PollPins:
    """The PINs of a poll's letters: computed from a key, kept nowhere."""

    key: bytes

    @classmethod
    def of(cls, key: bytes) -> "PollPins":
        """Derive them from the installation's key."""
        return cls(hmac.digest(key, b"evalsys/poll-pins", "sha256"))

    def pin_of(self, poll: int, household: str) -> str:
        """Return a household's PIN in a poll."""
        mac = hmac.digest(self.key, f"{poll}|{household}".encode(), "sha256")
        return f"{int.from_bytes(mac[:8]) % 10**PIN_DIGITS:0{PIN_DIGITS}}"


class PollVoices:
    """The bridge from an interview to the poll that it asks for."""

    def __init__(self, pins: PollPins, zone: ZoneInfo) -> None:
        """Stages begin and end with the days of `zone`."""
        self._pins = pins
        self._zone = zone

    def pin_of(self, db: Session, campaign: CampaignId, household: str) -> str:
        """Return the PIN that the household has in its letter of this poll."""
        return self._pins.pin_of(store.asked_by(db, campaign).poll, household)

    def is_over(self, db: Session, call: CampaignCall, now: datetime) -> bool:
        """Say whether a voice would not count any more: the stage is over, or there is one."""
        asked = store.asked_by(db, call.campaign)
        running = store.poll(db, asked.poll).plan.running(local_date(now, self._zone))
        return (
            running is None
            or running.stage is not asked.stage
            or store.has_voice(db, asked.poll, asked.stage, call.household)
        )

    @staticmethod
    def heard_by(db: Session, campaign: CampaignId, script: Script) -> Script:
        """Leave of a script's keys those that a project stands behind."""
        asked = store.asked_by(db, campaign)
        if asked.stage is not PollStage.CHOOSE:
            return script
        known = set(store.poll(db, asked.poll).plan.answers(asked.stage))
        questions = tuple(
            replace(one, keys={key: answer for key, answer in one.keys.items() if answer in known})
            if one.topic is Topic.CHOOSE
            else one
            for one in script.questions
        )
        return replace(script, questions=questions)

    @staticmethod
    def brief(db: Session, campaign: CampaignId, today: date) -> Brief:
        """Tell what is said of the poll; nothing of the household."""
        poll = store.poll(db, store.asked_by(db, campaign).poll)
        titles = [one.title for one in poll.plan.options]
        return Brief(
            "",
            poll=f"{poll.grid_name}的“{poll.plan.title}”",
            options="；".join(f"{title}，请按{n}" for n, title in enumerate(titles, start=1)),
            projects="、".join(titles[n - 1] for n in built(db, poll, today)),
        )

    @staticmethod
    def titles(db: Session, campaign: CampaignId) -> tuple[str, ...]:
        """Name the projects of the poll, for buttons; none in a stage that does not choose."""
        asked = store.asked_by(db, campaign)
        if asked.stage is not PollStage.CHOOSE:
            return ()
        return tuple(one.title for one in store.poll(db, asked.poll).plan.options)

    @staticmethod
    def cast(db: Session, call: CampaignCall, answer: str) -> None:
        """Keep a voice, unless the household has one in this stage."""
        asked = store.asked_by(db, call.campaign)
        if store.has_voice(db, asked.poll, asked.stage, call.household):
            return
        way = Voiced.LINK if call.sid.startswith(WEB) else Voiced.CALL
        store.cast(db, asked.poll, asked.stage, call.household, answer, way)


def built(db: Session, poll: store.Poll, today: date) -> tuple[int, ...]:
    """Number the projects that were chosen, the most wanted first; none before that is told."""
    voices, counts = store.counted(db, poll.id)
    told = results(poll.plan, poll.households, voices, counts, today, HIDE_BELOW)
    return tuple(chosen(poll.plan, told[0]))
