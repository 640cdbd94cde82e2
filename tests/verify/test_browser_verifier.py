"""The browser's verifier and `evalsys verify`: two programs, one judgement of every bundle."""

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from evalsys.domain.beacon import BeaconRules
from evalsys.domain.draw import lowest_tickets, master_seed, slot_seed
from evalsys.domain.draw_roster import roster_of
from evalsys.domain.manifest import (
    Exclusion,
    ExclusionReason,
    HouseholdRules,
    manifest_sha256,
)
from evalsys.domain.verify import MANIFEST, ROSTER, SUMS, TRANSCRIPT, Bundle, verify_bundle
from evalsys.domain.verify_steps import Finding, Report
from evalsys.ids import CadreNumber
from evalsys.web.verify_words import verify_words
from tests.architecture.checkout import ROOT
from tests.builders_beacon import a_beacon_draw
from tests.builders_draw import Draw, a_cadre, a_draw, a_manifest, a_roster
from tests.builders_witness import KEYS, witnessed
from tests.random_sessions import Dealer, meddled, random_draws
from tests.tampering_draw import tampered
from tests.verify.judges import HERE, files_of, judged, needs_node, node, told, verified

SESSIONS = 1_000
MEDDLED = 250
REPLAYED = 200
THREE = a_roster(15, strata=3, hh_n=4)
ONE = HouseholdRules(target=1, attempts=2, gap_s=1, parallel=1)


@needs_node
def test_its_own_tests_pass() -> None:
    node("--test", *sorted(HERE.glob("*.test.mjs")))


SMALL = a_roster(12, hh_n=6)
BEACON = BeaconRules()
NAMED = ((0, CadreNumber("00000003")), (1, CadreNumber("00000011")))
IN_TURN = a_manifest(THREE, slots=3, hh=ONE)
WITNESSED = a_manifest(SMALL, slots=1, hh=ONE, witness_keys=KEYS)
BOUND = a_manifest(SMALL, slots=1, hh=ONE, beacon=BEACON)
ALL_AT_ONCE = a_manifest(SMALL, slots=1, hh=ONE, beacon=BEACON, witness_keys=KEYS)


@needs_node
@pytest.mark.parametrize(
    ("draw", "every"),
    [
        pytest.param(a_draw(SMALL), 10, id="one stratum"),
        pytest.param(a_draw(THREE, IN_TURN), 10, id="three strata"),
        pytest.param(a_draw(SMALL, named=NAMED), 13, id="namings"),
        pytest.param(witnessed(a_draw(SMALL, WITNESSED, named=NAMED[:1])), 11, id="witnesses"),
        # A pairing takes the browser's code fifty times as long as everything else.
        pytest.param(a_beacon_draw(SMALL, BOUND, named=NAMED[:1]), 29, id="beacon"),
        pytest.param(witnessed(a_beacon_draw(SMALL, ALL_AT_ONCE)), 29, id="beacon and witnesses"),
    ],
)
def test_both_find_the_same_in_every_tampered_bundle(draw: Draw, every: int) -> None:
    cases = list(tampered(draw))[::every]
    answers = judged((files_of(case.bundle), case.head) for case in cases)
    assert len(answers) == len(cases) > 1_000 / every
    for case, answer in zip(cases, answers, strict=True):
        assert answer == told(verified(case.bundle, case.head)), case.name
        assert case.must_be in {None, answer["finding"]}, case.name


@needs_node
def test_both_agree_on_a_thousand_random_sessions() -> None:
    draws = list(random_draws(SESSIONS))
    answers = judged((files_of(draw.bundle), "") for draw in draws)
    for draw, answer in zip(draws, answers, strict=True):
        assert answer == told(draw.verified()), draw.manifest
    found = Counter(answer["finding"] for answer in answers)
    assert found["good"] > SESSIONS / 2
    assert found["incomplete"] > SESSIONS / 10
    steps = Counter(step[0] for answer in answers for step in answer["steps"])
    assert steps["slot"] > SESSIONS
    assert min(steps["witnesses"], steps["named"] - SESSIONS) > SESSIONS / 5
    assert steps["beacon"] > SESSIONS / 20


@needs_node
def test_both_agree_on_random_sessions_with_which_somebody_meddled() -> None:
    bundles = [
        meddled(draw, Dealer(f"meddler {i}")) for i, draw in enumerate(random_draws(MEDDLED))
    ]
    answers = judged((files_of(bundle), "") for bundle in bundles)
    for bundle, answer in zip(bundles, answers, strict=True):
        assert answer == told(verified(bundle))
    failing = Counter(
        next(name for name, _j, mark in answer["steps"] if mark == "FAIL")
        for answer in answers
        if answer["finding"] == "bad"
    )
    assert {"manifest", "roster", "transcript", "order", "witnesses", "slot"} <= failing.keys()


@needs_node
def test_sessions_that_the_browser_s_code_played_verify_here() -> None:
    rounds = Path(__file__).parents[1] / "data" / "drand.json"
    played = node(HERE / "play.mjs", str(REPLAYED), rounds).splitlines()
    assert len(played) == REPLAYED
    steps: Counter[str] = Counter()
    for line in played:
        files = {name: b64decode(packed) for name, packed in json.loads(line).items()}
        report = verified(Bundle(files[MANIFEST], files[ROSTER], files[TRANSCRIPT]))
        assert report.finding is Finding.GOOD, report
        steps.update({step.name for step in report.steps})
    assert steps["beacon"] > REPLAYED / 4
    assert steps["witnesses"] > REPLAYED / 4


@needs_node
def test_everybody_s_ticket_and_rank_in_each_slot_are_those_computed_here() -> None:
    roster = roster_of(
        a_cadre(i, stratum=f"T0{1 + i % 2}", weight=1 + i % 3, hh_n=3) for i in range(1, 41)
    )
    left_out = [Exclusion(CadreNumber("00000005"), ExclusionReason.ON_LEAVE)]
    draw = a_draw(roster, a_manifest(roster, slots=4, exclusions=left_out))
    (answer,) = judged([(files_of(draw.bundle), "")], [*roster.by_cadre, "12345678"])
    assert answer["standings"].pop("12345678") is None
    told_places = {
        (place["j"], cadre): (place["kind"], place.get("rank"), place.get("ticket"))
        for cadre, places in answer["standings"].items()
        for place in places
    }
    assert told_places == dict(_places(draw))


@needs_node
@pytest.mark.parametrize(
    "sums", [b"", b"garbage\xff", b"0" * 64 + b"  manifest.json\n", None], ids=str
)
def test_both_compare_the_list_of_sums(sums: bytes | None) -> None:
    files = a_draw().files
    right = files.pop(SUMS)
    variants = [right if sums is None else sums, right.replace(b"\n", b"\r\n"), right.upper()]
    bundles = [
        Bundle(files[MANIFEST], files[ROSTER], files[TRANSCRIPT], variant) for variant in variants
    ]
    answers = judged((files_of(bundle), "") for bundle in bundles)
    assert answers == [told(verified(bundle)) for bundle in bundles]


@needs_node
@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_a_bundle_is_read_from_its_zip_and_a_damaged_zip_is_refused(method: int) -> None:
    draw, packed = a_draw(a_roster(12, hh_n=6)), BytesIO()
    with ZipFile(packed, "w", method) as archive:
        archive.comment = b"PK\x05\x06 a comment"
        archive.writestr("bundle/", b"")
        for name, data in draw.files.items():
            archive.writestr(f"bundle/{name}", data)
    whole = packed.getvalue()
    damaged = [whole[: len(whole) // 2], whole.replace(b"PK\x01\x02", b"PK\x01\x03"), b"", b"PK"]
    answers = judged(({"bundle.zip": data}, "") for data in [whole, *damaged])
    assert answers[0] == told(with_sums(draw))
    assert [answer["finding"] for answer in answers[1:]] == ["zip_unreadable"] * len(damaged)


def with_sums(draw: Draw) -> Report:
    return verify_bundle(replace(draw.bundle, sums=draw.files[SUMS]))


def test_every_reason_has_its_word_and_no_word_is_idle() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "static/verify").glob("*.mjs"))
    words = set(verify_words())
    families = tuple(f"{name}_" for name in re.findall(r"`([a-z]+)_\$\{", code))
    quoted = set(re.findall(r'"([a-z0-9_]+)"', code))
    assert {word for word in words if not word.startswith(families)} - quoted == set()
    needed = re.findall(r'(?:refuse|say|Refusal|wrong|open)\((?:"[a-z]+", )?"([a-z0-9_]+)"', code)
    needed += re.findall(r'return \["(ok_[a-z_]+)"', code)
    assert set(needed) - words == set()


def _places(draw: Draw) -> Iterator[tuple[tuple[int, str], tuple[str, int | None, str | None]]]:
    """Everybody's place in each slot, from all tickets in order."""
    dice = [entry.body["digits"] for entry in draw.entries if entry.type == "dice"]
    master = master_seed(manifest_sha256(draw.bundle.manifest or b""), dice[0])
    taken: set[CadreNumber] = set()
    for j, stratum in enumerate(draw.manifest.slots, start=1):
        out = draw.manifest.excluded | taken
        pot = [
            (one.cadre, one.weight)
            for one in draw.roster.cadres
            if one.stratum == stratum and one.cadre not in out
        ]
        tickets = lowest_tickets(slot_seed(master, j, dice[j]), pot, len(pot)).tickets
        for rank, (cadre, ticket) in enumerate(tickets, start=1):
            yield (j, cadre), ("drawn" if rank == 1 else "in_pot", rank, ticket)
        for cadre in draw.roster.by_cadre.keys() - {cadre for cadre, _ in pot}:
            kind = "drawn_before" if cadre in taken else "other_stratum"
            yield (j, cadre), ("excluded" if cadre in draw.manifest.excluded else kind, None, None)
        taken.add(tickets[0].cadre)
