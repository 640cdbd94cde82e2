"""The draw room: freeze the roster, plan the manifest, open a number when its turn comes."""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.beacon import BeaconRules
from evalsys.domain.draw import FrozenCadre
from evalsys.domain.draw_roster import FrozenRoster, household_leaves, roster_of, write_roster
from evalsys.domain.draw_strata import (
    UNWEIGHTED,
    Division,
    StrataKind,
    Weighing,
    division_of,
    number_strata,
)
from evalsys.domain.manifest import (
    Exclusion,
    ExclusionReason,
    HouseholdRules,
    Manifest,
    manifest_bytes,
    manifest_sha256,
    plan_manifest,
)
from evalsys.domain.merkle import inclusion_proof, merkle_root
from evalsys.domain.programme import check_served
from evalsys.domain.roster import CadreToFreeze
from evalsys.domain.verify import MANIFEST, ROSTER, SUMS, TRANSCRIPT, sums_of
from evalsys.domain.witness_keys import WitnessKey
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber, HouseholdCode, LiveId, ProgrammeNumber, Stratum, UnitCode
from evalsys.services.draw_chain import follow_on
from evalsys.services.draw_quiz import Askable, quiz_of_households
from evalsys.store import draws
from evalsys.store.audit import record
from evalsys.store.database import Database
from evalsys.store.draws import (
    SALT_BYTES,
    FrozenHousehold,
    FrozenQuiz,
    HouseholdList,
    StratumLabel,
    UnitCount,
)
from evalsys.store.phone_box import PhoneBox
from evalsys.store.programmes import cards, found, programmes_to_freeze
from evalsys.store.roster import cadre_phone, cadres_to_freeze, grid_names, unit_names

FROZEN_PHONES = "frozen_households|sealed"
"""Place of a frozen number for its seal: a name that never changes, whatever table holds it."""
SPARED_FOR = timedelta(days=180)
_CHUNK = 500
"""Cadres whose households are written at a time; bounds the memory of a freeze."""


@dataclass(frozen=True, slots=True)
class PlannedManifest:
    """A manifest, its canonical bytes, and the hash that is read out on air."""

    manifest: Manifest
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class HouseholdOpening:
    """Proof for the auditor that position `k` had this number when the roster was frozen.

    `leaf` is the canonical leaf; `path` its RFC 6962 inclusion proof in a tree of `size`
    leaves with `root`, which stands in roster.jsonl; hashes are hex.
    """

    leaf: bytes
    k: int
    size: int
    path: tuple[str, ...]
    root: str


class _Salted(NamedTuple):
    """A cadre's households in the order of their salts: position k stands at index k - 1."""

    salts: tuple[bytes, ...]
    codes: tuple[HouseholdCode, ...]
    phones: tuple[str, ...]


class Draws:
    """What a session draws from: frozen once, never edited, opened position by position."""

    def __init__(
        self, database: Database, phone_box: PhoneBox, now: Clock, askable: Askable | None = None
    ) -> None:
        """Freeze from `database`; numbers are sealed and opened with `phone_box`.

        `askable` names what can be asked on stage; without it nothing is.
        """
        self._database = database
        self._askable = askable or (lambda _db: {})
        self._box = phone_box
        self._now = now
        # A frozen roster never changes, so what was read once stays true.
        self._frozen: dict[int, FrozenRoster] = {}

    def freeze_in(
        self,
        db: Session,
        live: LiveId,
        strata_kind: str,
        weighing: Weighing = UNWEIGHTED,
        programmes: Collection[ProgrammeNumber] = (),
    ) -> FrozenRoster:
        """Take the snapshot of all serving cadres and their linked households.

        With `programmes`, of those and of the households that they served (Y38).

        Each household gets a fresh salt; positions are in the order of the salts, so not even
        the cadre can tell which household stands at position k. A second freeze salts anew, so
        positions of the first tell nothing. Raises RuleViolation when there is nobody to draw.
        """
        division = division_of(strata_kind)
        number = draws.begin_roster(db, live, strata_kind, self._now())
        could_ask = {} if programmes else self._askable(db)
        quizzes: list[FrozenQuiz] = []
        commitments: list[_Commitment] = []
        chunk: list[HouseholdList] = []
        for cadre in self._to_freeze(db, programmes):
            salted = _salted(cadre)
            if salted.salts:
                chunk.append(self._sealed(live, cadre.number, salted))
            quiz = ""
            if could_ask:
                quizzes.append(quiz_of_households(cadre, could_ask))
                quiz = quizzes[-1].leaf.digest
            commitments.append(
                _Commitment(
                    cadre.number,
                    cadre.unit,
                    division.key(cadre),
                    weighing.of(cadre),
                    len(salted.salts),
                    _root(cadre.number, salted),
                    quiz,
                )
            )
            if len(chunk) >= _CHUNK:
                draws.add_households(db, number, chunk)
                chunk.clear()
        draws.add_households(db, number, chunk)
        draws.add_quizzes(db, number, quizzes)
        if not commitments:
            raise RuleViolation("名册中没有干部，无法冻结。", remedy="请先导入名册。")
        strata = number_strata(division, (one.key for one in commitments))
        roster = roster_of(
            FrozenCadre(one.cadre, one.hh_n, one.root, strata[one.key], one.weight, one.quiz)
            for one in commitments
        )
        names = _stratum_names(db, strata_kind, division, strata)
        labels = {name: StratumLabel(key, names[key]) for key, name in strata.items()}
        draws.add_cadres(
            db, number, roster.cadres, labels, _head_counts(commitments, unit_names(db))
        )
        return roster

    def check_known(self, programmes: Collection[ProgrammeNumber]) -> None:
        """Insist that every one of these programmes was brought in.

        Raises:
            InvalidInput: names one that was not.
        """
        with self._database.read() as db:
            known = {one.number for one in found(db, programmes)}
        missing = [number for number in programmes if number not in known]
        if missing:
            raise InvalidInput(
                f"没有导入过项目 {missing[0][:20]}。",
                remedy="请先用 evalsys import programme 导入它的服务对象，再建立会议。",
                place="项目",
            )

    def plan_manifest_in(  # noqa: PLR0913 - the manifest's own fields, each by name
        self,
        db: Session,
        live: LiveId,
        *,
        slots: int,
        hh: HouseholdRules,
        exclusions: Iterable[Exclusion] = (),
        spare_recent: bool = False,
        beacon: BeaconRules | None = None,
        witness_keys: Iterable[WitnessKey] = (),
    ) -> PlannedManifest:
        """Plan the draw over the session's frozen roster, chained to the session sealed last.

        `spare_recent` also excludes who was drawn on air within 180 days. Raises InvalidInput
        for more slots than eligible cadres or an exclusion that is not in the roster.
        """
        roster = draws.frozen_roster(db, live)
        left_out = {one.cadre: one for one in exclusions}
        if spare_recent:
            recent = draws.drawn_since(db, self._now() - SPARED_FOR) & roster.by_cadre.keys()
            for cadre in recent - left_out.keys():
                left_out[cadre] = Exclusion(cadre, ExclusionReason.DRAWN_WITHIN_180D)
        attempt, prev_head = follow_on(db, live)
        manifest = plan_manifest(
            session=live,
            roster=roster,
            slots=slots,
            hh=hh,
            exclusions=left_out.values(),
            attempt=attempt,
            prev_head=prev_head,
            beacon=beacon,
            witness_keys=witness_keys,
        )
        data = manifest_bytes(manifest)
        return PlannedManifest(manifest, data, manifest_sha256(data))

    def frozen_roster(self, live: LiveId) -> FrozenRoster:
        """Give the session's frozen roster. Raises NotFound when there is none."""
        with self._database.read() as db:
            number = draws.existing_roster(db, live)
            if number not in self._frozen:
                self._frozen[number] = draws.frozen_roster(db, live)
        return self._frozen[number]

    def frozen_cadres(self, live: LiveId) -> tuple[FrozenCadre, ...]:
        """Give every cadre of the frozen roster, sorted by number."""
        return self.frozen_roster(live).cadres

    def roster_jsonl(self, live: LiveId) -> bytes:
        """Write the published roster.jsonl of a session."""
        return write_roster(self.frozen_roster(live))

    def stratum_labels(self, live: LiveId) -> Mapping[Stratum, StratumLabel]:
        """Say what each stratum stands for; raises NotFound when nothing is frozen."""
        with self._database.read() as db:
            return draws.stratum_labels(db, live)

    def unit_counts(self, live: LiveId) -> tuple[UnitCount, ...]:
        """Give the published head-counts of every unit; raises NotFound when nothing is frozen."""
        with self._database.read() as db:
            return draws.unit_counts(db, live)

    def households_of(
        self, db: Session, live: LiveId, cadre: CadreNumber
    ) -> dict[int, HouseholdCode]:
        """Give the household at each position of a cadre: for servers, never for a screen."""
        return {one.k: one.household for one in draws.households_of(db, live, cadre)}

    def household_at(self, db: Session, live: LiveId, cadre: CadreNumber, k: int) -> HouseholdCode:
        """Give the household at position `k`. Raises NotFound when there is no such position."""
        return draws.household_at(db, live, cadre, k).household

    def open_number(
        self,
        db: Session,
        live: LiveId,
        cadre: CadreNumber,
        k: int,
        *,
        actor: str,
        action: str = "phone.read",
    ) -> str:
        """Open the frozen number of a position whose turn has come; audited in `db`.

        E.164, or empty when the household had no usable number at the freeze. Call it only
        when the position opens, inside the transaction that opens it. Raises NotFound when
        there is no such position, Tampered when the number was exchanged.
        """
        held = draws.household_at(db, live, cadre, k)
        record(db, self._now(), actor, action, f"{live}/{cadre}/{k}")
        return self._open(live, held)

    def open_cadre_number(self, db: Session, cadre: CadreNumber, *, actor: str) -> str:
        """Open the number of a cadre who answers by telephone (Y45); audited in `db`.

        E.164, or empty when the roster has none.
        """
        record(db, self._now(), actor, "phone.read", f"cadre:{cadre}")
        found = cadre_phone(db, cadre)
        return self._box.open(found[1], found[0]) if found else ""

    def household_opening(
        self, live: LiveId, cadre: CadreNumber, k: int, *, actor: str
    ) -> HouseholdOpening:
        """Open position `k` with its inclusion proof, for the sworn auditor; audited."""
        with self._database.write() as db:
            positions = draws.households_of(db, live, cadre)
            draws.household_at(db, live, cadre, k)
            record(db, self._now(), actor, "phone.opening", f"{live}/{cadre}/{k}")
        phones = [self._open(live, held) for held in positions]
        leaves = household_leaves(cadre, phones, [held.salt for held in positions])
        return HouseholdOpening(
            leaf=leaves[k - 1],
            k=k,
            size=len(leaves),
            path=tuple(step.hex() for step in inclusion_proof(leaves, k - 1)),
            root=merkle_root(leaves).hex(),
        )

    def _to_freeze(
        self, db: Session, programmes: Collection[ProgrammeNumber]
    ) -> Iterator[CadreToFreeze]:
        if not programmes:
            return cadres_to_freeze(db, self._box)
        check_served(found(db, programmes))
        return programmes_to_freeze(db, self._box, programmes)

    def _sealed(self, live: LiveId, cadre: CadreNumber, salted: _Salted) -> HouseholdList:
        before = _row(live, cadre, 0)[:-1]
        rows = [b"%b%d" % (before, k) for k in range(1, len(salted.salts) + 1)]
        sealed = self._box.seal_all(salted.phones, rows, place=FROZEN_PHONES)
        return HouseholdList(cadre, salted.codes, salted.salts, sealed)

    def _open(self, live: LiveId, held: FrozenHousehold) -> str:
        return self._box.open(held.sealed, _row(live, held.cadre, held.k), place=FROZEN_PHONES)


class _Commitment(NamedTuple):
    """What a freeze keeps of a cadre until every stratum is known."""

    cadre: CadreNumber
    unit: UnitCode
    key: str
    weight: int
    hh_n: int
    root: str
    quiz: str


def bundle_files(manifest: bytes, roster: bytes, transcript: bytes) -> dict[str, bytes]:
    """Name the files of a bundle, with a SHA256SUMS for `sha256sum -c`."""
    files = {MANIFEST: manifest, ROSTER: roster, TRANSCRIPT: transcript}
    return {**files, SUMS: sums_of(files)}


def _salted(cadre: CadreToFreeze) -> _Salted:
    if not cadre.households:
        return _Salted((), (), ())
    salts = secrets.token_bytes(SALT_BYTES * len(cadre.households))
    cut = [salts[i : i + SALT_BYTES] for i in range(0, len(salts), SALT_BYTES)]
    ordered, households = zip(*sorted(zip(cut, cadre.households, strict=True)), strict=True)
    return _Salted(ordered, *zip(*households, strict=True))


def _stratum_names(
    db: Session, kind: str, division: Division, keys: Iterable[str]
) -> dict[str, str]:
    """Name strata in Chinese: those of townships and units as the roster calls them now."""
    known: dict[str, str] = {}
    if kind == StrataKind.TOWNSHIP:
        known = grid_names(db)
    if kind == StrataKind.UNIT:
        known = unit_names(db)
    if kind == StrataKind.PROGRAMME:
        named = cards(db, map(CadreNumber, keys))
        known = {str(number): card.name for number, card in named.items()}
    return {key: known.get(key) or division.name(key) for key in keys}


def _head_counts(commitments: Iterable[_Commitment], names: Mapping[str, str]) -> list[UnitCount]:
    cadres: Counter[UnitCode] = Counter()
    households: Counter[UnitCode] = Counter()
    for one in commitments:
        cadres[one.unit] += 1
        households[one.unit] += one.hh_n
    return [
        UnitCount(unit, names.get(unit, unit), n, households[unit])
        for unit, n in sorted(cadres.items())
    ]


def _root(cadre: CadreNumber, salted: _Salted) -> str:
    return merkle_root(household_leaves(cadre, salted.phones, salted.salts)).hex()


def _row(live: LiveId, cadre: CadreNumber, k: int) -> bytes:
    return f"{live}|{cadre}|{k}".encode()
