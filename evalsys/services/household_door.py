"""How a household gets to its own page: a code that works once, by message or letter, no account.

Whoever types a telephone number hears the same, and is kept the same row, whether it is on the
roster or not; the message goes out later, from a task of its own, so that no answer's time tells.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain import household_page as rules
from evalsys.domain.household_page import Via
from evalsys.domain.phone_number import BadPhone, to_e164
from evalsys.errors import InvalidInput, LineDown, NotSignedIn, TooManyTries
from evalsys.ids import HouseholdCode, new_id
from evalsys.ports import CallGateway
from evalsys.store import audit
from evalsys.store import casework_people as people
from evalsys.store import household_door as store
from evalsys.store.database import Database
from evalsys.store.numbers import numbers_of
from evalsys.store.phone_box import PhoneBox

ACTOR = "system:household-door"
AT_ONCE = 20
"""Messages that one look sends at most."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Letter:
    number: str
    text: str


class HouseholdDoor:
    """Askings, codes and sittings."""

    def __init__(
        self, database: Database, box: PhoneBox, code_key: bytes, gateway: CallGateway, now: Clock
    ) -> None:
        """Send over `gateway`; codes are kept as their hash under `code_key`."""
        self._database = database
        self._box = box
        self._code_key = code_key
        self._gateway = gateway
        self._now = now

    def ask(self, typed: str, *, address: str) -> str:
        """Take a number to which a code may be sent; give what its code is bound to.

        Raises:
            InvalidInput: it is no telephone number.
            TooManyTries: this number or this address asked too often of late.
        """
        number = to_e164(typed)
        if isinstance(number, BadPhone):
            raise InvalidInput(f"{number.why}。", remedy="请核对后重新输入。", place="电话号码")
        now, blind, asking = self._now(), self._box.blind(number), new_id()
        since = now - rules.ASKED_WITHIN
        with self._database.write() as db:
            too_many = (
                store.asked_of(db, blind, since) >= rules.ASKED_A_NUMBER
                or store.asked_from(db, address, since) >= rules.ASKED_AN_ADDRESS
            )
            if not too_many:
                store.ask(db, asking, blind, address[:64], now)
        if too_many:
            raise TooManyTries("要得太频繁了。", remedy="请过一小时再试，或使用信上的代码。")
        return asking

    def enter(self, typed: str, asking: str, *, address: str) -> str:
        """Use a code up; give the token of the sitting that it opens, for the cookie.

        Raises:
            NotSignedIn: it opens nothing: wrong, used, too old, or from another browser.
            TooManyTries: too many codes were typed from this address, or at this message.
        """
        now = self._now()
        read = rules.read_code(typed)
        by_message = read is not None and read[0] is Via.MESSAGE
        bound = asking if by_message else ""
        with self._database.write() as db:
            too_many = store.tries_from(
                db, address, now - rules.TRIED_WITHIN
            ) >= rules.TRIED_AN_ADDRESS or (
                bound != "" and store.tries_at(db, bound) >= rules.TRIED_A_CODE
            )
            if not too_many:
                store.note_try(db, address[:64], bound, now)
                self._forget(db)
        if too_many:
            raise TooManyTries("试得太多了。", remedy="请过一刻钟再试，或重新要一个代码。")
        if read is None or (by_message and not asking):
            raise _not_admitted()
        with self._database.write() as db:
            found = store.use_code(db, self._mac(read[1], bound), now)
            if found is None:
                audit.record(db, now, ACTOR, "household_page.refused", "-")
            else:
                household, via = found
                token = secrets.token_urlsafe(32)
                store.sit_down(db, _sha256(token), household, via, now)
                detail = {"via": via.value}
                subject = f"household:{household}"
                audit.record(db, now, "household", "household_page.enter", subject, detail)
                return token
        raise _not_admitted()

    def household(self, token: str) -> str:
        """Say whose page a browser may see; keeps the sitting awake.

        Raises:
            NotSignedIn: nobody's: it never got in, left, or was idle for too long.
        """
        now = self._now()
        with self._database.write() as db:
            key = _sha256(token)
            found = store.sitting(db, key, now - rules.SITTING_LASTS) if token else None
            if found is not None:
                store.touch(db, key, now)
                return found.household
        raise NotSignedIn("这一页已经关上了。", remedy="请重新要一个代码。")

    def leave(self, token: str) -> None:
        """End a sitting; harmless when it ended before."""
        with self._database.write() as db:
            store.get_up(db, _sha256(token))

    def letters(
        self, db: Session, households: Sequence[str], *, actor: str, purpose: str
    ) -> dict[str, str]:
        """Make a code for a printed letter to each of these households, in the open transaction.

        What is printed is kept nowhere; each code works once, for thirty days, and the one of an
        earlier letter no more.
        """
        now = self._now()
        codes = {
            household: f"{secrets.randbelow(10**rules.LETTER_DIGITS):0{rules.LETTER_DIGITS}d}"
            for household in households
        }
        store.void_letters(db, households, now)
        for household, code in codes.items():
            expires = now + rules.LETTER_LASTS
            store.add_code(db, self._mac(code, ""), household, Via.LETTER, now, expires)
        detail = {"letters": len(codes), "purpose": purpose}
        audit.record(db, now, actor, "household_page.letters", "household_page", detail)
        return codes

    def look(self) -> int:
        """Send the codes that were asked for, forget what is over; return how many went out."""
        now = self._now()
        with self._database.read() as db:
            waiting = store.has_askings(db, now - rules.MESSAGE_LASTS)
        if not waiting:
            return 0
        with self._database.write() as db:
            self._forget(db)
            askings = store.take_askings(db, now - rules.MESSAGE_LASTS, now, AT_ONCE)
            letters = [one for asking in askings for one in self._letter(db, asking)]
            if letters:
                detail = {"numbers": len(letters)}
                audit.record(db, now, ACTOR, "phone.read", "household_page", detail)
        return sum(self._sent(letter) for letter in letters)

    def _forget(self, db: Session) -> None:
        """Forget what is over: who asked and who was here is nobody's business then."""
        now = self._now()
        store.forget(
            db,
            asked=now - rules.ASKED_WITHIN,
            tried=now - max(rules.TRIED_WITHIN, rules.MESSAGE_LASTS),
            seen=now - rules.SITTING_LASTS,
        )

    def _letter(self, db: Session, asking: store.Asking) -> list[_Letter]:
        """Write the message to a number that exactly one household has; to others none."""
        households = people.households_with_phone(db, asking.blind)
        if len(households) != 1:
            return []
        (household,) = households
        sealed = numbers_of(db, [HouseholdCode(household)]).get(household)
        if sealed is None or sealed.blind != asking.blind:
            return []
        code = f"{secrets.randbelow(10**rules.MESSAGE_DIGITS):0{rules.MESSAGE_DIGITS}d}"
        now = self._now()
        expires = now + rules.MESSAGE_LASTS
        mac = self._mac(code, asking.id)
        store.add_code(db, mac, household, Via.MESSAGE, now, expires)
        minutes = int(rules.MESSAGE_LASTS.total_seconds()) // 60
        text = (
            f"联系户页面代码：{code}，{minutes}分钟内有效，只能用一次。"
            "不是您本人索取的，请不要理会，也不要告诉任何人。"
        )
        return [_Letter(self._box.open(sealed.sealed, sealed.row), text)]

    def _sent(self, letter: _Letter) -> bool:
        try:
            self._gateway.send(letter.number, letter.text)
        except InvalidInput:
            return False
        except LineDown as down:
            _log.warning("a code did not go out: %s", down.what)
            return False
        return True

    def _mac(self, code: str, asking: str) -> bytes:
        return hmac.digest(self._code_key, f"{asking}|{code}".encode(), "sha256")


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _not_admitted() -> NotSignedIn:
    return NotSignedIn(
        "代码不对，或已经用过、过期。",
        remedy="短信代码要在索取它的这台手机上输入；也可以重新要一个。",
    )
