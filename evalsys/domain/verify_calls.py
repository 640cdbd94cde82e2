"""The calls to one drawn cadre's households, checked against the rules (draw.md, 6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Never

from evalsys.domain.manifest import FinalCode, HouseholdRules
from evalsys.domain.transcript import CarrierStatus, TranscriptEntry
from evalsys.domain.verify_order import Fact
from evalsys.errors import InvalidInput


@dataclass(slots=True)
class CalledPosition:
    """One opened position, and what became of it."""

    calls: list[TranscriptEntry] = field(default_factory=list)
    has_score: bool = False
    final: FinalCode | None = None

    @property
    def is_answered(self) -> bool:
        """Whether any call was picked up."""
        return any(call.body["status"] == CarrierStatus.COMPLETED for call in self.calls)

    @property
    def is_dead(self) -> bool:
        """Whether the carrier said of any call that there is no such number."""
        return any(call.body["status"] == CarrierStatus.FAILED for call in self.calls)

    @property
    def attempts(self) -> int:
        """Calls that count: all but those which we cancelled ourselves."""
        return sum(call.body["status"] != CarrierStatus.CANCELED for call in self.calls)


def check_calls(
    order: Sequence[int], facts: Iterable[Fact], rules: HouseholdRules, seen: set[str]
) -> Mapping[int, CalledPosition]:
    """Replay the calls of one cadre; give the opened positions, in the order of opening.

    `order` is the recomputed household order; `seen` collects call sids and score hashes of
    the whole session, none of which may come twice. Raises InvalidInput naming the line.
    """
    calling = _Calling(order, rules, seen)
    for line, entry in facts:
        calling.take(line, entry)
    return calling.positions


def final_code_problem(code: FinalCode, position: CalledPosition, rules: HouseholdRules) -> str:
    """Say why the calls do not bear out `code`; empty when they do.

    A call that was picked up without anybody consenting (a machine, a silent line) is an
    attempt. A position that cannot be dialled (no usable number in the frozen roster) ends
    as `invalid_number` without a call; its opened leaf shows the auditor that it has none.
    """
    if position.has_score and code is not FinalCode.COMPLETED:
        return "已经打分的访问不得丢弃"
    if _is_borne_out(code, position, rules):
        return ""
    return f"通话记录不能得出 {code} 这一结果"


def _is_borne_out(code: FinalCode, position: CalledPosition, rules: HouseholdRules) -> bool:
    match code:
        case FinalCode.COMPLETED:
            return position.is_answered and position.has_score
        case FinalCode.REFUSED | FinalCode.NOT_LINKED | FinalCode.BROKEN_OFF:
            return position.is_answered
        case FinalCode.NO_ANSWER:
            return position.attempts >= rules.attempts
        case FinalCode.INVALID_NUMBER:
            return not position.calls or position.is_dead


class _Calling:
    def __init__(self, order: Sequence[int], rules: HouseholdRules, seen: set[str]) -> None:
        self.positions: dict[int, CalledPosition] = {}
        self._unfinished = 0
        self._completed = 0
        self._order = order
        self._rules = rules
        self._seen = seen
        self._line = 0
        self._takers: Mapping[str, Callable[[CalledPosition, TranscriptEntry], None]] = {
            "call": self._call,
            "score": self._score,
            "hh_final": self._final,
        }

    def take(self, line: int, entry: TranscriptEntry) -> None:
        self._line = line
        if entry.type == "hh_open":
            self._open(entry.body["k"])
            return
        position = self.positions.get(entry.body["k"])
        if position is None:
            self._refuse("这一户尚未开启")
        if position.final is not None:
            self._refuse("这一户已有终结代码")
        self._takers[entry.type](position, entry)

    def _open(self, k: int) -> None:
        opened = len(self.positions)
        if self._completed >= self._rules.target:
            self._refuse("完成数已达目标，不得再开启新户")
        if opened >= len(self._order) or k != self._order[opened]:
            self._refuse("没有按公布的次序开启")
        if self._unfinished >= self._rules.parallel:
            self._refuse(f"同时进行的户数超过 {self._rules.parallel}")
        self.positions[k] = CalledPosition()
        self._unfinished += 1

    def _call(self, position: CalledPosition, entry: TranscriptEntry) -> None:
        body = entry.body
        if position.attempts >= self._rules.attempts:
            self._refuse("拨打次数超过清单约定")
        if body["attempt"] != len(position.calls) + 1:
            self._refuse(f"应为第 {len(position.calls) + 1} 次拨打")
        if position.calls:
            before = position.calls[-1]
            gap = timedelta(seconds=self._rules.gap_s)
            is_attempt = before.body["status"] != CarrierStatus.CANCELED
            if is_attempt and entry.at - before.at < gap:
                self._refuse(f"两次拨打间隔不足 {self._rules.gap_s} 秒")
        if body["talk_s"] and body["status"] != CarrierStatus.COMPLETED:
            self._refuse("未接通的通话不可能有通话时长")
        self._only_once(body["sid"], "同一通电话被记录了两次")
        position.calls.append(entry)

    def _score(self, position: CalledPosition, entry: TranscriptEntry) -> None:
        if position.has_score:
            self._refuse("一户只能打分一次")
        self._only_once(entry.body["sha256"], "同一份打分被记录了两次")
        position.has_score = True

    def _final(self, position: CalledPosition, entry: TranscriptEntry) -> None:
        code = FinalCode(entry.body["code"])
        if code not in self._rules.final_codes:
            self._refuse("清单没有约定这一终结代码")
        problem = final_code_problem(code, position, self._rules)
        if problem:
            self._refuse(problem)
        position.final = code
        self._unfinished -= 1
        self._completed += code is FinalCode.COMPLETED

    def _only_once(self, mark: str, otherwise: str) -> None:
        if mark in self._seen:
            self._refuse(otherwise)
        self._seen.add(mark)

    def _refuse(self, what: str) -> Never:
        raise InvalidInput(what, place=f"transcript.jsonl:{self._line}")
