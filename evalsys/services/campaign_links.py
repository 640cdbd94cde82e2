"""Links by short message: whoever was not reached answers the same interview on a page.

The token is in the message alone; we keep its hash. A link is good for one interview within seven
days, asks for the PIN like a call, and is none of the six attempts.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from evalsys.clock import Clock
from evalsys.domain.campaign.plan import OVER, Kind, State
from evalsys.domain.interview import Ask, Event, Farewell, Pressed, Spoken, Topic
from evalsys.domain.phone_number import is_plain_mobile
from evalsys.errors import InvalidInput, LineDown, NotFound, RuleViolation, StaleState
from evalsys.ids import AttemptId, MemberId, new_id
from evalsys.ports import CallGateway, CarrierCall
from evalsys.services.calls import Speech
from evalsys.services.campaign_calls import CampaignCalls
from evalsys.services.campaign_cases import still_to_ask
from evalsys.store import audit, campaign_due, campaign_links
from evalsys.store import campaign_queue as queue
from evalsys.store import campaigns as store
from evalsys.store.campaign_queue import WEB, CampaignCall
from evalsys.store.database import Database
from evalsys.store.numbers import numbers_of
from evalsys.store.phone_box import PhoneBox

ACTOR = "system:campaign-links"
GOOD_FOR = timedelta(days=7)
MOST_AT_ONCE = 10
_LEFT_AFTER = timedelta(hours=2)
CALLED_AFTER = timedelta(days=1)
"""Who had a link first is called when it lay unopened for so long."""
_UNREACHED = "县群众评议：电话没有打通，请点开填写，只需一分钟。"
_SAYS = {Kind.POLL: "县群众点菜：您家有一票，请点开回答，只需一分钟，答过就不再打电话。"}
_TOKEN_BYTES = 16
_TYPED = "typed"
"""Stands for the recording of a comment that was typed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Letter:
    member: MemberId
    number: str
    token: str
    kind: Kind


class CampaignLinks:
    """Sends links, and carries on the interviews that they begin."""

    def __init__(
        self,
        database: Database,
        calls: CampaignCalls,
        gateway: CallGateway,
        box: PhoneBox,
        public_url: str,
        now: Clock,
    ) -> None:
        """Send over `gateway`; the page lies below `public_url`."""
        self._database = database
        self._calls = calls
        self._gateway = gateway
        self._box = box
        self._public_url = public_url
        self._now = now

    def send_due(self) -> int:
        """Send a link to households that nobody reached; return how many went out."""
        with self._database.read() as db:
            running = store.campaigns(db, in_state=State.RUNNING)
        wanted = {one.id: one for one, _ in running if one.rules.sends_links}
        first = [one.id for one in wanted.values() if one.rules.links_first]
        if not wanted:
            return 0
        now = self._now()
        letters = []
        with self._database.write() as db:
            cases = campaign_links.cases_to_send(db, list(wanted), first, MOST_AT_ONCE)
            numbers = numbers_of(db, [household for _, household, _ in cases])
            for member, household, campaign in cases:
                campaign_links.keep_sent(db, member, now)
                sealed = numbers.get(household)
                number = self._box.open(sealed.sealed, sealed.row) if sealed else ""
                if not is_plain_mobile(number.removeprefix("+86")):
                    continue  # a landline takes no messages
                token = secrets.token_urlsafe(_TOKEN_BYTES)
                campaign_links.add(db, _hashed(token), member, now + GOOD_FOR)
                if campaign in first:
                    queue.put_off(db, member, now + CALLED_AFTER)
                letters.append(_Letter(member, number, token, wanted[campaign].kind))
            if letters:
                audit.record(db, now, ACTOR, "phone.read", "campaign", {"numbers": len(letters)})
        return sum(self._sent(letter) for letter in letters)

    def end_abandoned(self) -> None:
        """End the interviews that somebody began on a page and left."""
        with self._database.read() as db:
            left = campaign_links.abandoned(db, begun_before=self._now() - _LEFT_AFTER)
        for attempt in left:
            self._calls.report(attempt, CarrierCall(_sid_of(attempt), "completed", 0))

    def look(self) -> None:
        """Do what is due: send links, and end what was left."""
        self.end_abandoned()
        self.send_due()

    def _sent(self, letter: _Letter) -> bool:
        text = f"{_SAYS.get(letter.kind, _UNREACHED)}{self._public_url}/i/{letter.token}"
        try:
            self._gateway.send(letter.number, text)
        except InvalidInput:
            return False
        except LineDown as down:
            _log.warning("a link did not go out: %s", down.what)
            with self._database.write() as db:
                campaign_links.keep_sent(db, letter.member, None)
            return False
        return True

    def open(self, token: str) -> Speech:
        """Show where the interview of a link stands, and begin it when it is opened first.

        Raises:
            NotFound: there is no such link, or it is too old.
        """
        attempt = self._attempt(token)
        return self._calls.standing(attempt, _sid_of(attempt))

    def answer(self, token: str, topic: str, tries: int, text: str) -> Speech:
        """Take an answer: a key, a PIN, or the words of a comment.

        Raises:
            NotFound: there is no such link, or it is too old.
        """
        attempt = self._attempt(token)
        sid = _sid_of(attempt)
        try:
            at = Ask(Topic(topic), tries)
        except ValueError as error:
            raise NotFound("没有这一问。", remedy="请重新打开短信中的链接。") from error
        event: Event = Pressed(text)
        if at.topic is Topic.COMMENT:
            event = Spoken(_TYPED, 1 if text.strip() else 0)
        try:
            speech = self._calls.happened(attempt, sid, at, event)
        except StaleState:
            return self._calls.standing(attempt, sid)  # the page was sent twice, or is an old one
        if at.topic is Topic.COMMENT and text.strip():
            self._calls.transcribed(attempt, sid, _TYPED, text.strip())
        if isinstance(speech.step, Farewell):
            self._calls.report(attempt, CarrierCall(sid, "completed", 0))
        return speech

    def _attempt(self, token: str) -> AttemptId:
        """Return the interview of a link; the first time it is begun."""
        now, hashed = self._now(), _hashed(token)
        with self._database.write() as db:
            link = campaign_links.find(db, hashed)
            if link is None or now >= link.expires_at:
                raise NotFound("这个链接不能用了。", remedy="请拨打来电的号码，或等工作人员上门。")
            if link.attempt:
                return link.attempt
            case = queue.case_of(db, link.member, alone=True)
            if campaign_links.has_answered(db, case.id):
                raise RuleViolation("您家已经答过了。", remedy="一户只答一次，不用再填。")
            campaign = store.campaign(db, case.campaign)
            if campaign.state in OVER or campaign_due.busy_households(db, [case.household]):
                raise NotFound("现在不能填写。", remedy="活动可能已经结束，或正在给您家打电话。")
            answered = queue.answered_topics(db, [case.id])
            attempt = AttemptId(new_id())
            call = CampaignCall(
                id=attempt,
                campaign=case.campaign,
                member=case.id,
                household=case.household,
                n=None,
                # A comment that was typed is seen before it is sent: nothing to hear.
                asks=still_to_ask(case, answered.get(case.id, frozenset()) | {Topic.REVIEW}),
                placed_at=now,
                heard_at=now,
                sid=_sid_of(attempt),
            )
            queue.add_calls(db, [call])
            campaign_links.begin(db, hashed, attempt)
        self._calls.answered(attempt, _sid_of(attempt))
        return attempt


def _sid_of(attempt: AttemptId) -> str:
    return f"{WEB}{attempt}"


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
