"""The course of a session: which line of a transcript may follow which (draw.md, 4-7).

manifest, open, the master dice; then for each slot its dice, the drawn cadre, the household
order and the calls; close or abort at the end. Namings 点名 may stand anywhere after open, and
may have a household order and calls of their own, under j = 0. With a beacon, a bound and
revealed round follows the master dice, stands for the dice of each slot, and precedes each
household order: see `verify_beacon`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Never

from evalsys.domain.beacon import BeaconRules
from evalsys.domain.draw import household_seed, master_seed, slot_seed
from evalsys.domain.manifest import Manifest
from evalsys.domain.transcript import Body, Transcript, TranscriptEntry
from evalsys.domain.verify_beacon import (
    BoundRound,
    bind_problem,
    pulse_of,
    randomness_of,
    reveal_problem,
)
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber

Fact = tuple[int, TranscriptEntry]
"""A line about one position of a household order, and its number in the file from 1."""


@dataclass(slots=True)
class Calling:
    """What the transcript says about one cadre's households."""

    hh_bound: BoundRound | None = None
    """The round that orders the households; None without a beacon."""
    order: Body | None = None
    """Body of the `hh_order` line; None when the households were never called."""
    facts: list[Fact] = field(default_factory=list)
    quiz: Body | None = None
    """Body of the `quiz` line; None when nothing was asked."""
    quiz_bound: BoundRound | None = None
    """The round that chose what was asked; None without a beacon."""

    def quiz_seed(self, seed: str, cadre: CadreNumber) -> str:
        """Compute what chooses the questions about the households of `cadre`."""
        return household_seed(seed, cadre, **randomness_of(self.quiz_bound))

    def household_seed(self, seed: str, cadre: CadreNumber) -> str:
        """Compute what orders the households of `cadre`; `seed` is S_j, or S0 of a naming."""
        return household_seed(seed, cadre, **randomness_of(self.hh_bound))


@dataclass(slots=True, kw_only=True)
class SlotCourse(Calling):
    """What the transcript says about slot `j`."""

    j: int
    digits: str = ""
    """The slot's dice; empty with a beacon."""
    bound: BoundRound | None = None
    """The slot's round of the beacon; None without one."""
    drawn: Body | None = None
    """Body of the `slot` line."""

    def seed(self, master: str) -> str:
        """Compute S_j of a drawn slot."""
        return slot_seed(master, self.j, **{"randomness": self.digits, **randomness_of(self.bound)})


@dataclass(slots=True, kw_only=True)
class NamingCourse(Calling):
    """What the transcript says about one naming."""

    named: Body
    """Body of the `named` line."""


@dataclass(slots=True)
class Course:
    """A whole session, legal so far."""

    manifest_sha256: str
    rehearsal: bool | None = None
    """None before the `open` line."""
    digits: str = ""
    rolled_at: datetime | None = None
    """When the master dice were recorded."""
    bound: BoundRound | None = None
    """The round of the master seed; None without a beacon."""
    slots: list[SlotCourse] = field(default_factory=list)
    namings: list[NamingCourse] = field(default_factory=list)
    naming_rounds: list[BoundRound] = field(default_factory=list)
    """The rounds bound for the households of namings."""
    end: TranscriptEntry | None = None
    """The `close` or `abort` line; None while the session goes on."""

    def seed(self) -> str:
        """Compute S0 of a session that has come to its first slot or household order."""
        return master_seed(self.manifest_sha256, self.digits, **randomness_of(self.bound))


def follow(transcript: Transcript, manifest: Manifest, manifest_sha256: str) -> Course:
    """Read the lines in order; raises InvalidInput at the first that may not stand there."""
    follower = _Follower(manifest, manifest_sha256)
    for number, entry in enumerate(transcript.entries, start=1):
        follower.take(number, entry)
    return follower.course


class _Follower:
    def __init__(self, manifest: Manifest, manifest_sha256: str) -> None:
        self.course = Course(manifest_sha256)
        self._manifest = manifest
        self._manifest_sha256 = manifest_sha256
        self._line = 0
        self._called: dict[str, Calling] = {}
        """By cadre, the calling whose order was published last."""
        self._now_called: set[str] = set()
        """The cadres whose households may still be opened."""
        self._named: dict[str, NamingCourse] = {}
        self._nameable: frozenset[str] = frozenset()
        """The cadres who were named before the round `naming_round` was bound."""
        self._naming_round: BoundRound | None = None
        """Bound for the households of a naming, and not used yet."""
        self._waiting: BoundRound | None = None
        self._takers: Mapping[str, Callable[[TranscriptEntry], None]] = {
            "manifest": self._manifest_line,
            "open": self._open,
            "dice": self._dice,
            "bind": self._bind,
            "beacon": self._beacon,
            "slot": self._slot,
            "hh_order": self._hh_order,
            "hh_open": self._fact_while_calling,
            "score": self._fact_while_calling,
            "call": self._fact,
            "hh_final": self._fact,
            "quiz": self._quiz,
            "named": self._name,
            "abort": self._abort,
            "close": self._close,
        }

    def take(self, line: int, entry: TranscriptEntry) -> None:
        self._line = line
        if self.course.end is not None:
            self._refuse("会议已经结束，其后不得再有记录")
        if line > 2 and entry.type in {"manifest", "open"}:
            self._refuse("清单与开场各只能有一次")
        if line <= 2 and entry.type != ("manifest", "open")[line - 1]:
            self._refuse("实录须以 manifest、open 两行开头")
        if entry.sigs and not self._manifest.witness_keys:
            self._refuse("清单没有登记见证人，不得有签名")
        self._takers[entry.type](entry)

    @property
    def _rules(self) -> BeaconRules:
        rules = self._manifest.beacon
        if rules is None:
            self._refuse("清单没有约定随机信标")
        return rules

    @property
    def _current(self) -> SlotCourse | None:
        return self.course.slots[-1] if self.course.slots else None

    def _manifest_line(self, entry: TranscriptEntry) -> None:
        if entry.body["sha256"] != self._manifest_sha256:
            self._refuse("公布的清单散列与 manifest.json 不符")

    def _open(self, entry: TranscriptEntry) -> None:
        self.course.rehearsal = entry.body["rehearsal"]

    def _dice(self, entry: TranscriptEntry) -> None:
        body, course = entry.body, self.course
        if body["source"] == "rehearsal" and not course.rehearsal:
            self._refuse("正式直播不得使用彩排骰子")
        if body["purpose"] == "master":
            if course.digits:
                self._refuse("主骰子只能掷一次，不得重掷")
            course.digits, course.rolled_at = body["digits"], entry.at
            return
        if self._manifest.beacon is not None:
            self._refuse("清单约定了随机信标，各次抽取不得再掷骰子")
        self._begin_slot(SlotCourse(j=body["j"], digits=body["digits"]), "骰子，不得跳过或重掷")

    def _bind(self, entry: TranscriptEntry) -> None:
        rules = self._rules
        if self._waiting is not None:
            self._refuse(f"第 {self._waiting.number} 轮已经绑定、尚未揭晓，不得再绑定")
        bound, j = BoundRound(entry.body), entry.body["j"]
        rolled_at = None
        match entry.body["purpose"]:
            case "master":
                self._bind_master(bound, j)
                rolled_at = self.course.rolled_at
            case "slot":
                self._bind_slot(bound, j)
            case _ if j == 0:
                self._bind_naming(bound)
            case _:
                self._bind_households(bound, j)
        problem = bind_problem(rules, entry, rolled_at)
        if problem:
            self._refuse(problem)
        self._waiting = bound

    def _bind_master(self, bound: BoundRound, j: int) -> None:
        course = self.course
        if not course.digits:
            self._refuse("尚未掷主骰子")
        if course.bound is not None or j != 0:
            self._refuse("主骰子只能绑定一次，序号为 0")
        course.bound = bound

    def _bind_slot(self, bound: BoundRound, j: int) -> None:
        if j <= len(self.course.slots):
            self._refuse(f"第 {j} 次抽取的轮次已经绑定，不得再次绑定")
        self._begin_slot(SlotCourse(j=j, bound=bound), "轮次，不得跳过")

    def _bind_households(self, bound: BoundRound, j: int) -> None:
        slot = self._current
        if slot is None or slot.drawn is None or j != slot.j:
            self._refuse("联系户次序的轮次须在抽出干部之后绑定")
        if slot.hh_bound is not None:
            self._refuse("联系户次序的轮次已经绑定，不得再次绑定")
        slot.hh_bound = bound

    def _bind_naming(self, bound: BoundRound) -> None:
        self._need_seed()
        self._need_slot_drawn()
        if self._naming_round is not None:
            self._refuse("上一个点名的联系户轮次还没有用，不得再绑定")
        self._nameable = frozenset(
            cadre for cadre, naming in self._named.items() if naming.order is None
        )
        if not self._nameable:
            self._refuse("没有点名的干部等待联系户次序")
        self._naming_round = bound
        self.course.naming_rounds.append(bound)

    def _beacon(self, entry: TranscriptEntry) -> None:
        problem = reveal_problem(self._rules, self._waiting, entry)
        if problem or self._waiting is None:
            self._refuse(problem)
        self._waiting.pulse, self._waiting = pulse_of(entry), None

    def _begin_slot(self, slot: SlotCourse, of: str) -> None:
        self._need_seed()
        self._need_carried_out()
        due = len(self.course.slots) + 1
        if slot.j != due:
            self._refuse(f"应为第 {due} 次抽取的{of}")
        if slot.j > len(self._manifest.slots):
            self._refuse("超出清单约定的抽取次数")
        self.course.slots.append(slot)
        self._now_called.clear()

    def _slot(self, entry: TranscriptEntry) -> None:
        slot = self._current
        if slot is None or slot.drawn is not None or entry.body["j"] != slot.j:
            self._refuse("这次抽取没有骰子，或者已经抽过，不得重抽")
        self._need_revealed(slot.bound)
        slot.drawn = entry.body

    def _hh_order(self, entry: TranscriptEntry) -> None:
        calling = self._naming_order(entry) if entry.body["j"] == 0 else self._slot_order(entry)
        calling.order = entry.body
        self._called[entry.body["cadre"]] = calling
        self._now_called.add(entry.body["cadre"])

    def _slot_order(self, entry: TranscriptEntry) -> Calling:
        slot, body = self._current, entry.body
        if slot is None or slot.drawn is None or slot.order is not None or body["j"] != slot.j:
            self._refuse("联系户次序须在抽出干部之后公布，且只能公布一次")
        if body["cadre"] != slot.drawn["cadre"]:
            self._refuse("联系户次序不是本次抽出的干部的")
        self._need_revealed(slot.hh_bound)
        return slot

    def _naming_order(self, entry: TranscriptEntry) -> Calling:
        self._need_seed()
        self._need_slot_drawn()
        cadre = entry.body["cadre"]
        naming = self._named.get(cadre)
        if naming is None or naming.order is not None or self._is_drawn(cadre):
            self._refuse("点名的联系户次序须在点名之后公布，且只能公布一次")
        self._need_revealed(self._naming_round)
        if self._naming_round is not None and cadre not in self._nameable:
            self._refuse("这名干部点名于轮次绑定之后")
        naming.hh_bound, self._naming_round = self._naming_round, None
        return naming

    def _fact_while_calling(self, entry: TranscriptEntry) -> None:
        if entry.body["cadre"] not in self._now_called:
            self._refuse("这名干部的联系户此刻不在访问之中")
        self._fact(entry)

    def _fact(self, entry: TranscriptEntry) -> None:
        # The carrier may report the end of a call after the next slot has begun.
        calling = self._called.get(entry.body["cadre"])
        if calling is None:
            self._refuse("这名干部的联系户没有被访问")
        calling.facts.append((self._line, entry))

    def _quiz(self, entry: TranscriptEntry) -> None:
        slot, cadre = self._current, entry.body["cadre"]
        calling: Calling
        if slot is not None and slot.drawn is not None and slot.drawn["cadre"] == cadre:
            calling, bound = slot, slot.hh_bound
        else:
            calling, bound = self._quiz_of_naming(cadre)
        self._need_revealed(bound)
        if calling.quiz is not None:
            self._refuse("题目已经抽定，不得重抽")
        calling.quiz, calling.quiz_bound = entry.body, bound

    def _quiz_of_naming(self, cadre: str) -> tuple[Calling, BoundRound | None]:
        self._need_seed()
        self._need_slot_drawn()
        naming = self._named.get(cadre)
        is_over = naming is not None and naming.order is not None and cadre not in self._now_called
        if naming is None or is_over or self._is_drawn(cadre):
            self._refuse("这名干部此刻不在台上，不得抽题")
        if naming.order is not None:
            return naming, naming.hh_bound
        if self._naming_round is not None and cadre not in self._nameable:
            self._refuse("这名干部点名于轮次绑定之后")
        return naming, self._naming_round

    def _name(self, entry: TranscriptEntry) -> None:
        cadre = entry.body["cadre"]
        if cadre in self._named:
            self._refuse(f"干部 {cadre} 已经点名过，不得再次点名")
        if self._is_drawn(cadre):
            self._refuse(f"干部 {cadre} 已被抽中，不得再点名")
        naming = NamingCourse(named=entry.body)
        self._named[cadre] = naming
        self.course.namings.append(naming)

    def _is_drawn(self, cadre: str) -> bool:
        return any(slot.drawn and slot.drawn["cadre"] == cadre for slot in self.course.slots)

    def _abort(self, entry: TranscriptEntry) -> None:
        if entry.body["attempt"] != self._manifest.attempt:
            self._refuse("中止的场次号与清单不符")
        self.course.end = entry

    def _close(self, entry: TranscriptEntry) -> None:
        self._need_seed()
        self._need_carried_out()
        if entry.body["slots"] != len(self.course.slots):
            self._refuse(f"收场记录的抽取次数不是 {len(self.course.slots)}")
        self.course.end = entry

    def _need_seed(self) -> None:
        if not self.course.digits:
            self._refuse("尚未掷主骰子")
        self._need_revealed(self.course.bound)

    def _need_revealed(self, bound: BoundRound | None) -> None:
        if self._manifest.beacon is None:
            return
        if bound is None:
            self._refuse("清单约定了随机信标，却没有绑定轮次")
        if bound.pulse is None:
            self._refuse(f"绑定的第 {bound.number} 轮尚未揭晓")

    def _need_slot_drawn(self) -> None:
        slot = self._current
        if slot is not None and slot.drawn is None:
            self._refuse(f"第 {slot.j} 次抽取的骰子已掷出，却没有抽出干部")

    def _need_carried_out(self) -> None:
        self._need_slot_drawn()
        slot = self._current
        if slot is not None and slot.hh_bound is not None and slot.order is None:
            self._refuse(f"第 {slot.j} 次抽取的联系户轮次已绑定，却没有公布次序")
        if self._naming_round is not None:
            self._refuse("点名的联系户轮次已绑定，却没有公布次序")

    def _refuse(self, what: str) -> Never:
        raise InvalidInput(what, place=f"transcript.jsonl:{self._line}")
