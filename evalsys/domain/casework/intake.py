"""Taking a request in: what is asked of it before it enters the loop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evalsys.domain.casework import events as e
from evalsys.domain.casework.route import Route
from evalsys.domain.casework.words import Channel, Party, PartyKind, RequestKind
from evalsys.errors import InvalidInput

SHORTEST_TEXT = 4
LONGEST_TEXT = 4000
"""As long as GeoReport v2 lets a description be."""
LONGEST_PLACE = 200
AHEAD_AT_MOST = timedelta(minutes=10)
"""What a clock may be ahead before a day that is to come is refused."""
BEHIND_AT_MOST = timedelta(days=366)
"""What a device may have kept a request before its clock is taken for a wrong one."""
FIRST_DAY = date(2010, 1, 1)
"""No calendar of ours knows an earlier day."""
LAST_DAY = date(2050, 12, 31)
"""The calendar goes some years beyond it: a deadline has to lie in it, too."""
_LATITUDE, _LONGITUDE = 90, 180


@dataclass(frozen=True, slots=True)
class Intake:
    """A request as somebody hands it in."""

    kind: RequestKind
    channel: Channel
    text: str
    household: str = ""
    grid: str = ""
    class_code: str = ""
    phone: str = ""
    """If given, it has to be one of the household's."""
    raised_at: datetime | None = None
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    client_id: str = ""
    """The sending device's own identity of it: sent twice, it is kept once."""


def check_text(text: str) -> str:
    """Return the words of a request, lines kept, without spaces around.

    Raises:
        InvalidInput: there are too few or too many.
    """
    said = "\n".join(line.strip() for line in text.strip().splitlines())
    if not SHORTEST_TEXT <= len(said) <= LONGEST_TEXT:
        raise InvalidInput(
            f"诉求内容应为 {SHORTEST_TEXT} 到 {LONGEST_TEXT} 个字，现在是 {len(said)} 个。",
            remedy="请写清楚是什么事、在哪里；太长的请写要点。",
            place="诉求内容",
        )
    return said


def check_point(lat: float | None, lon: float | None) -> None:
    """Insist that a place on the map is one.

    Raises:
        InvalidInput: only half of it is given, or it lies outside the globe.
    """
    if lat is None and lon is None:
        return
    if lat is None or lon is None or not (abs(lat) <= _LATITUDE and abs(lon) <= _LONGITUDE):
        raise InvalidInput("经纬度不对。", remedy="请同时填写纬度和经度。", place="经纬度")


def settle_time(
    claimed: datetime | None, now: datetime, *, is_device: bool
) -> tuple[datetime, str]:
    """Return when it was raised, and what a device's clock claimed where that cannot be.

    A handheld with a wrong clock is not a reason to lose a request: the server's time stands, and
    the claim is kept beside it. A person who types a day to come, or one that no calendar knows, is
    asked again.

    Raises:
        InvalidInput: somebody typed a time that has not come yet, or lies too far back.
    """
    if claimed is None:
        return now, ""
    if timedelta() < claimed - now <= AHEAD_AT_MOST:
        return now, ""
    if is_device and not timedelta() <= now - claimed <= BEHIND_AT_MOST:
        return now, claimed.isoformat()
    if claimed <= now and claimed.date() >= FIRST_DAY:
        return claimed, ""
    if claimed <= now:
        raise InvalidInput(
            f"提出时间早于 {FIRST_DAY.isoformat()}。", remedy="请核对年份。", place="提出时间"
        )
    raise InvalidInput(
        "提出时间还没有到。", remedy="请核对日期：不能早登记将来的诉求。", place="提出时间"
    )


def first_events(
    route: Route, limit_class: str, asked: Party, claimed_at: str
) -> Iterator[tuple[e.CaseworkEvent, str]]:
    """Accept and route at once (L19): whoever was asked has it, and offers it to whose it is.

    First-asked duty (Y41): when another cadre than the linked one was asked, that cadre answers
    for it until the linked one accepts.
    """
    theirs = asked != route.holder and asked.kind is PartyKind.CADRE
    holder = asked if theirs else route.holder
    yield (
        e.Registered(holder.kind, holder.code, route.level, route.grid, limit_class, claimed_at),
        "",
    )
    if theirs:
        yield e.HandedOver(route.holder.kind, route.holder.code), "系统按联系关系转交联系干部"
