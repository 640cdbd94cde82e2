"""The manifest fixes everything before the dice, in one spelling."""

import json
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.canonical import canonical
from evalsys.domain.draw_roster import roster_of
from evalsys.domain.manifest import (
    Exclusion,
    ExclusionReason,
    HouseholdRules,
    check_against_roster,
    largest_remainder,
    manifest_bytes,
    parse_manifest,
    require_aired_minima,
    slot_order,
)
from evalsys.domain.witness_keys import WitnessKey
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber, Stratum
from tests.builders_draw import a_cadre, a_manifest, a_roster

ROSTER = a_roster(40, strata=4)
ON_LEAVE = Exclusion(CadreNumber("00000003"), ExclusionReason.ON_LEAVE)
MANIFEST = a_manifest(ROSTER, slots=6, exclusions=[ON_LEAVE])
DATA = manifest_bytes(MANIFEST)


def test_the_manifest_reads_back_the_same() -> None:
    assert parse_manifest(DATA) == MANIFEST
    assert not DATA.endswith(b"\n")
    check_against_roster(MANIFEST, ROSTER)


def test_it_has_exactly_the_published_keys() -> None:
    body = json.loads(DATA)
    assert list(body) == [
        "attempt",
        "beacon",
        "dice",
        "exclusions",
        "hh",
        "prev_head",
        "quota",
        "roster_n",
        "roster_root",
        "roster_sha256",
        "session",
        "slots",
        "strata",
        "v",
        "witness_keys",
    ]
    assert body["dice"] == {"sides": 10, "count": 24, "rollers": ["D1", "D2", "D3", "D4"]}
    assert body["exclusions"] == [{"cadre": "00000003", "reason": "on_leave"}]
    assert body["strata"][3] == {"id": "T04", "n": 10, "eligible": 9}


def strata(sizes: list[int]) -> dict[Stratum, int]:
    return {Stratum(f"T{i:02d}"): size for i, size in enumerate(sizes, start=1)}


@pytest.mark.parametrize(
    ("seats", "sizes", "quota"),
    [
        (10, [50, 30, 20], [5, 3, 2]),
        (10, [416, 338, 246], [4, 3, 3]),
        (2, [10, 10, 10], [1, 1, 0]),  # a tie goes to the smaller id
        (3, [1, 1, 98], [0, 0, 3]),
        (1, [0, 5], [0, 1]),
    ],
)
def test_quotas_go_by_largest_remainder(seats: int, sizes: list[int], quota: list[int]) -> None:
    assert list(largest_remainder(seats, strata(sizes)).values()) == quota


@given(st.integers(1, 200), st.lists(st.integers(0, 900), min_size=1, max_size=20))
def test_quotas_add_up_and_stay_within_one_of_the_exact_share(seats: int, sizes: list[int]) -> None:
    total = sum(sizes)
    if total == 0:
        with pytest.raises(InvalidInput):
            largest_remainder(seats, strata(sizes))
        return
    quota = largest_remainder(seats, strata(sizes))
    assert sum(quota.values()) == seats
    for got, size in zip(quota.values(), sizes, strict=True):
        assert abs(got * total - seats * size) < total


def test_slots_visit_every_stratum_before_any_comes_again() -> None:
    quota = {Stratum("T02"): 1, Stratum("T01"): 3, Stratum("T03"): 2}
    assert slot_order(quota) == ("T01", "T02", "T03", "T01", "T03", "T01")
    assert Counter(slot_order(quota)) == quota


def test_more_slots_than_eligible_cadres_are_refused() -> None:
    with pytest.raises(InvalidInput, match="要抽 4 次，可抽取的只有 3 人") as refused:
        a_manifest(a_roster(3), slots=4)
    assert refused.value.remedy


@pytest.mark.parametrize("cadre", ["00000099", "00000003"])
def test_an_exclusion_twice_or_of_a_stranger_is_refused(cadre: str) -> None:
    again = Exclusion(CadreNumber(cadre), ExclusionReason.LEFT_POST)
    with pytest.raises(InvalidInput):
        a_manifest(ROSTER, exclusions=[ON_LEAVE, again])


@pytest.mark.parametrize("hh", [HouseholdRules(attempts=1), HouseholdRules(gap_s=89)])
def test_only_a_rehearsal_may_shorten_the_calls(hh: HouseholdRules) -> None:
    require_aired_minima(HouseholdRules())
    with pytest.raises(RuleViolation, match="彩排"):
        require_aired_minima(hh)


def test_a_county_may_share_the_slots_by_head_count_or_by_eligible_cadres() -> None:
    cadres = [a_cadre(i, stratum=f"T0{1 + (i > 6)}") for i in range(1, 11)]
    left_out = [
        Exclusion(CadreNumber(f"{i:08d}"), ExclusionReason.COURT_ORDER) for i in range(1, 6)
    ]
    roster = roster_of(cadres)
    body = json.loads(manifest_bytes(a_manifest(roster, slots=1, exclusions=left_out)))
    assert body["quota"] == {"T01": 0, "T02": 1}
    body["quota"], body["slots"] = {"T01": 1, "T02": 0}, ["T01"]
    parse_manifest(canonical(body))


def _keys(*ids: str) -> list[dict[str, str]]:
    return [{"id": name, "key": sha256(str(i).encode()).hexdigest()} for i, name in enumerate(ids)]


def test_what_the_protocol_leaves_open_is_read_as_it_comes() -> None:
    body = json.loads(DATA)
    body["strata"].reverse()
    body["session"], body["dice"]["rollers"] = "石门县 2026", ["甲", "乙", "丙", "丁"]
    for spelling in ("null", "none at all"):
        body["prev_head"] = None
        if spelling == "none at all":
            del body["prev_head"]
        manifest = parse_manifest(canonical(body))
        check_against_roster(manifest, ROSTER)
        assert manifest.prev_head == MANIFEST.prev_head


def test_witnesses_are_read_back_and_a_majority_is_more_than_half() -> None:
    keys = [WitnessKey(**one) for one in _keys("W1", "W2", "W3", "W4")]
    for n, needed in ((0, 0), (1, 1), (2, 2), (3, 2), (4, 3)):
        manifest = a_manifest(ROSTER, witness_keys=reversed(keys[:n]))
        assert manifest.witness_keys == tuple(keys[:n])
        assert manifest.majority == needed
        assert parse_manifest(manifest_bytes(manifest)) == manifest


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda m: m.update(v="cadre-draw/2"), id="another protocol"),
        pytest.param(lambda m: m.pop("beacon"), id="key missing"),
        pytest.param(lambda m: m.update(more=1), id="key too many"),
        pytest.param(lambda m: m.update(session="a|b"), id="session with a bar"),
        pytest.param(lambda m: m.update(attempt=True), id="true is no number"),
        pytest.param(lambda m: m.update(attempt=0), id="attempt 0"),
        pytest.param(lambda m: m.update(roster_sha256="A" * 64), id="upper-case hex"),
        pytest.param(lambda m: m.update(roster_n=41), id="another head-count"),
        pytest.param(lambda m: m["strata"].append(m["strata"][0]), id="stratum twice"),
        pytest.param(
            lambda m: m["strata"][0].update(eligible=11), id="more eligible than there are"
        ),
        pytest.param(lambda m: m["quota"].update(T09=0), id="quota of a stranger stratum"),
        pytest.param(lambda m: m["slots"].pop(), id="fewer slots than quotas"),
        pytest.param(
            lambda m: m.update(quota={"T01": 6}, slots=["T01"] * 6), id="quotas set by hand"
        ),
        pytest.param(
            lambda m: m.update(quota={"T01": 11}, slots=["T01"] * 11), id="quota above eligible"
        ),
        pytest.param(
            lambda m: m["exclusions"][0].update(reason="friend"), id="reason not on the list"
        ),
        pytest.param(lambda m: m["exclusions"].append(m["exclusions"][0]), id="excluded twice"),
        pytest.param(lambda m: m["dice"].update(count=6), id="six dice"),
        pytest.param(lambda m: m["dice"]["rollers"].__setitem__(1, "D1"), id="one roller twice"),
        pytest.param(lambda m: m.update(beacon={}), id="beacon"),
        pytest.param(lambda m: m["hh"].update(target=0), id="target 0"),
        pytest.param(lambda m: m["hh"].update(gap_s=-1), id="gap below 0"),
        pytest.param(lambda m: m["hh"]["final_codes"].append("gone"), id="code not on the list"),
        pytest.param(lambda m: m["hh"]["final_codes"].remove("completed"), id="never completed"),
        pytest.param(lambda m: m.update(witness_keys=["W1"]), id="witness without a key"),
        pytest.param(
            lambda m: m.update(witness_keys=[{"id": "W1", "key": "A" * 64}]), id="upper-case key"
        ),
        pytest.param(lambda m: m.update(witness_keys=_keys("W2", "W1")), id="witnesses unsorted"),
        pytest.param(lambda m: m.update(witness_keys=_keys("W1", "W1")), id="witness twice"),
        pytest.param(
            lambda m: m.update(
                witness_keys=[{"id": name, "key": "a" * 64} for name in ("W1", "W2")]
            ),
            id="one key for two witnesses",
        ),
        pytest.param(
            lambda m: m.update(witness_keys=_keys(*(f"W{i:02d}" for i in range(21)))),
            id="21 witnesses",
        ),
        pytest.param(lambda m: m.update(prev_head="0" * 63), id="short hash"),
    ],
)
def test_a_manifest_that_deviates_is_refused_naming_the_place(change: Change) -> None:
    body = json.loads(DATA)
    change(body)
    with pytest.raises(InvalidInput) as refused:
        parse_manifest(canonical(body))
    assert refused.value.place.startswith("manifest")


def test_a_first_session_may_leave_its_predecessor_empty() -> None:
    body = json.loads(DATA)
    body["prev_head"] = None
    assert parse_manifest(canonical(body)).prev_head == "0" * 64


def test_a_manifest_of_another_roster_is_refused() -> None:
    with pytest.raises(InvalidInput, match="名册"):
        check_against_roster(MANIFEST, a_roster(40, strata=4, hh_n=13))
