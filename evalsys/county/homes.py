"""The households of one official: their papers, the official's claims, and the truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from evalsys.county import names, words
from evalsys.county.dice import Dice
from evalsys.county.people import Official
from evalsys.county.phones import PhoneBook
from evalsys.domain.protection import WRITTEN
from evalsys.domain.roster import RequestState
from evalsys.ids import HouseholdCode

SHARED_PER_MILLE: Final = 8
SECOND_PER_MILLE: Final = 80
WRONG_PER_MILLE: Final = 12
"""Well-formed numbers at which somebody else answers."""
REQUEST_PER_MILLE: Final = 105
SOLVED_PER_MILLE: Final = 920
PROTECTED_PER_MILLE: Final = 6
OWN_TIME_PER_MILLE: Final = 30

_MEASURES: Final = tuple(WRITTEN)
_TIMES: Final = ("09:00-11:00", "18:30-20:00", "19:00-20:30")
_UNSOLVED: Final = (
    RequestState.OPEN,
    RequestState.ESCALATED,
    RequestState.POLICY,
    RequestState.LEGACY,
)


Visits = tuple[tuple[date, str], ...]
"""Visits as recorded: date and note, in order."""

Request = tuple[date, str, RequestState, date | None, str]
"""A request as recorded: raised on, text, state, solved on, answer."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a household would say on the phone; one for each number at which it is reached."""

    visited: bool
    solved: bool | None
    score: int
    comment: str
    answers: int
    linked: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A household: what the official handed in, and what is so.

    `dialable` are the well-formed numbers, E.164, that only this household gave.
    """

    code: HouseholdCode
    head: str
    members: int
    phone: str
    more_phones: str
    visits: Visits
    request: Request | None
    dialable: tuple[str, ...]
    truth: Truth
    protection: str
    calling_time: str

    @property
    def is_wronged(self) -> bool:
        """Whether a claim about it is untrue."""
        solved = self.request is not None and self.request[2] is RequestState.SOLVED
        return (bool(self.visits) and not self.truth.visited) or (
            solved and self.truth.solved is False
        )


class Homes:
    """Makes the households of a county, official by official."""

    def __init__(self, seed: int, as_of: date, width: int) -> None:
        """Number households in a village with `width` digits; visits lie in the year of `as_of`."""
        self._dice = Dice(seed, "households")
        self._wishes = Dice(seed, "wishes")
        self._book = PhoneBook(seed)
        self._width = width
        self._in_village: dict[str, int] = {}
        self._days = [
            as_of - timedelta(days=back)
            for back in range((as_of - date(as_of.year, 1, 1)).days + 1)
        ]

    def phone(self) -> str:
        """Give a fresh number, for a cadre."""
        return self._book.new()

    def of(self, official: Official, own_phone: str) -> Iterator[Home]:
        """Make the households of one official, who can be reached at `own_phone`."""
        dice = self._dice
        liars_own = own_phone if official.lies_per_mille else ""
        shared = ""
        for left in range(official.households, 0, -1):
            dialable: tuple[str, ...] = ()
            if shared:
                phone, shared = shared, ""
            elif left > 1 and dice.happens(SHARED_PER_MILLE):
                # The next household is a relative's and hands in the same number.
                phone = shared = self._book.new()
            else:
                phone, dialable = self._book.handed_in(liars_own)
            more = ""
            if dice.happens(SECOND_PER_MILLE):
                more = self._book.new()
                dialable = (*dialable, f"+86{more}")
            yield self._home(official, phone, more, dialable)

    def _home(self, official: Official, phone: str, more: str, dialable: tuple[str, ...]) -> Home:
        dice = self._dice
        village = official.village.code
        number = self._in_village[village] = self._in_village.get(village, 0) + 1
        visits = self._visits(official)
        request = self._request(official)
        lies = official.lies_per_mille
        visited = not dice.happens(lies) if visits else dice.happens(150)
        solved = None
        if request is not None:
            solved = request[2] is RequestState.SOLVED and not dice.happens(lies)
        return Home(
            HouseholdCode(f"{village}{number:0{self._width}d}"),
            names.person(dice),
            1 + int(dice.random() * dice.random() * 7),
            phone,
            more,
            visits,
            request,
            dialable,
            self._truth(official, visits, visited=visited, solved=solved),
            self._wishes.one_of(_MEASURES) if self._wishes.happens(PROTECTED_PER_MILLE) else "",
            self._wishes.one_of(_TIMES) if self._wishes.happens(OWN_TIME_PER_MILLE) else "",
        )

    def _truth(
        self, official: Official, claimed: Visits, *, visited: bool, solved: bool | None
    ) -> Truth:
        dice = self._dice
        if (claimed and not visited) or solved is False:
            score = 1 if dice.random() < 0.6 else 2
        elif official.is_weak:
            score = 1 + int(dice.random() * 3)
        else:
            score = 5 if dice.random() < 0.55 else 4 if dice.random() < 0.75 else 3
        said = words.BLAME if score <= 2 else words.PLAIN if score == 3 else words.PRAISE
        comment = dice.one_of(said) if dice.random() < 0.45 else ""
        answers = 70 + int(dice.random() * 29) if dice.random() < 0.92 else int(dice.random() * 40)
        return Truth(visited, solved, score, comment, answers, not dice.happens(WRONG_PER_MILLE))

    def _visits(self, official: Official) -> Visits:
        dice = self._dice
        if not dice.happens(official.claims_per_mille):
            return ()
        day = dice.one_of(self._days)
        visit = (day, dice.one_of(words.VISITS))
        if dice.random() < 0.85:
            return (visit,)
        other = dice.one_of(self._days)
        if other == day:
            return (visit,)
        return tuple(sorted((visit, (other, dice.one_of(words.VISITS)))))

    def _request(self, official: Official) -> Request | None:
        dice = self._dice
        if not dice.happens(REQUEST_PER_MILLE):
            return None
        text, answer = dice.one_of(words.REQUESTS)
        text = text.format(village=official.village.name.removesuffix("村"))
        raised = dice.one_of(self._days)
        if dice.happens(SOLVED_PER_MILLE):
            solved = min(raised + timedelta(days=1 + int(dice.random() * 60)), self._days[0])
            return raised, text, RequestState.SOLVED, solved, answer
        return raised, text, dice.one_of(_UNSOLVED), None, ""
