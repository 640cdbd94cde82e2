"""The course of a session: which line of a transcript may follow which (draw.md, 4-7).

manifest, open, the master dice; then for each slot its dice, the drawn cadre, the household
order and the calls; close or abort at the end. Namings 点名 may stand anywhere after open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Never

from evalsys.domain.manifest import Manifest
from evalsys.domain.transcript import Body, Transcript, TranscriptEntry
from evalsys.errors import InvalidInput

Fact = tuple[int, TranscriptEntry]
"""A line about one position of a household order, and its number in the file from 1."""


@dataclass(slots=True)
class SlotCourse:
    """What the transcript says about slot `j`."""

    j: int
    digits: str
    drawn: Body | None = None
    """Body of the `slot` line."""
    order: Body | None = None
    """Body of the `hh_order` line; None when the households were never called."""
    facts: list[Fact] = field(default_factory=list)


@dataclass(slots=True)
class Course:
    """A whole session, legal so far."""

    rehearsal: bool | None = None
    """None before the `open` line."""
    digits: str = ""
    slots: list[SlotCourse] = field(default_factory=list)
    named: list[Body] = field(default_factory=list)
    end: TranscriptEntry | None = None
    """The `close` or `abort` line; None while the session goes on."""


def follow(transcript: Transcript, manifest: Manifest, manifest_sha256: str) -> Course:
    """Read the lines in order; raises InvalidInput at the first that may not stand there."""
    follower = _Follower(manifest, manifest_sha256)
    for number, entry in enumerate(transcript.entries, start=1):
        follower.take(number, entry)
    return follower.course


class _Follower:
    def __init__(self, manifest: Manifest, manifest_sha256: str) -> None:
        self.course = Course()
        self._manifest = manifest
        self._manifest_sha256 = manifest_sha256
        self._line = 0
        self._by_cadre: dict[str, SlotCourse] = {}
        self._takers: Mapping[str, Callable[[TranscriptEntry], None]] = {
            "manifest": self._manifest_line,
            "open": self._open,
            "dice": self._dice,
            "slot": self._slot,
            "hh_order": self._hh_order,
            "hh_open": self._fact_while_calling,
            "score": self._fact_while_calling,
            "call": self._fact,
            "hh_final": self._fact,
            "named": self._named,
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
        if entry.sigs:
            self._refuse("清单没有登记见证人，不得有签名")
        taker = self._takers.get(entry.type)
        if taker is None:
            self._refuse("清单没有约定随机信标")
        taker(entry)

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
            course.digits = body["digits"]
            return
        self._need_seed()
        self._need_drawn()
        if body["j"] != len(course.slots) + 1:
            self._refuse(f"应为第 {len(course.slots) + 1} 次抽取的骰子，不得跳过或重掷")
        if body["j"] > len(self._manifest.slots):
            self._refuse("超出清单约定的抽取次数")
        course.slots.append(SlotCourse(body["j"], body["digits"]))

    def _slot(self, entry: TranscriptEntry) -> None:
        slot = self._current
        if slot is None or slot.drawn is not None or entry.body["j"] != slot.j:
            self._refuse("这次抽取没有骰子，或者已经抽过，不得重抽")
        slot.drawn = entry.body
        self._by_cadre[entry.body["cadre"]] = slot

    def _hh_order(self, entry: TranscriptEntry) -> None:
        slot, body = self._current, entry.body
        if slot is None or slot.drawn is None or slot.order is not None or body["j"] != slot.j:
            self._refuse("联系户次序须在抽出干部之后公布，且只能公布一次")
        if body["cadre"] != slot.drawn["cadre"]:
            self._refuse("联系户次序不是本次抽出的干部的")
        slot.order = body

    def _fact_while_calling(self, entry: TranscriptEntry) -> None:
        slot = self._current
        if slot is None or slot.order is None or slot.order["cadre"] != entry.body["cadre"]:
            self._refuse("这名干部的联系户此刻不在访问之中")
        slot.facts.append((self._line, entry))

    def _fact(self, entry: TranscriptEntry) -> None:
        # The carrier may report the end of a call after the next slot has begun.
        slot = self._by_cadre.get(entry.body["cadre"])
        if slot is None or slot.order is None:
            self._refuse("这名干部的联系户没有被访问")
        slot.facts.append((self._line, entry))

    def _named(self, entry: TranscriptEntry) -> None:
        self.course.named.append(entry.body)

    def _abort(self, entry: TranscriptEntry) -> None:
        if entry.body["attempt"] != self._manifest.attempt:
            self._refuse("中止的场次号与清单不符")
        self.course.end = entry

    def _close(self, entry: TranscriptEntry) -> None:
        self._need_seed()
        self._need_drawn()
        if entry.body["slots"] != len(self.course.slots):
            self._refuse(f"收场记录的抽取次数不是 {len(self.course.slots)}")
        self.course.end = entry

    def _need_seed(self) -> None:
        if not self.course.digits:
            self._refuse("尚未掷主骰子")

    def _need_drawn(self) -> None:
        slot = self._current
        if slot is not None and slot.drawn is None:
            self._refuse(f"第 {slot.j} 次抽取的骰子已掷出，却没有抽出干部")

    def _refuse(self, what: str) -> Never:
        raise InvalidInput(what, place=f"transcript.jsonl:{self._line}")
