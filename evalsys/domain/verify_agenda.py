"""Checking the order of a pledge assembly from its published files alone (docs/assembly.md).

The agenda is what everybody could hash beforehand. A drawn order follows from that hash and the
dice, a fixed one is the agenda's own; issues came to the stage in that order and no other.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from evalsys.domain.agenda import MOST_COUNTED, MOST_ISSUES, drawn_order
from evalsys.domain.canonical import Json, parse_canonical
from evalsys.domain.draw import PROTOCOL, master_seed
from evalsys.errors import InvalidInput

AGENDA = "agenda.json"
ORDER = "order.json"

_TEXT = re.compile(r"[^\x00-\x1f\x7f]{1,2000}")
_TEXT_OR_NONE = re.compile(r"[^\x00-\x1f\x7f]{0,2000}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DIGITS = re.compile(r"(?:[0-9]{24})?")
_SEED = re.compile(r"(?:[0-9a-f]{64})?")
_TEXTS = {
    "title": _TEXT,
    "question": _TEXT,
    "unit": _TEXT,
    "speaker": _TEXT,
    "post": _TEXT_OR_NONE,
}
_ORDER_TEXTS = {
    "format": re.compile("assembly-order/1"),
    "protocol": re.compile(f"(?:{PROTOCOL})?"),
    "agenda_sha256": _SHA256,
    "digits": _DIGITS,
    "seed": _SEED,
    "end": re.compile("(?:close|abort)?"),
    "head": _SEED,
}


@dataclass(frozen=True, slots=True)
class Agenda:
    """A published agenda, as far as its order hangs on it."""

    issues: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Order:
    """The order of the issues, by their numbers in the agenda, and how far the assembly came."""

    drawn: bool
    digits: str
    seed: str
    order: tuple[int, ...]
    called: tuple[int, ...]
    end: str
    """ "close", "abort", or "" while it goes on."""
    head: str
    """Hash of the record's last event, 64 hex; "" until the record is sealed."""


def read_agenda(data: bytes) -> tuple[Agenda, str]:
    """Read agenda.json; give it and what it is, in words.

    Raises:
        InvalidInput: it is not canonical, or has another shape.
    """
    agenda = _fields(parse_canonical(data), {"format", "issues"}, AGENDA)
    listed = agenda["issues"]
    if agenda["format"] != "assembly-agenda/1":
        raise _misshapen(f"{AGENDA}.format")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_ISSUES:
        raise _misshapen(f"{AGENDA}.issues")
    titles = set()
    for n, each in enumerate(listed, start=1):
        place = f"{AGENDA}.issues.{n}"
        issue = _fields(each, {"n", *_TEXTS, "requests", "places"}, place)
        _check_texts(issue, _TEXTS, place)
        for name in ("requests", "places"):
            if not _is_within(issue[name], 0, MOST_COUNTED):
                raise _misshapen(f"{place}.{name}")
        if not _is_within(issue["n"], n, n):
            raise InvalidInput("议题没有从 1 起连续编号", place=place)
        if issue["title"] in titles:
            raise InvalidInput("两个议题同名", place=place)
        titles.add(issue["title"])
    digest = sha256(data).hexdigest()
    return Agenda(len(listed), digest), f"{len(listed)} 个议题，SHA-256 {digest}"


def read_order(data: bytes, agenda: Agenda) -> tuple[Order, str]:
    """Read order.json and compute the order again.

    Raises:
        InvalidInput: it belongs to another agenda, or the order is not the one that follows.
    """
    read = _fields(parse_canonical(data), {*_ORDER_TEXTS, "order", "called"}, ORDER)
    _check_texts(read, _ORDER_TEXTS, ORDER)
    found = Order(
        drawn=bool(read["protocol"]),
        digits=str(read["digits"]),
        seed=str(read["seed"]),
        order=_numbers(read["order"], f"{ORDER}.order"),
        called=_numbers(read["called"], f"{ORDER}.called"),
        end=str(read["end"]),
        head=str(read["head"]),
    )
    if read["agenda_sha256"] != agenda.sha256:
        raise InvalidInput("次序属于另一份议程", place=f"{ORDER}.agenda_sha256")
    if not found.order:
        return found, "次序还没有定"
    if found.drawn:
        if not found.digits or found.seed != master_seed(agenda.sha256, found.digits):
            raise InvalidInput("种子与议程和骰子重新计算的不同", place=f"{ORDER}.seed")
        due = drawn_order(found.seed, agenda.issues)
    else:
        if found.digits or found.seed:
            raise InvalidInput("按议程的次序不掷骰，却有点数或种子", place=f"{ORDER}.digits")
        due = tuple(range(1, agenda.issues + 1))
    if found.order != due:
        raise InvalidInput("议题次序与重新计算的不同", place=f"{ORDER}.order")
    return (
        found,
        f"{agenda.issues} 个议题的次序{'由抽签决定' if found.drawn else '同议程'}，核对无误",
    )


def check_called(order: Order) -> tuple[bool, str]:
    """Check that issues came to the stage in their order; give whether more are to come.

    Raises:
        InvalidInput: another one came, or it closed before all of them had.
    """
    done = len(order.called)
    if order.called != order.order[:done]:
        raise InvalidInput("上台的议题与次序不符", place=f"{ORDER}.called")
    if order.end == "close" and done < len(order.order):
        raise InvalidInput(f"还有 {len(order.order) - done} 个议题没有上台就闭会了", place=ORDER)
    detail = f"{done} 个议题按次序上台，议程共 {len(order.order)} 个"
    if not order.end:
        return True, f"{detail}；会议尚未收场"
    return False, f"{detail}；{'会议中止' if order.end == 'abort' else '收场'}"


def check_head(order: Order, head: str) -> tuple[bool, str]:
    """Compare the final hash that was shown with the published one; give whether none is yet.

    Raises:
        InvalidInput: another one was shown.
    """
    if not order.head:
        return True, "会议还没有封存，末行散列还没有定"
    if not order.head.startswith(head):
        raise InvalidInput("末行散列与现场公布的不符：实录被改写或截断", place=f"{ORDER}.head")
    return False, f"封存时的末行散列 {order.head}，与所给的一致"


def _fields(value: Json, names: Collection[str], place: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise InvalidInput("应为 JSON 对象", place=place)
    if value.keys() != set(names):
        raise InvalidInput("缺少或多出字段", place=place)
    return value


def _check_texts(
    read: Mapping[str, Json], shapes: Mapping[str, re.Pattern[str]], place: str
) -> None:
    for name, shape in shapes.items():
        text = read[name]
        if not isinstance(text, str) or not shape.fullmatch(text):
            raise _misshapen(f"{place}.{name}")


def _numbers(value: Json, place: str) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > MOST_ISSUES:
        raise _misshapen(place)
    numbers = tuple(
        one for one in value if isinstance(one, int) and _is_within(one, 1, MOST_ISSUES)
    )
    if len(numbers) != len(value):
        raise _misshapen(place)
    return numbers


def _is_within(value: Json, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _misshapen(place: str) -> InvalidInput:
    return InvalidInput("字段的类型、字符或范围不合规定", place=place)
