"""Due times and lamps, computed from events, calendar and policy: never kept as truth.

A clock starts when the server took the request in, whatever a handheld claims (L23), and runs on
through hand-overs, disputes and re-classing. A pause adds the working days that it took, as far as
its reason and the request as a whole have days left: pausing again never makes the cap anew.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evalsys.domain.casework.policy import Policy, Unit
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Duty, Lamp, Step
from evalsys.domain.casework.workdays import Workdays

_ORDER = {duty: n for n, duty in enumerate(Duty)}


@dataclass(frozen=True, slots=True)
class Due:
    """Something that has to be done, and by when."""

    duty: Duty
    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of the answer: when it began, turns yellow and is over; what pauses took."""

    began_at: datetime
    yellow_at: datetime
    due_at: datetime
    paused_workdays: int
    limit_class: str
    policy: str
    """Version of the policy that it was computed with."""

    def lamp(self, now: datetime, *, is_open: bool = True, is_paused: bool = False) -> Lamp:
        """Tell the lamp of `now`; red wins over a pause, which cannot hide what is overdue."""
        if not is_open:
            return Lamp.OFF
        if now >= self.due_at:
            return Lamp.RED
        if is_paused:
            return Lamp.PAUSED
        return Lamp.YELLOW if now >= self.yellow_at else Lamp.GREEN


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Calendar and policy together; one is made a transaction."""

    days: Workdays
    policy: Policy
    version: str

    def clock(self, file: RequestFile) -> Clock:
        """Compute the clock of the answer."""
        began = self.days.day_of(file.filed.received_at)
        limit = self.policy.limit(file.limit_class)
        allowed = limit.days.on(began) + file.extended_days
        paused = self.paused_workdays(file)
        if limit.unit is Unit.WORKDAYS:
            last = self.days.add(began, allowed + paused)
        else:
            last = self.days.add(began + timedelta(days=allowed), paused)
        due = self.days.end_of(last)
        left = self.policy.number("yellow_percent", began)
        yellow = self.days.share_between(file.filed.received_at, due, 100 - left)
        return Clock(
            file.filed.received_at, min(yellow, due), due, paused, limit.name, self.version
        )

    def paused_workdays(self, file: RequestFile) -> int:
        """Count the working days that pauses took, none of them beyond its cap."""
        if not file.pauses:
            return 0
        began = self.days.day_of(file.filed.received_at)
        taken: dict[str, int] = defaultdict(int)
        for pause in file.pauses:
            reason = self.policy.pauses.get(pause.reason)
            if reason is not None and pause.until > pause.since:
                taken[pause.reason] += self.days.between(pause.since, pause.until)
        whole = sum(
            min(days, self.policy.pauses[name].cap.on(began)) for name, days in taken.items()
        )
        return min(whole, self.policy.number("pause_cap_workdays", began))

    def is_pause_over(self, file: RequestFile, now: datetime) -> bool:
        """Say whether the last day of its pause has gone by, though nobody has resumed it."""
        return bool(file.pauses) and now >= self.days.end_of(file.pauses[-1].until)

    def pause_left(self, file: RequestFile, reason: str) -> int:
        """Count the working days that a pause for `reason` may still take."""
        began = self.days.day_of(file.filed.received_at)
        used = sum(
            self.days.between(each.since, each.until)
            for each in file.pauses
            if each.reason == reason and each.until > each.since
        )
        of_reason = self.policy.pauses[reason].cap.on(began) - used
        of_all = self.policy.number("pause_cap_workdays", began) - self.paused_workdays(file)
        return max(0, min(of_reason, of_all))

    def duties(self, file: RequestFile, clock: Clock | None = None) -> list[Due]:
        """List what has to be done, the soonest first.

        For a closed request nothing, unless its household says that it is not done.

        `clock` is the request's, where it was computed already.
        """
        if not file.is_open:
            return list(self._denied(file))
        found = self._duties(file, clock or self.clock(file))
        return sorted(found, key=lambda due: (due.at, _ORDER[due.duty]))

    def _denied(self, file: RequestFile) -> Iterator[Due]:
        """Whoever is above decides as soon as a close needs its second person."""
        if file.waits_for_reopening and file.confirmed_at is not None:
            began = self.days.day_of(file.filed.received_at)
            yield Due(Duty.REOPEN, self._after(file.confirmed_at, "approve_workdays", began))

    def _duties(self, file: RequestFile, clock: Clock) -> Iterator[Due]:
        received = file.filed.received_at
        began = self.days.day_of(received)
        if file.verified_at is None:
            verify = began + timedelta(days=self.policy.number("verify_days", began))
            yield Due(Duty.VERIFY, self.days.end_of(verify))
        if file.offered_at is not None:
            is_torn = file.step is Step.DISPUTED
            duty, number = (
                (Duty.SETTLE, "settle_workdays") if is_torn else (Duty.ACCEPT, "accept_workdays")
            )
            yield Due(duty, self._after(file.offered_at, number, began))
        if file.proposed_at is not None and file.proposed is not None:
            yield Due(Duty.APPROVE, self._after(file.proposed_at, "approve_workdays", began))
        if file.longer_asked_at is not None and file.longer_limit:
            yield Due(Duty.APPROVE, self._after(file.longer_asked_at, "approve_workdays", began))
        for summons in file.summonses:
            if summons.came_at is None:
                yield Due(Duty.ATTEND, summons.respond_by)
        if file.is_paused:
            yield Due(Duty.RESUME, self.days.end_of(file.pauses[-1].until))
        else:
            yield from self._running(file, began)
        yield Due(Duty.ANSWER, clock.due_at)

    def _running(self, file: RequestFile, began: date) -> Iterator[Due]:
        """What a clock asks for only while it is not paused."""
        told = file.answered_at or file.filed.received_at
        if not file.has_reply:
            yield Due(Duty.INTERIM, self._after(told, "interim_workdays", began))
        hold = self.policy.hold_workdays(file.level, began)
        if hold is not None and file.level > 1 and file.held_since is not None:
            held = self.days.day_of(file.held_since)
            yield Due(Duty.REPORT, self.days.end_of(self.days.add(held, hold)))

    def _after(self, at: datetime, number: str, began: date) -> datetime:
        days = self.policy.number(number, began)
        return self.days.end_of(self.days.add(self.days.day_of(at), days))

    def is_longer(self, limit_class: str, file: RequestFile) -> bool:
        """Say whether a class gives more time than the present one, counted on the calendar."""
        began = self.days.day_of(file.filed.received_at)
        return self._last(limit_class, began) > self._last(file.limit_class, began)

    def _last(self, limit_class: str, began: date) -> date:
        limit = self.policy.limit(limit_class)
        days = limit.days.on(began)
        if limit.unit is Unit.WORKDAYS:
            return self.days.add(began, days)
        return began + timedelta(days=days)
