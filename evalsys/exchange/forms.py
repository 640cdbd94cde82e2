"""Reading what a request to the API says; everything wrong is refused with Twilio's code."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time

from flask import Response, jsonify, request
from werkzeug.datastructures import MultiDict

from evalsys.exchange.calls import Target
from evalsys.exchange.database import Span
from evalsys.exchange.shapes import base_path, page_json
from evalsys.exchange.wire import Refusal, is_absolute_url

_DEFAULT_PAGE = 50
_LARGEST_PAGE = 1000
_LONGEST_TWIML = 4000
_LONGEST_TEXT = 1600


def listing(
    account: str, name: str, items: list[dict[str, object]], page: int, size: int
) -> Response:
    """Answer with one page of a list; one item more than `size` means that another follows."""
    path = base_path(account) + request.path.partition(f"/{account}")[2]
    return jsonify(page_json(name, items, path, request.args, page=page, size=size))


def document(form: Mapping[str, str]) -> Target:
    """Return where a call's TwiML comes from: exactly one of Url and Twiml."""
    twiml = form.get("Twiml", "")
    if twiml:
        if "Url" in form:
            raise Refusal(21205, "Url and Twiml parameters are mutually exclusive")
        if len(twiml) > _LONGEST_TWIML:
            raise Refusal(21205, f"Twiml is longer than {_LONGEST_TWIML} characters")
        return Target(twiml=twiml)
    found = target(form, "Url", "Method", 21205)
    if found is None:
        raise Refusal(21205, "Url parameter is required")
    return found


def target(
    form: Mapping[str, str], name: str, method_name: str, code: int, method: str = "POST"
) -> Target | None:
    """Return the address in `name`, to be asked by `method` unless the form says otherwise."""
    url = form.get(name, "")
    if not url:
        return None
    if not is_absolute_url(url):
        raise Refusal(code, f"{name} is not a valid URL: it must be absolute, http or https")
    method = form.get(method_name, method).upper()
    if method not in {"GET", "POST"}:
        raise Refusal(20001, f"{method_name} must be GET or POST")
    return Target(url, method)


def message_text(form: Mapping[str, str]) -> str:
    """Return the words of a short message."""
    text = form.get("Body", "")
    if not text:
        raise Refusal(21602, "Message body is required")
    if len(text) > _LONGEST_TEXT:
        raise Refusal(21617, f"The message is longer than {_LONGEST_TEXT} characters")
    return text


def events(
    form: "MultiDict[str, str]", name: str, known: frozenset[str], default: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the events named, one or several in each value.

    Raises:
        Refusal: 21626, there is no such event.
    """
    found = " ".join(form.getlist(name)).split()
    unknown = sorted(set(found) - known)
    if unknown:
        raise Refusal(21626, f"Invalid {name}: {', '.join(unknown)}")
    return tuple(dict.fromkeys(found)) or default


def truth(form: Mapping[str, str], name: str) -> bool | None:
    """Return true or false, None when it is not given; anything else is false, as at Twilio."""
    return form[name].lower() == "true" if form.get(name) else None


def one_of(form: Mapping[str, str], name: str, values: Iterable[str], default: str) -> str:
    """Return one of `values`."""
    raw = form.get(name) or default
    if raw not in values:
        raise Refusal(20001, f"{name} must be one of {', '.join(filter(None, values))}")
    return raw


def whole(form: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Return a whole number of seconds, at least 1 and at most `most`."""
    raw = form.get(name) or str(default)
    if not (raw.isascii() and raw.isdigit() and len(raw) < 7 and int(raw) > 0):
        raise Refusal(20001, f"{name} must be a whole number of seconds")
    return min(int(raw), most)


def page_of(query: Mapping[str, str]) -> tuple[int, int]:
    """Return which page of a list is asked for, and how long it may be."""
    size = number(query, "PageSize", _DEFAULT_PAGE)
    return number(query, "Page", 0), max(1, min(size, _LARGEST_PAGE))


def number(query: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number of the query."""
    raw = query.get(name) or str(default)
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Refusal(20001, f"{name} must be a whole number")
    return int(raw)


def span(query: Mapping[str, str], name: str) -> Span:
    """Return the time that `name`, a day in UTC, or `name>` and `name<` ask for."""
    at = instant(query.get(name, ""))
    if at is not None:
        return Span(datetime.combine(at, time.min, UTC), datetime.combine(at, time.max, UTC))
    return Span(instant(query.get(f"{name}>", "")), instant(query.get(f"{name}<", "")))


def instant(raw: str) -> datetime | None:
    """Return a moment; a date alone is its midnight in UTC."""
    if not raw:
        return None
    try:
        at = datetime.fromisoformat(raw)
    except ValueError as error:
        raise Refusal(20001, f"not a date: {raw}") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
