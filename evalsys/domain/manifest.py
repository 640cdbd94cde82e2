"""The manifest 抽签清单: everything about a draw that is fixed before the dice (draw.md, 3).

Its SHA-256 is read out on air; after that nothing in it can change.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from evalsys.domain.beacon import (
    MIN_AIRED_DELAY_S,
    MIN_AIRED_MARGIN_S,
    BeaconRules,
    is_beacon_rules,
    read_beacon_rules,
)
from evalsys.domain.canonical import canonical, parse_canonical
from evalsys.domain.draw import MASTER_DICE, PROTOCOL
from evalsys.domain.draw_roster import FrozenRoster
from evalsys.domain.draw_shapes import (
    CADRE,
    MAX_SLOTS,
    SESSION,
    SHA256,
    STRATUM,
    WORDS,
    check_record,
    integer,
    listed,
    mapping,
    one_of,
    record,
)
from evalsys.domain.witness_keys import (
    WITNESS_KEYS,
    WitnessKey,
    majority,
    witness_keys_problem,
)
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber, LiveId, Stratum

NO_HEAD = "0" * 64
"""`prev_head` of the first session of all."""
MIN_AIRED_ATTEMPTS = 2
MIN_AIRED_GAP_S = 90


class FinalCode(StrEnum):
    """How a position of the household order ended; the only six ways."""

    COMPLETED = "completed"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    INVALID_NUMBER = "invalid_number"
    NOT_LINKED = "not_linked"
    BROKEN_OFF = "broken_off"


class ExclusionReason(StrEnum):
    """Why a cadre of the roster is not in the pot; the only four reasons."""

    ON_LEAVE = "on_leave"
    DRAWN_WITHIN_180D = "drawn_within_180d"
    LEFT_POST = "left_post"
    COURT_ORDER = "court_order"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A cadre left out of the pot, in public, with the reason."""

    cadre: CadreNumber
    reason: ExclusionReason


@dataclass(frozen=True, slots=True)
class StratumCount:
    """A stratum: how many cadres it has, and how many of them may be drawn."""

    id: Stratum
    n: int
    eligible: int


@dataclass(frozen=True, slots=True)
class HouseholdRules:
    """How the households of a drawn cadre are called."""

    target: int = 5
    """Completed calls after which no further position opens, 1-99."""
    attempts: int = MIN_AIRED_ATTEMPTS
    """Unanswered calls that make `no_answer`, 1-9; on air at least two."""
    gap_s: int = MIN_AIRED_GAP_S
    """Seconds from the end of one attempt to the next, 0-86400; on air at least 90."""
    parallel: int = 3
    """Positions open at once, 1-20, those waiting for another attempt included."""
    final_codes: tuple[FinalCode, ...] = tuple(FinalCode)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of one attempt at one session; made by `plan_manifest` or `parse_manifest`."""

    session: LiveId
    roster_sha256: str
    roster_root: str
    roster_n: int
    strata: tuple[StratumCount, ...]
    quota: Mapping[Stratum, int]
    """Slots of each stratum."""
    slots: tuple[Stratum, ...]
    """The stratum of slot j = 1, 2, ... at index j - 1."""
    exclusions: tuple[Exclusion, ...] = ()
    hh: HouseholdRules = HouseholdRules()
    attempt: int = 1
    prev_head: str = NO_HEAD
    """SHA-256 of the last line of the session, or aborted attempt, before this one."""
    beacon: BeaconRules | None = None
    """None: the form with dice alone, which is weaker."""
    rollers: tuple[str, ...] = ("D1", "D2", "D3", "D4")
    witness_keys: tuple[WitnessKey, ...] = ()
    """Sorted by id."""
    excluded: frozenset[CadreNumber] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the excluded numbers as a set: every ticket of a draw asks for them."""
        object.__setattr__(self, "excluded", frozenset(one.cadre for one in self.exclusions))

    @property
    def majority(self) -> int:
        """How many witnesses must sign each dice and bind line; 0 when none is named."""
        return majority(len(self.witness_keys))


def plan_manifest(  # noqa: PLR0913 - the manifest's own fields, each by name
    *,
    session: LiveId,
    roster: FrozenRoster,
    slots: int,
    hh: HouseholdRules,
    exclusions: Iterable[Exclusion] = (),
    attempt: int = 1,
    prev_head: str = NO_HEAD,
    beacon: BeaconRules | None = None,
    witness_keys: Iterable[WitnessKey] = (),
) -> Manifest:
    """Plan `slots` draws over the strata of the roster, in proportion to eligible cadres.

    Raises InvalidInput for a field out of range, an excluded cadre who is named twice or is
    not in the roster, and more slots than eligible cadres.
    """
    left_out = tuple(sorted(exclusions, key=lambda one: one.cadre))
    strata = _count(roster, {one.cadre for one in left_out})
    eligible = sum(one.eligible for one in strata)
    if slots > eligible:
        raise InvalidInput(
            f"要抽 {slots} 次，可抽取的只有 {eligible} 人。",
            remedy="请减少抽取次数，或核对名册和排除名单。",
            place="manifest.slots",
        )
    quota = largest_remainder(slots, {one.id: one.eligible for one in strata})
    manifest = Manifest(
        session=session,
        roster_sha256=roster.sha256,
        roster_root=roster.root,
        roster_n=roster.n,
        strata=strata,
        quota=quota,
        slots=slot_order(quota),
        exclusions=left_out,
        hh=hh,
        attempt=attempt,
        prev_head=prev_head,
        beacon=beacon,
        witness_keys=tuple(sorted(witness_keys, key=lambda one: one.id)),
    )
    # Written and read back: a plan obeys exactly the rules that a published manifest obeys.
    planned = parse_manifest(manifest_bytes(manifest))
    check_against_roster(planned, roster)
    return planned


def largest_remainder(seats: int, sizes: Mapping[Stratum, int]) -> dict[Stratum, int]:
    """Share `seats` in proportion to `sizes` in whole numbers; ties go to the smaller id.

    Raises InvalidInput when there is nobody to share them among.
    """
    total = sum(sizes.values())
    if total <= 0:
        raise InvalidInput("没有可抽取的干部", place="manifest.quota")
    quota = {name: seats * size // total for name, size in sorted(sizes.items())}
    by_remainder = sorted(quota, key=lambda name: (-(seats * sizes[name] % total), name))
    for name in by_remainder[: seats - sum(quota.values())]:
        quota[name] += 1
    return quota


def slot_order(quota: Mapping[Stratum, int]) -> tuple[Stratum, ...]:
    """Put the slots in order: each stratum once in order of id, again while quota is left.

    A session that ends early has then visited as many strata as it could.
    """
    rounds = max(quota.values(), default=0)
    return tuple(name for i in range(rounds) for name in sorted(quota) if quota[name] > i)


def require_aired_minima(hh: HouseholdRules, beacon: BeaconRules | None = None) -> None:
    """Refuse shortened calling and binding outside a rehearsal; raises RuleViolation."""
    if hh.attempts < MIN_AIRED_ATTEMPTS or hh.gap_s < MIN_AIRED_GAP_S:
        raise RuleViolation(
            f"正式直播中每户至少拨打 {MIN_AIRED_ATTEMPTS} 次、间隔至少 {MIN_AIRED_GAP_S} 秒",
            remedy="只有彩排可以缩短。",
        )
    if beacon is not None and not beacon.may_be_aired:
        raise RuleViolation(
            f"正式直播中信标轮次须在骰子之后至少 {MIN_AIRED_DELAY_S} 秒、"
            f"绑定之后至少 {MIN_AIRED_MARGIN_S} 秒",
            remedy="只有彩排可以缩短。",
        )


def manifest_bytes(manifest: Manifest) -> bytes:
    """Write manifest.json: canonical, without final LF."""
    return canonical(
        {
            "v": PROTOCOL,
            "session": manifest.session,
            "attempt": manifest.attempt,
            "roster_sha256": manifest.roster_sha256,
            "roster_root": manifest.roster_root,
            "roster_n": manifest.roster_n,
            "strata": [
                {"id": one.id, "n": one.n, "eligible": one.eligible} for one in manifest.strata
            ],
            "quota": dict(manifest.quota),
            "slots": manifest.slots,
            "exclusions": [
                {"cadre": one.cadre, "reason": one.reason} for one in manifest.exclusions
            ],
            "dice": {"sides": 10, "count": MASTER_DICE, "rollers": manifest.rollers},
            "beacon": manifest.beacon and manifest.beacon.to_json(),
            "hh": {
                "target": manifest.hh.target,
                "attempts": manifest.hh.attempts,
                "gap_s": manifest.hh.gap_s,
                "parallel": manifest.hh.parallel,
                "final_codes": manifest.hh.final_codes,
            },
            "witness_keys": [{"id": one.id, "key": one.key} for one in manifest.witness_keys],
            "prev_head": manifest.prev_head,
        }
    )


def manifest_sha256(data: bytes) -> str:
    """Hash manifest.json; this is what is read out on air, 64 hex."""
    return sha256(data).hexdigest()


def parse_manifest(data: bytes) -> Manifest:
    """Read manifest.json. Raises InvalidInput, naming the field, for the slightest deviation."""
    try:
        value = parse_canonical(data)
    except InvalidInput as error:
        raise InvalidInput(error.what, remedy=error.remedy, place="manifest.json") from error
    if isinstance(value, dict):
        value.setdefault("prev_head", None)
    body = check_record(value, _FIELDS, "manifest")
    hh = body["hh"]
    manifest = Manifest(
        session=body["session"],
        roster_sha256=body["roster_sha256"],
        roster_root=body["roster_root"],
        roster_n=body["roster_n"],
        strata=tuple(StratumCount(**one) for one in body["strata"]),
        quota=body["quota"],
        slots=tuple(body["slots"]),
        exclusions=tuple(
            Exclusion(one["cadre"], ExclusionReason(one["reason"])) for one in body["exclusions"]
        ),
        hh=HouseholdRules(
            target=hh["target"],
            attempts=hh["attempts"],
            gap_s=hh["gap_s"],
            parallel=hh["parallel"],
            final_codes=tuple(FinalCode(code) for code in hh["final_codes"]),
        ),
        attempt=body["attempt"],
        prev_head=body["prev_head"] or NO_HEAD,
        beacon=body["beacon"] and read_beacon_rules(body["beacon"]),
        rollers=tuple(body["dice"]["rollers"]),
        witness_keys=tuple(WitnessKey(**one) for one in body["witness_keys"]),
    )
    _check_sums(manifest)
    return manifest


def check_against_roster(manifest: Manifest, roster: FrozenRoster) -> None:
    """Raise InvalidInput when the manifest does not describe exactly this roster."""
    if (manifest.roster_sha256, manifest.roster_root, manifest.roster_n) != (
        roster.sha256,
        roster.root,
        roster.n,
    ):
        raise InvalidInput("名册与清单公布的校验值或人数不符", place="manifest.roster_sha256")
    strangers = manifest.excluded - roster.by_cadre.keys()
    if strangers:
        raise InvalidInput(f"排除的干部 {min(strangers)} 不在名册中", place="manifest.exclusions")
    if set(manifest.strata) != set(_count(roster, manifest.excluded)):
        raise InvalidInput("各层人数与名册不符", place="manifest.strata")


def _count(roster: FrozenRoster, excluded: Iterable[CadreNumber]) -> tuple[StratumCount, ...]:
    lost = Counter(roster.by_cadre[one].stratum for one in excluded if one in roster.by_cadre)
    return tuple(StratumCount(name, n, n - lost[name]) for name, n in roster.strata.items())


def _check_sums(manifest: Manifest) -> None:
    eligible = {one.id: one.eligible for one in manifest.strata}
    everybody = {one.id: one.n for one in manifest.strata}
    numbers = [one.cadre for one in manifest.exclusions]
    quota = {name: manifest.quota.get(name, 0) for name in eligible}
    slots = len(manifest.slots)
    wrong = {
        "strata": len(eligible) != len(manifest.strata)
        or any(one.eligible > one.n for one in manifest.strata)
        or sum(everybody.values()) != manifest.roster_n,
        "exclusions": len(set(numbers)) != len(numbers),
        "quota": not manifest.quota.keys() <= eligible.keys()
        or any(quota[name] > eligible[name] for name in quota),
        "slots": Counter(manifest.slots) != +Counter(quota),
        "dice.rollers": len(set(manifest.rollers)) != len(manifest.rollers),
        "hh.final_codes": len(set(manifest.hh.final_codes)) != len(manifest.hh.final_codes)
        or FinalCode.COMPLETED not in manifest.hh.final_codes,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise InvalidInput(_WRONG[name], place=f"manifest.{name}")
    if problem := witness_keys_problem(manifest.witness_keys):
        raise InvalidInput(problem, place="manifest.witness_keys")
    # By eligible cadres or by head-count: the county's choice, and nothing else is.
    if quota not in (largest_remainder(slots, eligible), largest_remainder(slots, everybody)):
        raise InvalidInput("各层名额不是按最大余额法分配的", place="manifest.quota")


_WRONG: Mapping[str, str] = {
    "strata": "各层不得重复，人数之和须等于名册人数",
    "exclusions": "排除名单中的干部不得重复",
    "quota": "某层名额超过该层可抽取的干部人数，或该层不存在",
    "slots": "抽取次序与各层名额不符",
    "dice.rollers": "掷骰人不得重复",
    "hh.final_codes": "终结代码不得重复，且须含 completed",
}

_FIELDS = {
    "v": one_of(PROTOCOL),
    "session": SESSION,
    "attempt": integer(1, 99),
    "roster_sha256": SHA256,
    "roster_root": SHA256,
    "roster_n": integer(1, 99_999_999),
    "strata": listed(
        record({"id": STRATUM, "n": integer(1, 99_999_999), "eligible": integer(0, 99_999_999)}),
        least=1,
        most=2600,
    ),
    "quota": mapping(STRATUM, integer(0, MAX_SLOTS)),
    "slots": listed(STRATUM, least=1, most=MAX_SLOTS),
    "exclusions": listed(
        record({"cadre": CADRE, "reason": one_of(*ExclusionReason)}), most=99_999_999
    ),
    "dice": record(
        {
            "sides": integer(10, 10),
            "count": integer(MASTER_DICE, MASTER_DICE),
            "rollers": listed(WORDS, least=4, most=4),
        }
    ),
    "beacon": lambda value: value is None or is_beacon_rules(value),
    "hh": record(
        {
            "target": integer(1, 99),
            "attempts": integer(1, 9),
            "gap_s": integer(0, 86_400),
            "parallel": integer(1, 20),
            "final_codes": listed(one_of(*FinalCode), least=1, most=len(FinalCode)),
        }
    ),
    "witness_keys": WITNESS_KEYS,
    "prev_head": lambda value: value is None or SHA256(value),
}
