"""A public promise 承诺 after it was made: reminder, proof, re-check by phone, kept or broken.

One rule for promises of single cadres on stage (Y53) and of units at the pledge assembly (Y69):
whoever promised hands in proof, households are asked, and a named person who did not hand in
the proof records with a basis whether it was kept. What was recorded stays; a later ruling
takes the place of an earlier one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from evalsys.domain.working_days import working_days_between
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation

HUNDRED: Final = 100


class PledgeStanding(StrEnum):
    """Where a promise stands, as everybody may know it."""

    RUNNING = "进行中"
    DUE_SOON = "临近到期"
    OVERDUE = "到期待核"
    KEPT = "已兑现"
    BROKEN = "未兑现"


class RecheckSays(StrEnum):
    """What the households said when they were asked."""

    KEPT = "群众说办到了"
    NOT_KEPT = "群众说没有办到"
    TOO_FEW = "回答过少，不作判断"


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised in public: the measure, the last day, and who answers for it."""

    measure: str
    due_on: date
    responsible: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was handed in to show that a promise was kept."""

    text: str
    handed_in_on: date
    by: str


@dataclass(frozen=True, slots=True)
class Recheck:
    """How households answered whether the promise was kept; `linked` were to be asked."""

    linked: int
    yes: int
    no: int
    unsure: int

    @property
    def answered(self) -> int:
        """How many gave any answer."""
        return self.yes + self.no + self.unsure

    def says(self, numbers: Mapping[str, int]) -> RecheckSays:
        """Judge the answers; who is not sure is on neither side.

        `numbers` are the rulebook's: `hide_below` (households), `pledge_kept_at` (percent).
        """
        sure = self.yes + self.no
        if self.answered < numbers["hide_below"] or not sure:
            return RecheckSays.TOO_FEW
        enough = self.yes * HUNDRED >= numbers["pledge_kept_at"] * sure
        return RecheckSays.KEPT if enough else RecheckSays.NOT_KEPT


@dataclass(frozen=True, slots=True)
class Ruling:
    """That a promise was kept or broken, by whom, on what basis."""

    kept: bool
    basis: str
    ruled_on: date
    by: str


@dataclass(frozen=True, slots=True)
class PledgeRecord:
    """A promise with everything that was recorded since, in its order."""

    promise: Promise
    reminded_on: tuple[date, ...] = ()
    proofs: tuple[Proof, ...] = ()
    recheck: Recheck | None = None
    rulings: tuple[Ruling, ...] = field(default=())

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that holds: the last one."""
        return self.rulings[-1] if self.rulings else None

    def standing(
        self, day: date, numbers: Mapping[str, int], holidays: Collection[date]
    ) -> PledgeStanding:
        """Say where the promise stands on `day`; before a ruling only the calendar speaks.

        `numbers["pledge_remind_days"]` working days before the last day it counts as due soon.
        """
        if self.ruling is not None:
            return PledgeStanding.KEPT if self.ruling.kept else PledgeStanding.BROKEN
        if day > self.promise.due_on:
            return PledgeStanding.OVERDUE
        left = working_days_between(day, self.promise.due_on, holidays)
        soon = left <= numbers["pledge_remind_days"]
        return PledgeStanding.DUE_SOON if soon else PledgeStanding.RUNNING

    def is_reminder_due(
        self, day: date, numbers: Mapping[str, int], holidays: Collection[date]
    ) -> bool:
        """Whether somebody should be reminded today: soon due or over, no proof, not yet told."""
        standing = self.standing(day, numbers, holidays)
        if self.proofs:
            return False
        if standing is PledgeStanding.DUE_SOON:
            return not self.reminded_on
        return standing is PledgeStanding.OVERDUE and not any(
            told > self.promise.due_on for told in self.reminded_on
        )


def rule_on(
    record: PledgeRecord,
    *,
    kept: bool,
    basis: str,
    day: date,
    by: str,
    numbers: Mapping[str, int],
) -> Ruling:
    """Record on `day` that a promise was kept or broken.

    Raises:
        InvalidInput: no basis was given.
        RuleViolation: it is broken before its last day is over; it is kept without any proof or
            answer, or against what households said; the ruling stands already; or it is made
            by whoever handed in the proof.
    """
    text = one_line(basis, "依据", longest=LONGEST_TEXT)
    if not text:
        raise InvalidInput(
            "请写明认定的依据。", remedy="例如：现场查看记录、回访结果。", place="依据"
        )
    if record.ruling is not None and record.ruling.kept is kept:
        raise RuleViolation(
            f"这项承诺已由 {record.ruling.by} 作出同样的认定。", remedy="无需操作。"
        )
    if any(proof.by == by for proof in record.proofs):
        raise RuleViolation("提交佐证的人不能认定自己的承诺是否兑现。", remedy="请由另一个人认定。")
    if not kept and day <= record.promise.due_on:
        raise RuleViolation(
            f"期限 {record.promise.due_on.isoformat()} 还没有过，不能认定未兑现。",
            remedy="请在期限过后再认定；提前办到的，可以先认定已兑现。",
        )
    if kept:
        _check_kept(record, numbers)
    return Ruling(kept, text, day, by)


def _check_kept(record: PledgeRecord, numbers: Mapping[str, int]) -> None:
    if not record.proofs and record.recheck is None:
        raise RuleViolation(
            "没有佐证，也没有回访，不能认定已兑现。", remedy="请先登记佐证，或由电话回访联系户。"
        )
    if record.recheck is not None and record.recheck.says(numbers) is RecheckSays.NOT_KEPT:
        raise RuleViolation(
            f"回访中多数群众说没有办到（办到 {record.recheck.yes} 户，"
            f"没有办到 {record.recheck.no} 户）。",
            remedy="请整改后再回访一次，以新的回访结果认定。",
        )
