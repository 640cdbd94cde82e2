"""Events as JSON bodies and back. The name of the class in snake case is the event's kind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import TypeVar, Union, cast, get_args, get_origin, get_type_hints

from evalsys.domain.live.events import Event
from evalsys.errors import Tampered

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


def kind_of(event_type: type) -> str:
    """Name an event type as the record does: CadreDrawn is "cadre_drawn"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event_type.__name__).lower()


def encode(event: Event) -> dict[str, Json]:
    """Return the body of an event; its kind is `kind_of(type(event))`."""
    return cast("dict[str, Json]", to_json(event))


def decode(kind: str, body: Json) -> Event:
    """Rebuild an event from its kind and body.

    Raises:
        Tampered: the kind is unknown or the body has other fields than the event.
    """
    read = _READERS.get(kind)
    if read is None:
        raise Tampered(f"会议记录中有未知事件“{kind}”。", remedy="请停止使用本记录并通知审计人员。")
    try:
        return cast("Event", read(body))
    except (KeyError, TypeError, ValueError) as error:
        raise Tampered(
            f"事件“{kind}”的内容不合格式：{error}。", remedy="请停止使用本记录并通知审计人员。"
        ) from error


def to_json(value: object) -> Json:
    """Turn a frozen value into JSON; days are ISO texts.

    Raises:
        TypeError: it holds something that no event may hold.
    """
    if is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    message = f"{type(value).__name__} has no place in an event"
    raise TypeError(message)


def reader_of(kind: object) -> Callable[[Json], object]:
    """Build the function that reads a value of type `kind` from JSON.

    The function raises KeyError, TypeError or ValueError at what is no such value.
    """
    kind = getattr(kind, "__supertype__", kind)
    if get_origin(kind) is tuple:
        item = reader_of(get_args(kind)[0])
        return lambda value: tuple(item(v) for v in _expect(value, list))
    if get_origin(kind) in {Union, UnionType}:
        inner = reader_of(next(t for t in get_args(kind) if t is not type(None)))
        return lambda value: None if value is None else inner(value)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_reader(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if kind is date:
        return lambda value: date.fromisoformat(_expect(value, str))
    return lambda value: _expect(value, cast("type", kind))


def _dataclass_reader(kind: type) -> Callable[[Json], object]:
    hints = get_type_hints(kind)
    readers = {f.name: reader_of(hints[f.name]) for f in fields(kind)}
    # A field that was added later has a default, which is what older records meant.
    added = {f.name for f in fields(kind) if f.default is not MISSING}

    def read(value: Json) -> object:
        body = _expect(value, dict)
        wrong = (body.keys() - readers.keys()) | (readers.keys() - body.keys() - added)
        if wrong:
            message = f"fields {sorted(wrong)}"
            raise ValueError(message)
        return kind(**{name: readers[name](value) for name, value in body.items()})

    return read


_T = TypeVar("_T")


def _expect(value: Json, kind: type[_T]) -> _T:
    if type(value) is not kind:
        message = f"expected {kind.__name__}, got {type(value).__name__}"
        raise TypeError(message)
    return value


_READERS: Mapping[str, Callable[[Json], object]] = {
    kind_of(event_type): reader_of(event_type) for event_type in get_args(Event)
}
