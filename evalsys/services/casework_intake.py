"""Requests come in: from a form, a box, a handheld, a message, another system, or a roster."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.domain.access import Person
from evalsys.domain.casework.acting import SYSTEM, Acting
from evalsys.domain.casework.duplicates import alike
from evalsys.domain.casework.intake import (
    LONGEST_PLACE,
    Intake,
    check_point,
    check_text,
    first_events,
    settle_time,
)
from evalsys.domain.casework.route import Route, first_route
from evalsys.domain.casework.state import Filed, begin
from evalsys.domain.casework.words import Channel, Party, PartyKind
from evalsys.domain.local_date import local_date
from evalsys.domain.phone_number import BadPhone, to_e164
from evalsys.domain.taxonomy import Urgency
from evalsys.domain.written import one_line
from evalsys.errors import EvalsysError, InvalidInput, NotAllowed, StaleState
from evalsys.ids import new_id
from evalsys.services.casework_desk import CaseworkDesk, Classes
from evalsys.store import casework, casework_lists
from evalsys.store import casework_people as people
from evalsys.store.casework_people import Home
from evalsys.store.phone_box import PhoneBox

_DEVICES = frozenset({Channel.HANDHELD, Channel.OPEN311, Channel.SMS})
_CODE_DIGITS = 8
BOX_AT_MOST = 500
"""Requests that one batch of a box or a handheld may hold."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a request that came in."""

    code: str
    is_new: bool
    """False: it had come before, under the same identity of its device."""
    duplicates: tuple[tuple[str, int], ...] = ()
    """Earlier requests that it may repeat, with their likeness in percent."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why one request of a batch was not taken in; the others were."""

    client_id: str
    error: EvalsysError


class CaseworkIntake:
    """The single intake 一口受理 (Y83): every channel ends here."""

    def __init__(self, desk: CaseworkDesk, box: PhoneBox) -> None:
        """Take in on `desk`; `box` compares telephone numbers without opening them."""
        self._desk = desk
        self._box = box

    def register(self, intake: Intake, *, person: Person | None = None) -> TakenIn:
        """Take a request in, accept and route it at once (L19).

        `person` is who typed it; nobody for what came over a channel of its own.

        Raises:
            InvalidInput: the household, grid, class, phone, time or text cannot be used.
            NotAllowed: `person` has nothing to do with this household.
            RuleViolation: the class is not on the admission list of grids (J11).
        """
        try:
            with self._desk.database.write() as db:
                return self._register(db, intake, person)
        except StaleState:
            # A device that sends twice at once: the other one was faster, and its number holds.
            with self._desk.database.read() as db:
                known = casework.by_client_id(db, intake.client_id)
            if known is None:
                raise
            return TakenIn(known, is_new=False)

    def batch(
        self, intakes: Iterable[Intake], *, person: Person | None = None
    ) -> tuple[TakenIn | NotTaken, ...]:
        """Take many in, each by itself: one that cannot be used does not hold up the others.

        Raises:
            InvalidInput: there are too many for one batch.
        """
        wanted = list(intakes)
        if len(wanted) > BOX_AT_MOST:
            raise InvalidInput(
                f"一次最多 {BOX_AT_MOST} 件。", remedy="请分几次录入。", place="批量录入"
            )
        return tuple(self._one(intake, person) for intake in wanted)

    def _one(self, intake: Intake, person: Person | None) -> TakenIn | NotTaken:
        try:
            return self.register(intake, person=person)
        except EvalsysError as error:
            return NotTaken(intake.client_id, error)

    def _register(self, db: Session, intake: Intake, person: Person | None) -> TakenIn:
        if intake.client_id:
            known = casework.by_client_id(db, intake.client_id)
            if known is not None:
                return TakenIn(known, is_new=False)
        now = self._desk.now()
        raised, claimed = settle_time(intake.raised_at, now, is_device=intake.channel in _DEVICES)
        text = check_text(intake.text)
        check_point(intake.lat, intake.lon)
        acting = None if person is None else self._desk.acting(db, person)
        tree = acting.tree if acting is not None else people.grid_tree(db)
        home = self._home(db, intake)
        grid = home.grid if home is not None else intake.grid
        if grid not in tree.cells:
            raise InvalidInput(
                f"没有编码为“{grid[:32]}”的网格。" if grid else "没有写联系户，也没有写网格。",
                remedy="请核对网格编码，或填写户编码。",
                place="网格",
            )
        if home is not None and intake.channel is Channel.VISIT:
            self._check_visit(home, raised)
        if acting is not None and not _concerns(acting, home, grid):
            raise NotAllowed(
                "这一户（网格）不在您的范围内。", remedy="请由联系干部、网格长或县联系办登记。"
            )
        classes = self._desk.classes(db)
        limit = self._limit(classes, intake)
        cadre, cadre_grid = (home.cadre, home.cadre_grid) if home else (None, None)
        route = first_route(tree, grid, cadre, cadre_grid)
        asked = _asked(acting, route)
        filed = Filed(
            code=self._code(db, now),
            household=None if home is None else home.code,
            cadre=cadre,
            grid=grid,
            kind=intake.kind,
            channel=intake.channel,
            text=text,
            raised_at=raised,
            received_at=now,
            taxonomy=classes.version,
            class_code=intake.class_code,
            asked=asked,
            place=one_line(intake.place, "地点", longest=LONGEST_PLACE),
            lat=intake.lat,
            lon=intake.lon,
            client_id=intake.client_id or None,
        )
        return self._file(db, filed, route, limit, claimed, person)

    def _file(
        self,
        db: Session,
        filed: Filed,
        route: Route,
        limit: str,
        claimed: str,
        person: Person | None,
    ) -> TakenIn:
        casework.add(db, filed)
        clocks = self._desk.clocks(db)
        file = begin(filed, clocks.days.day_of)
        done = list(first_events(route, limit, filed.asked, claimed))
        actor = SYSTEM if person is None else person.name
        self._desk.record(db, file, done, clocks, actor=actor)
        day = clocks.days.day_of(filed.received_at)
        near = casework_lists.near(db, filed.grid, filed.household)
        others = [(code, text) for code, text, _ in near if code != filed.code]
        found = alike(filed.text, others, self._desk.policy.number("duplicate_percent", day))
        casework_lists.add_duplicates(db, filed.code, found)
        return TakenIn(filed.code, is_new=True, duplicates=found)

    def _check_visit(self, home: Home, raised: datetime) -> None:
        day = local_date(raised, self._desk.zone)
        if home.linked_since is not None and day < home.linked_since:
            raise InvalidInput(
                f"走访早于联系关系开始的日子（{home.linked_since.isoformat()}）。",
                remedy="请核对日期，或在花名册中更正联系起始日。",
                place="提出时间",
            )

    def _home(self, db: Session, intake: Intake) -> Home | None:
        if not intake.household:
            if intake.phone:
                return self._home_of_phone(db, intake)
            return None
        home = people.home(db, intake.household)
        if home is None:
            raise InvalidInput(
                f"花名册中没有户编码“{intake.household[:32]}”。",
                remedy="请核对户编码，或先导入花名册。",
                place="户编码",
            )
        if home.cadre is None:
            raise InvalidInput(
                "这一户没有联系干部。",
                remedy="请先在花名册中补上联系关系，再登记诉求：每户有且只有一名联系干部。",
                place="户编码",
            )
        if intake.phone and not people.is_phone_of(db, home.code, self._blind(intake.phone)):
            raise InvalidInput(
                "这个电话不是这一户登记的电话。",
                remedy="请核对电话；换了号码的先更正花名册。",
                place="电话",
            )
        return home

    def _home_of_phone(self, db: Session, intake: Intake) -> Home | None:
        found = people.households_with_phone(db, self._blind(intake.phone))
        return people.home(db, found[0]) if len(found) == 1 else None

    def _blind(self, written: str) -> bytes:
        number = to_e164(written)
        if isinstance(number, BadPhone):
            raise InvalidInput(
                "电话号码不合格式。", remedy="请填写完整的手机或座机号码。", place="电话"
            )
        return self._box.blind(number)

    def _limit(self, classes: Classes, intake: Intake) -> str:
        is_petition = intake.channel is Channel.PETITION
        urgency = Urgency.ORDINARY
        if intake.class_code:
            if classes.tree is None or intake.class_code not in classes.tree:
                raise InvalidInput(
                    f"分类体系中没有编码“{intake.class_code[:32]}”。",
                    remedy="请在分类页查找现行版本的编码。",
                    place="分类",
                )
            classes.tree.check_admitted(intake.class_code)
            urgency = classes.tree.urgency(intake.class_code)
        return self._desk.policy.limit_for(urgency, is_petition=is_petition)

    def _code(self, db: Session, now: datetime) -> str:
        """Make a code that people can read out: the day, and eight digits nobody can guess."""
        day = now.astimezone(self._desk.zone).strftime("%Y%m%d")
        while True:
            number = int(new_id(), 16) % 10**_CODE_DIGITS
            code = f"SQ{day}{number:0{_CODE_DIGITS}d}"
            if not casework.exists(db, code):
                return code


def _concerns(acting: Acting, home: Home | None, grid: str) -> bool:
    if (
        home is not None
        and home.cadre is not None
        and Party(PartyKind.CADRE, home.cadre) in acting.parties
    ):
        return True
    # Whoever is asked first takes it in (Y41): any cadre may, and answers for it from then on.
    return acting.leads(grid) or any(p.kind is PartyKind.CADRE for p in acting.parties)


def _asked(acting: Acting | None, route: Route) -> Party:
    """Name who was asked first: the cadre who typed it, else whom it is routed to."""
    if acting is None or route.holder in acting.parties:
        return route.holder
    cadres = sorted(each for each in acting.parties if each.kind is PartyKind.CADRE)
    return cadres[0] if len(cadres) == 1 else route.holder
