"""Checking a draw: the command with its start-up, and the browser's page, beside bare hashing."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import cast

from playwright.sync_api import FilePayload, Page, sync_playwright

from evalsys.app import create_app
from evalsys.beacon.check import check_signature
from evalsys.domain.beacon import CHAINS, QUICKNET, BeaconRules, Chain
from evalsys.domain.manifest import HouseholdRules
from evalsys.domain.verify import Bundle, verify_bundle
from evalsys.domain.verify_steps import Finding
from evalsys.ed25519 import is_signed
from scripts.benches.figure import Figure, in_turn
from tests.browser import CHROMIUM, FLAGS
from tests.builders import some_settings
from tests.builders_beacon import BeaconDraw, OurBeacon, a_beacon_draw
from tests.builders_draw import Draw, a_draw, a_manifest, a_roster
from tests.builders_witness import KEYS, witnessed

COUNTY, SLOTS = 10_180, 10
WHAT = f"{SLOTS} slots over {COUNTY:,} cadres"
ROUNDS = 2 * SLOTS + 1
FLOOR = """
from hashlib import sha256
for j in range({slots}):
    for cadre in range({cadres}):
        sha256(b"cadre-draw/1|ticket|%064d|%08d|1" % (j, cadre)).digest()
"""
"""As many tickets as the session has, by Python's own SHA-256, and nothing else."""


def verify_figures(repeat: int) -> list[Figure]:
    """Measure both verifiers over a session with dice and one with beacon and witnesses."""
    with _pinned(OurBeacon()) as ours:
        return [
            *_command(repeat),
            *_domain(repeat, _bound_slots(ours)),
            *_browser(repeat, ours),
        ]


@contextmanager
def _pinned(ours: OurBeacon) -> Iterator[OurBeacon]:
    """A beacon of our own that counts as pinned: real rounds enough are not to be had offline."""
    pinned = cast("dict[str, Chain]", CHAINS)
    pinned[ours.chain.hash] = ours.chain
    try:
        yield ours
    finally:
        del pinned[ours.chain.hash]


@cache
def _ten_slots() -> Draw:
    roster = a_roster(COUNTY, hh_n=33)
    return a_draw(roster, a_manifest(roster, slots=SLOTS, hh=HouseholdRules()))


@cache
def _bound_slots(ours: OurBeacon) -> BeaconDraw:
    """The same with 21 rounds, an hour apart, and three witnesses."""
    roster, rules = a_roster(COUNTY, hh_n=33), BeaconRules(ours.chain)
    manifest = a_manifest(roster, slots=SLOTS, hh=HouseholdRules(), beacon=rules, witness_keys=KEYS)
    pulses = [ours.pulse(1000 + i * 1200) for i in range(ROUNDS)]
    return witnessed(a_beacon_draw(roster, manifest, chain=ours.chain, pulses=pulses))


def _command(repeat: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in _ten_slots().files.items():
            (Path(folder) / name).write_bytes(data)
        floor = FLOOR.format(slots=SLOTS, cadres=COUNTY)
        ours, bare = in_turn(
            repeat,
            partial(_python, "-m", "evalsys", "verify", folder),
            partial(_python, "-c", floor),
        )
    name = f"evalsys verify {WHAT}, start-up included"
    return [Figure("draw", name, ours, "s", "bare SHA-256 of the tickets", bare, target=1.0)]


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


def _verifying(bundle: Bundle) -> Callable[[], None]:
    def verify() -> None:
        report = verify_bundle(bundle, check_signature=check_signature, check_witness=is_signed)
        if report.finding is not Finding.GOOD:
            raise AssertionError("the bundle of the bench is not good")

    return verify


def _domain(repeat: int, bound: Draw) -> list[Figure]:
    plain, with_beacon = in_turn(repeat, _verifying(_ten_slots().bundle), _verifying(bound.bundle))
    more = f"verify {WHAT}, {ROUNDS} rounds of a beacon, three witnesses"
    return [
        Figure("draw", f"verify {WHAT}", plain, "s", target=1.0),
        Figure("draw", more, with_beacon, "s", "dice alone", plain, target=1.0),
    ]


def _browser(repeat: int, ours: OurBeacon) -> list[Figure]:
    """The page that people keep, opened from the disk in Chromium; the time is its own."""
    figures = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        kept = _keep_page(Path(folder), ours.chain)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = chromium.new_page()
        for name, draw in (
            (f"browser verify {WHAT}", _ten_slots()),
            (f"browser verify {WHAT}, {ROUNDS} rounds, three witnesses", _bound_slots(ours)),
        ):
            in_browser = [_seconds(page, kept, draw.files) for _ in range(repeat + 1)][1:]
            (in_python,) = in_turn(repeat, _verifying(draw.bundle))
            peer = "the same in Python"
            figures.append(
                Figure("draw", name, median(in_browser), "s", peer, in_python, target=2.0)
            )
        chromium.close()
    return figures


def _keep_page(folder: Path, chain: Chain) -> Path:
    """The kept page, in which a chain of our own stands in quicknet's place."""
    app = create_app(some_settings(f"sqlite:///{folder / 'none.db'}", folder))
    page = app.test_client().get("/verify/offline.html").text
    for old, new in (
        (QUICKNET.hash, chain.hash),
        (f'name: "{QUICKNET.name}"', f'name: "{chain.name}"'),
        (QUICKNET.public_key, chain.public_key),
        (QUICKNET.group_hash, chain.group_hash),
    ):
        page = page.replace(old, new)
    kept = folder / "verify.html"
    kept.write_text(page, "utf-8")
    return kept


def _seconds(page: Page, kept: Path, files: Mapping[str, bytes]) -> float:
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in files.items()
    ]
    page.goto(kept.as_uri())
    page.set_input_files("#choose", chosen)
    page.wait_for_selector("#verdict[data-finding=good]")
    return float(page.locator("#verdict").get_attribute("data-seconds") or "inf")
