"""The agenda 议程 of a pledge assembly 落实承诺大会: common issues and who answers (Y32, Y69).

An agenda is an ordered list of issues. Published, it is canonical JSON with a SHA-256, on which the
order hangs where it is drawn: the same functions of `cadre-draw/1` that put households in order.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evalsys.domain.canonical import Json, canonical
from evalsys.domain.draw import household_order
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation

MOST_ISSUES = 60
"""Issues of one assembly: more than anybody answers in an evening (Yishui heard 16 units)."""
MOST_COUNTED = 9_999_999
"""The largest number of requests or places that an issue may name."""
LONGEST_UNIT_OF_MEASURE = 12

_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Issue:
    """A common issue 共性问题 and who answers for it; texts are one line each."""

    title: str
    question: str
    """As the public asked it; the host reads it out."""
    unit: str
    """The unit that answers."""
    speaker: str
    """Whoever speaks for the unit: its head, as a rule."""
    post: str = ""
    requests: int = 0
    """How many requests asked for it; 0 where nobody counted."""
    places: int = 0
    """How many villages or communities it concerns; 0 where nobody counted."""


def check_agenda(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return an agenda as it is recorded.

    Raises:
        InvalidInput: names the issue and the field that is missing, too long or out of range.
    """
    given = tuple(issues)
    if len(given) > MOST_ISSUES:
        raise InvalidInput(
            f"议程有 {len(given)} 个议题，最多 {MOST_ISSUES} 个。",
            remedy="请合并同类议题，或另开一场。",
            place="议程",
        )
    checked = tuple(check_issue(one, n) for n, one in enumerate(given, start=1))
    seen: dict[str, int] = {}
    for n, one in enumerate(checked, start=1):
        if one.title in seen:
            raise InvalidInput(
                f"与第 {seen[one.title]} 个议题同名。",
                remedy="请合并，或改一个能分清的名称。",
                place=f"第 {n} 个议题 · 议题",
            )
        seen[one.title] = n
    return checked


def check_issue(one: Issue, n: int) -> Issue:
    """Return the `n`-th issue as it is recorded; raises `InvalidInput`, as `check_agenda` does."""
    texts = {
        "title": ("议题", LONGEST_NAME, True),
        "question": ("群众提问", LONGEST_TEXT, True),
        "unit": ("答复单位", LONGEST_NAME, True),
        "speaker": ("答复人", LONGEST_NAME, True),
        "post": ("职务", LONGEST_NAME, False),
    }
    read: dict[str, str] = {}
    for field, (name, longest, needed) in texts.items():
        place = f"第 {n} 个议题 · {name}"
        read[field] = one_line(getattr(one, field), place, longest=longest)
        if needed and not read[field]:
            raise InvalidInput("不能为空。", remedy="请补全后再提交。", place=place)
    for value, name in ((one.requests, "诉求件数"), (one.places, "涉及村居")):
        if not 0 <= value <= MOST_COUNTED:
            raise InvalidInput(
                f"应在 0 至 {MOST_COUNTED} 之间。",
                remedy="请核对；没有统计的留空。",
                place=f"第 {n} 个议题 · {name}",
            )
    return replace(one, **read)  # type: ignore[arg-type]  # named above


def agenda_bytes(issues: Sequence[Issue]) -> bytes:
    """Write the agenda as everybody may download and hash it: canonical JSON."""
    listed: list[Json] = [
        {
            "n": n,
            "title": one.title,
            "question": one.question,
            "unit": one.unit,
            "speaker": one.speaker,
            "post": one.post,
            "requests": one.requests,
            "places": one.places,
        }
        for n, one in enumerate(issues, start=1)
    ]
    return canonical({"format": "assembly-agenda/1", "issues": listed})


def agenda_sha256(issues: Sequence[Issue]) -> str:
    """Hash the published agenda; 64 lower-case hex digits."""
    return hashlib.sha256(agenda_bytes(issues)).hexdigest()


def drawn_order(master: str, n: int) -> tuple[int, ...]:
    """Put the issues 1..n in the order that the master seed of `cadre-draw/1` gives them.

    The seed is A("master", SHA-256 of the agenda, 24 digits of dice, "0", "none"); issue k has the
    ticket A("hh-ticket", seed, k), and the smallest is called first (docs/assembly.md).
    """
    return household_order(master, n)


@dataclass(frozen=True, slots=True)
class Target:
    """What a pledge can be measured by: what is counted, how much of it, in which unit."""

    what: str
    amount: str
    """A positive decimal, as it was said: "1200", "12.5"."""
    unit: str
    """Unit of measure: "户", "公里", "%"."""


def check_target(target: Target) -> Target:
    """Return a target as it is recorded.

    Raises:
        InvalidInput: names the part that is missing or no positive number.
    """
    what = one_line(target.what, "目标", longest=LONGEST_NAME)
    unit = one_line(target.unit, "计量单位", longest=LONGEST_UNIT_OF_MEASURE)
    missing: Mapping[str, str] = {"目标": what, "计量单位": unit}
    for place, text in missing.items():
        if not text:
            raise InvalidInput(
                "承诺必须能衡量，此项不能为空。",
                remedy="例如：完成改厕，1200，户。",
                place=place,
            )
    return Target(what, amount_of(target.amount), unit)


def amount_of(typed: str, *, may_be_zero: bool = False) -> str:
    """Read how much: ASCII digits, at most two decimals; one spelling for one amount.

    Raises:
        InvalidInput: it is no such number, or zero.
    """
    text = typed.strip()
    if not _AMOUNT.fullmatch(text):
        raise InvalidInput(
            f"“{text[:20]}”不是数量。",
            remedy="请用半角数字填写，最多两位小数，例如 1200 或 12.5。",
            place="数量",
        )
    whole, point, part = text.partition(".")
    amount = (whole.lstrip("0") or "0") + (point + part.rstrip("0") if part.rstrip("0") else "")
    if amount == "0" and not may_be_zero:
        raise InvalidInput("目标的数量必须大于零。", remedy="请填写要做到多少。", place="数量")
    return amount


def moved(issues: Sequence[Issue], n: int, to: int) -> tuple[Issue, ...]:
    """Take issue `n` out and put it back as number `to`, both from 1.

    Raises:
        RuleViolation: there is no such issue or place.
    """
    if not (1 <= n <= len(issues) and 1 <= to <= len(issues)):
        raise RuleViolation("没有这个位置。", remedy="请刷新页面后再移动。")
    rest = [one for i, one in enumerate(issues, start=1) if i != n]
    return (*rest[: to - 1], issues[n - 1], *rest[to - 1 :])
