"""What public programs may ask and hand in (Open311 GeoReport v2), and nothing personal (L27)."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest
from threading import Lock

from evalsys.domain.casework.intake import SHORTEST_TEXT, Intake
from evalsys.domain.casework.words import Channel, RequestKind
from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput, NotAllowed, NotFound, TooManyTries
from evalsys.services.casework_desk import CaseworkDesk, Classes
from evalsys.services.casework_intake import CaseworkIntake, TakenIn
from evalsys.store import casework_public as store
from evalsys.store.casework_public import PublicRequest

WITHIN = timedelta(minutes=1)
ASKED_AT_MOST = 120
"""Requests that one address may make within `WITHIN`."""
POSTED_AT_MOST = 10
SPAN_AT_MOST = timedelta(days=90)
"""GeoReport v2: the longest span that one question may cover."""
LISTED_AT_MOST = 1000
LAST_GENERAL = "other"
_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class PublicService:
    """One kind of request that may be handed in: a major class, and its module as the group."""

    code: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of requests was asked for; GeoReport v2's own words."""

    codes: tuple[str, ...] = ()
    """Where some are named, nothing else counts."""
    services: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()
    start: datetime | None = None
    end: datetime | None = None


class CaseworkPublic:
    """The façade: classes, intake with a key, public status."""

    def __init__(self, desk: CaseworkDesk, intake: CaseworkIntake) -> None:
        """Hand in through `intake`; nobody may until a key is set."""
        self._desk = desk
        self._intake = intake
        self._asked: dict[tuple[str, bool], deque[datetime]] = {}
        self._lock = Lock()

    def admit(self, address: str, *, posts: bool) -> None:
        """Count a question from an address.

        Raises:
            TooManyTries: it asked too often within the last minute.
        """
        now = self._desk.now()
        with self._lock:
            if len(self._asked) > _ADDRESSES:
                self._asked.clear()
            times = self._asked.setdefault((address, posts), deque())
            while times and times[0] <= now - WITHIN:
                times.popleft()
            if len(times) >= (POSTED_AT_MOST if posts else ASKED_AT_MOST):
                raise TooManyTries("请求太频繁。", remedy="请一分钟后再试。")
            times.append(now)

    def today(self) -> date:
        """Return the county's day."""
        return local_date(self._desk.now(), self._desk.zone)

    def must_serve(self, jurisdiction: str, host: str) -> None:
        """Pass a question for this county: by its grid's code, by our `host`, or without a name.

        Raises:
            NotFound: it is for another jurisdiction.
        """
        if not jurisdiction or jurisdiction == host:
            return
        with self._desk.database.read() as db:
            county = store.county_code(db)
        if jurisdiction != county:
            raise NotFound(
                "这里不受理这个辖区。",
                remedy="请填本县总网格的编码，或不填。",
                place="jurisdiction_id",
            )

    def services(self) -> tuple[PublicService, ...]:
        """List what may be handed in: the major classes that may be put on a grid."""
        with self._desk.database.read() as db:
            tree = self._desk.classes(db).tree
        if tree is None:
            return (PublicService(LAST_GENERAL, "其他诉求", ""),)
        return tuple(
            PublicService(one.code, one.name, module.name)
            for module in tree.below()
            for one in tree.below(module.code)
            if not tree.why_not_on_a_grid(one.code)
        )

    def service(self, code: str) -> PublicService:
        """Find one of the services.

        Raises:
            NotFound: there is none of this code.
        """
        for one in self.services():
            if one.code == code:
                return one
        raise NotFound("没有这种服务。", remedy="请先查询 services。", place="service_code")

    def hand_in(self, given: Intake, key: str, keys: Sequence[str]) -> TakenIn:
        """Take a request in from a program that holds a key.

        Raises:
            NotAllowed: the key is missing or wrong.
            InvalidInput: the class, the place or the text cannot be used.
        """
        if not key or not any(compare_digest(key.encode(), known.encode()) for known in keys):
            raise NotAllowed("api_key 不对。", remedy="请向县联系办申请。", place="api_key")
        if not given.class_code:
            raise InvalidInput(
                "没有写 service_code。", remedy="请先查询 services。", place="service_code"
            )
        if not given.place and given.lat is None and given.lon is None:
            raise InvalidInput(
                "没有写地点。",
                remedy="请写 address_string，或 lat 和 long。",
                place="address",
            )
        service = self.service(given.class_code)
        county = self._county()
        return self._intake.register(
            Intake(
                kind=RequestKind.PROBLEM,
                channel=Channel.OPEN311,
                text=_words(given.text, service.name),
                grid=given.grid or county,
                class_code="" if service.code == LAST_GENERAL else service.code,
                place=given.place,
                lat=given.lat,
                lon=given.lon,
                client_id=given.client_id,
            )
        )

    def requests(self, asked: Asked) -> tuple[PublicRequest, ...]:
        """List requests as the public may see them: never a household, a cadre or their words.

        Raises:
            InvalidInput: the span is longer than 90 days, or the status is none.
        """
        now = self._desk.now()
        end = asked.end or min(now, (asked.start or now) + SPAN_AT_MOST)
        start = asked.start or end - SPAN_AT_MOST
        if end < start and asked.start and asked.end and not asked.codes:
            raise InvalidInput("结束时间早于开始时间。", remedy="请对调或改正。", place="end_date")
        if end - start > SPAN_AT_MOST and not asked.codes:
            raise InvalidInput(
                "查询的时间段超过 90 天。", remedy="请缩短时间段。", place="start_date"
            )
        if not asked.statuses <= {"open", "closed"}:
            raise InvalidInput("状态只能是 open 或 closed。", remedy="请改正。", place="status")
        with self._desk.database.read() as db:
            classes = self._desk.classes(db)
            wanted = store.Wanted(
                asked.codes,
                (start, end),
                asked.statuses,
                _classes(classes, asked.services) if asked.services else None,
            )
            found = store.public_requests(db, wanted, LISTED_AT_MOST)
        return tuple(store.titled(one, classes.title(one.class_code)) for one in found)

    def _county(self) -> str:
        with self._desk.database.read() as db:
            county = store.county_code(db)
        if county is None:
            raise InvalidInput("还没有花名册。", remedy="请稍后再试。", place="service_code")
        return county


def _words(said: str, service: str) -> str:
    """Give the words of a request; GeoReport v2 leaves them out where the service says it all."""
    if len(said.strip()) >= SHORTEST_TEXT:
        return said
    return f"{service}（{said.strip() or '没有另写说明'}）"


def _classes(classes: Classes, services: Sequence[str]) -> frozenset[str]:
    """Name the classes of some services, and those below them; without a class is "other"."""
    found = {"" if one == LAST_GENERAL else one for one in services}
    if classes.tree is not None:
        found |= {
            entry.code
            for entry in classes.tree.entries
            if any(each.code in services for each in classes.tree.path(entry.code))
        }
    return frozenset(found)
