"""Handsets in browsers: who holds which number, and what each page should show."""

import secrets
import time
from collections.abc import Callable

from gevent import sleep, spawn
from gevent.event import Event

from evalsys.exchange.handset_line import HandsetLine
from evalsys.exchange.households import Household

_REACHABLE_SECONDS = 6.0
"""A page that has not asked for news this long is closed: the script answers instead."""
_LOST_SECONDS = 40.0
"""A page gone this long in mid-call has hung up."""
_FORGOTTEN_SECONDS = 3600.0
_LOOK_ROUND_SECONDS = 5.0
_MOST_HANDSETS = 500
_MOST_NUMBERS = 50
"""Whose messages one page that takes any call shows: those of the latest."""

Take = Callable[[HandsetLine, str, str], object]
"""Takes a call that comes in: its line, who calls, and which number."""


class Handset:
    """One page that holds a number, or waits for whatever call comes next."""

    def __init__(self, number: str) -> None:
        """Hold `number`; empty: any."""
        self.calls_back = False
        """Whether the person may call who called last."""
        self.token = secrets.token_urlsafe(24)
        self.number = number
        self.line: HandsetLine | None = None
        self.version = 1
        self.mail = 0
        """How often something changed in the messages it shows."""
        self._called_as: list[str] = []
        self.is_taken = False
        """Whether another page holds the number now."""
        self._news = Event()
        self._watching = 0
        self._seen_at = time.monotonic()

    @property
    def is_reachable(self) -> bool:
        """Whether the page is open and free.

        One that takes any call takes one, and the next only when it was put away.
        """
        is_free = self.line is None or (bool(self.number) and self.line.is_over)
        return is_free and not self.is_taken and self.unseen_seconds < _REACHABLE_SECONDS

    @property
    def mail_numbers(self) -> tuple[str, ...]:
        """Whose messages it shows: its number's; a page for any call, of all it was called as."""
        return (self.number,) if self.number else tuple(self._called_as)

    @property
    def unseen_seconds(self) -> float:
        """How long the page has not been heard of."""
        return 0.0 if self._watching else time.monotonic() - self._seen_at

    def ring(self, caller: str, called: str, role: Household | None) -> HandsetLine:
        """Put a call on this handset."""
        self.line = HandsetLine(caller, called, role, self.changed)
        if called not in self._called_as:
            self._called_as = [*self._called_as, called][-_MOST_NUMBERS:]
        return self.line

    def put_away(self) -> None:
        """Leave the ended call and stand by again."""
        if self.line is not None and self.line.is_over:
            self.line = None
            self.changed()

    def give_up(self) -> None:
        """Leave the number to another page."""
        self.is_taken = True
        self.changed()

    def changed(self) -> None:
        """Tell the page that there is something new."""
        self.version += 1
        self._news.set()
        self._news = Event()

    def wait(self, known_version: int, seconds: float) -> dict[str, object]:
        """Return what the page should show, at once or as soon as it is news."""
        self._watching += 1
        try:
            if known_version == self.version:
                self._news.wait(seconds)
        finally:
            self._watching -= 1
            self._seen_at = time.monotonic()
        call: dict[str, object] = {"phase": "idle"} if self.line is None else self.line.as_json()
        if self.is_taken:
            call = {"phase": "ended", "ended": "taken"}
        can = self.calls_back and self.line is not None and self.line.is_over and not self.is_taken
        return {
            "version": self.version,
            "number": self.number,
            "call_back": can,
            "mail": f"{','.join(self.mail_numbers)} {self.mail}",
            **call,
        }


class Handsets:
    """All handsets; one number is held by the page that asked last."""

    def __init__(self) -> None:
        """Start with none, and look round for pages that were closed."""
        self._by_token: dict[str, Handset] = {}
        self._take: Take | None = None
        self._watch = spawn(self._look_round)

    def __len__(self) -> int:
        return len(self._by_token)

    def take_calls(self, take: Take) -> None:
        """Let pages call back who called them; `take` speaks with them."""
        self._take = take

    def call_back(self, handset: Handset) -> None:
        """Call who called a handset last, where somebody takes such calls."""
        last = handset.line
        if self._take is None or last is None or not last.is_over or handset.is_taken:
            return
        line = HandsetLine(last.caller, last.called, last.role, handset.changed, comes_in=True)
        handset.line = line
        self._take(line, last.called, last.caller)

    def register(self, number: str) -> Handset | None:
        """Hold `number` (empty: whichever is called next); None when there are too many pages."""
        for other in list(self._by_token.values()):
            if number and other.number == number and other.is_reachable:
                other.give_up()
        if len(self._by_token) >= _MOST_HANDSETS:
            return None
        handset = Handset(number)
        handset.calls_back = self._take is not None and not number.startswith("client:")
        self._by_token[handset.token] = handset
        return handset

    def held_with(self, token: str) -> Handset | None:
        """Return the handset of a page."""
        return self._by_token.get(token)

    def release(self, handset: Handset) -> None:
        """Give a number back to its script; a call in progress is hung up."""
        if handset.line is not None:
            handset.line.hang_up()
        self._by_token.pop(handset.token, None)
        handset.changed()  # nobody goes on waiting for its news

    def holds(self, number: str) -> bool:
        """Say whether a page holds a number."""
        return any(each.number == number and not each.is_taken for each in self._by_token.values())

    def mail(self, number: str) -> None:
        """Let the pages with a number know that there is something new in its messages."""
        for handset in self._by_token.values():
            if number in handset.mail_numbers:
                handset.mail += 1
                handset.changed()

    def line_to(self, number: str, caller: str, role: Household | None) -> HandsetLine | None:
        """Return a line to the page that holds `number`, else to one that takes any call.

        A page that takes any call takes those to households only: `role` is not None.
        """
        free = [each for each in self._by_token.values() if each.is_reachable]
        for wanted in (number, "") if role else (number,):
            for handset in free:
                if handset.number == wanted:
                    return handset.ring(caller, number, role)
        return None

    def _look_round(self) -> None:
        while True:
            sleep(_LOOK_ROUND_SECONDS)
            for handset in list(self._by_token.values()):
                if handset.line is not None and handset.unseen_seconds > _LOST_SECONDS:
                    handset.line.hang_up()
                if handset.unseen_seconds > _FORGOTTEN_SECONDS:
                    del self._by_token[handset.token]
