"""How long a campaign will take on so many lines, before it starts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from evalsys.domain.campaign.calendar import Calendar
from evalsys.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Load:
    """What is expected of one attempt on average; the defaults are those of a rural county."""

    attempts_a_household: Fraction = Fraction(2)
    answered_share: Fraction = Fraction(2, 5)
    ring_until_answered_s: Fraction = Fraction(15, 2)
    ring_in_vain_s: Fraction = Fraction(25)
    talk_s: Fraction = Fraction(90)
    clearing_s: Fraction = Fraction(5, 2)
    """Setting a call up and clearing the line after it."""

    @property
    def seconds_an_attempt(self) -> Fraction:
        """How long an attempt keeps a line, on average: 56.5 seconds by default."""
        answered = self.answered_share * (self.ring_until_answered_s + self.talk_s)
        return answered + (1 - self.answered_share) * self.ring_in_vain_s + self.clearing_s


@dataclass(frozen=True, slots=True)
class Trunk:
    """What may be used of the lines to the carrier."""

    channels: int
    reserved: int = 0
    """Kept free for a live session."""
    calls_a_second: Fraction = Fraction(20)

    @property
    def lines(self) -> int:
        """How many calls of campaigns may be under way at once."""
        return max(0, self.channels - self.reserved)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a campaign will take."""

    attempts: int
    days: Fraction
    """Of calling hours; holidays come on top."""
    ends_at: datetime | None
    """When it will be over if it starts now; absent without a start."""


def forecast(attempts: int, trunk: Trunk, calendar: Calendar, load: Load | None = None) -> Fraction:
    """Return the days of calling hours that so many attempts take.

    The lines limit it, or the number of calls that may be placed in a second.

    Raises:
        InvalidInput: no line is left, or there are no calling hours.
    """
    load = load or Load()
    seconds = calendar.seconds_a_day
    if trunk.lines < 1 or trunk.calls_a_second <= 0 or not seconds:
        raise InvalidInput(
            "没有可用的线路或拨打时段。",
            remedy="线路总数必须大于给直播会预留的条数，每秒至少拨一通，每天至少开放一个时段。",
            place="channels",
        )
    by_lines = attempts * load.seconds_an_attempt / (trunk.lines * seconds)
    by_pace = attempts / (trunk.calls_a_second * seconds)
    return max(by_lines, by_pace)


def forecast_campaign(
    households: int, trunk: Trunk, calendar: Calendar, *, now: datetime, load: Load | None = None
) -> Forecast:
    """Say how many attempts, days, and until when a campaign over `households` takes."""
    load = load or Load()
    attempts = round(households * load.attempts_a_household)
    days = forecast(attempts, trunk, calendar, load)
    return Forecast(attempts, days, _end(days, calendar, now))


def _end(days: Fraction, calendar: Calendar, now: datetime) -> datetime:
    left = timedelta(seconds=float(days * calendar.seconds_a_day))
    at = now
    while True:
        opens = calendar.next_open(at)
        closes = calendar.closing_after(opens)
        if opens + left <= closes:
            return opens + left
        left -= closes - opens
        at = closes
