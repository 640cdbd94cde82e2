"""What every use case of the request loop needs: clocks, people, one act in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.access import Person, Role
from evalsys.domain.casework import events as e
from evalsys.domain.casework.acting import Acting
from evalsys.domain.casework.clocks import Clockwork
from evalsys.domain.casework.decide import Done
from evalsys.domain.casework.policy import Policy
from evalsys.domain.casework.rule_changes import DatedValue, units_on, with_values
from evalsys.domain.casework.standing import Standing
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.domain.casework.workdays import Workdays
from evalsys.domain.local_date import local_date
from evalsys.domain.taxonomy import Catalogue, Taxonomy
from evalsys.errors import InvalidInput, NotAllowed, NotFound, StaleState
from evalsys.store import audit, campaigns, casework, casework_lists, taxonomy
from evalsys.store import casework_people as people
from evalsys.store import casework_rules as rules
from evalsys.store.access import accounts_alike
from evalsys.store.database import Database

Choose = Callable[[RequestFile, Acting, Clockwork], Done]
"""Decides what happens to a request, by whom, by which clocks."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The taxonomy in force, and which unit each class is assigned to."""

    version: int
    tree: Taxonomy | None
    assigned: dict[str, str]

    def unit(self, _version: int, code: str) -> str | None:
        """Find the unit of a class, or of the nearest class above it that has one."""
        if not code or self.tree is None or code not in self.tree:
            return self.assigned.get(code)
        path = reversed(self.tree.path(code))
        return next((self.assigned[one.code] for one in path if one.code in self.assigned), None)

    def title(self, code: str) -> str:
        """Spell out where a class lies, from the module down."""
        if self.tree is None or code not in self.tree:
            return code
        return " / ".join(one.name for one in self.tree.path(code))


class CaseworkDesk:
    """One database, one policy, one clock: the ground that the rooms of casework stand on."""

    def __init__(self, database: Database, policy: Policy, now: Clock, zone: ZoneInfo) -> None:
        """Work on `database` by `policy`; days are those of `zone`."""
        self.database = database
        self._shipped = policy
        self._current: Policy | None = None
        self._policies: dict[tuple[DatedValue, ...], tuple[Policy, str]] = {}
        self.now = now
        self.zone = zone
        self._trees: dict[int, Taxonomy] = {}

    @property
    def policy(self) -> Policy:
        """The policy with every value that an editor has given since, as last read."""
        if self._current is None:
            with self.database.read() as db:
                self._read_policy(db)
        return self._current or self._shipped

    def _read_policy(self, db: Session) -> tuple[Policy, str]:
        values = rules.values(db)
        found = self._policies.get(values)
        if found is None:  # hashing a policy takes a while, and values change a few times a year
            policy = with_values(self._shipped, values)
            found = self._policies[values] = (policy, policy.version)
        self._current = found[0]
        return found

    def clocks(self, db: Session) -> Clockwork:
        """Make the clocks of this moment's calendar and policy."""
        policy, policy_version = self._read_policy(db)
        holidays = frozenset(campaigns.holidays(db))
        made_up = frozenset(casework_lists.make_up_days(db))
        text = " ".join(day.isoformat() for day in (*sorted(holidays), *sorted(made_up)))
        version = f"{policy_version}-{sha256(text.encode()).hexdigest()[:7]}"
        return Clockwork(_workdays(self.zone, holidays, made_up), policy, version)

    def classes(self, db: Session, at: datetime | None = None) -> Classes:
        """Read the taxonomy of a moment; of now when none is named."""
        day = local_date(at or self.now(), self.zone)
        about = taxonomy.in_force(db, Catalogue.CLASSES, day)
        routed = units_on(rules.routes(db), day)
        assigned = {code: unit for code, unit in routed.items() if unit}
        if about is None:
            return Classes(0, None, assigned)
        # A version never changes: read and checked once, it stays true.
        tree = self._trees.get(about.id)
        if tree is None:
            tree = self._trees[about.id] = taxonomy.taxonomy(db, about)
        return Classes(about.id, tree, assigned)

    def acting(self, db: Session, person: Person) -> Acting:
        """Find out for whom somebody acts; the county office for the county's grid."""
        tree = people.grid_tree(db)
        today = local_date(self.now(), self.zone)
        parties = people.scopes(db, person.name, today)
        county = tree.county
        if person.role is Role.OFFICE and county is not None:
            parties |= {Party(PartyKind.GRID, county.code)}
        return Acting(person.name, parties, tree, accounts_alike(db, person.name))

    def act(
        self, code: str, person: Person, choose: Choose, *, seen: int | None = None
    ) -> Standing:
        """Let somebody do something to a request: all of it, audited, or nothing.

        `seen` is the last event that whoever decides on another's wish had before their eyes: what
        came since may be another wish.

        Raises:
            NotFound: there is no such request.
            NotAllowed, RuleViolation, InvalidInput: as `choose` says.
            StaleState: somebody else acted first.
        """
        with self.database.write() as db:
            casework.lock(db, code)
            clocks = self.clocks(db)
            file = casework.load(db, code, clocks.days.day_of)
            if seen is not None and seen != file.seq:
                raise StaleState(
                    "您看过之后，这件诉求又有了新的记录。",
                    remedy="请刷新页面，看清现状后再决定。",
                )
            done = choose(file, self.acting(db, person), clocks)
            return self.record(db, file, done, clocks, actor=person.name)

    def record(
        self, db: Session, file: RequestFile, done: Done, clocks: Clockwork, *, actor: str
    ) -> Standing:
        """Append what was decided, in the transaction that is open; audited."""
        at = self.now()
        records = [
            e.Recorded(file.seq + n, at, actor, event, note)
            for n, (event, note) in enumerate(done, start=1)
        ]
        made = casework.append(db, file, records, clocks, self.classes(db, at).unit)
        for each in records:
            if isinstance(each.event, e.Replied):
                casework.keep_answer(db, file.filed.code, each.note)
            action, subject = f"casework.{e.kind_of(each.event)}", f"request:{file.filed.code}"
            audit.record(db, at, actor, action, subject, {"seq": each.seq})
        return made

    def must_see(self, acting: Acting, file: RequestFile) -> None:
        """Pass whoever a request concerns.

        Raises:
            NotAllowed: it is not theirs, nor on a grid of theirs.
        """
        if not acting.may_see(file):
            raise NotAllowed(
                "这件诉求与您的网格、单位和联系户无关。",
                remedy="请由承办人或网格长查阅；账号的范围由管理员用 evalsys user scope 设定。",
            )


def read_party(db: Session, written: str, place: str) -> Party:
    """Read a party as forms send it: `cadre:00000042`, `grid:371323001`, `unit:U001`.

    Raises:
        InvalidInput: it is no party, or the roster does not have it.
    """
    kind, _, code = written.strip().partition(":")
    if kind not in tuple(PartyKind) or not code.strip():
        raise InvalidInput(
            f"“{written[:40]}”不是承办方。",
            remedy="请选择，或写成 cadre:干部编号、grid:网格编码、unit:单位编码。",
            place=place,
        )
    party = Party(PartyKind(kind), code.strip())
    if not people.knows(db, party):
        raise InvalidInput(
            f"花名册中没有“{code.strip()[:32]}”。", remedy="请核对编号或编码。", place=place
        )
    return party


def set_scopes(
    database: Database, account: str, written: Sequence[str], *, at: datetime, actor: str
) -> None:
    """Say for whom an account acts; replaces what was said before; audited.

    Raises:
        NotFound: there is no such account.
        InvalidInput: the roster does not have one of them.
    """
    with database.write() as db:
        parties = [read_party(db, one, "范围") for one in written]
        if not people.set_scopes(db, account, parties):
            raise NotFound(f"没有账号“{account}”。", remedy="用 evalsys user list 查看账号。")
        audit.record(db, at, actor, "account.scope", account, {"scope": list(written)})


def known_unit(db: Session, code: str, place: str) -> str:
    """Return the code of a unit of the roster.

    Raises:
        InvalidInput: there is none.
    """
    return read_party(db, f"unit:{code}", place).code


@lru_cache(maxsize=4)
def _workdays(zone: ZoneInfo, holidays: frozenset[date], made_up: frozenset[date]) -> Workdays:
    return Workdays(zone, holidays, made_up)
