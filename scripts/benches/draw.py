"""The draw: tickets beside PyPI's consistent_sampler, streams, freezing, verifying."""

import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import cast

from consistent_sampler import sampler
from playwright.sync_api import FilePayload, sync_playwright

from evalsys.app import create_app
from evalsys.clock import utc_now
from evalsys.domain.draw import Lowest, digest, lowest_tickets
from evalsys.domain.manifest import HouseholdRules
from evalsys.domain.verify import Finding, verify_bundle
from evalsys.ids import CadreNumber, LiveId
from evalsys.services.draw import Draws
from evalsys.store import migrate
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from scripts.benches.figure import Figure, in_turn
from tests.browser import CHROMIUM, FLAGS
from tests.builders import some_settings
from tests.builders_draw import Draw, a_draw, a_manifest, a_roster
from tests.roster_rows import fill_roster

COUNTY, MILLION = 10_180, 1_000_000
DRAWN = 50
SEED = digest("bench")
MEMORY_OVER = 200_000
MIB = 1024 * 1024
PEER = "consistent_sampler"


def run(repeat: int) -> list[Figure]:
    """Measure drawing, its memory, freezing a county, and verifying a session of ten slots."""
    return [
        *_tickets(repeat),
        *_memory(),
        *_freeze(repeat),
        *_verify(repeat),
        *_verify_in_browser(repeat),
    ]


def _pot(n: int) -> Iterator[tuple[CadreNumber, int]]:
    # Made without Python code of its own, so that the draw is measured and not its input.
    numbers = cast("Iterator[CadreNumber]", map("{:08d}".format, range(n)))
    return zip(numbers, cycle((1,)), strict=False)


def _ours(n: int) -> Lowest:
    return lowest_tickets(SEED, _pot(n), DRAWN)


def _theirs(n: int) -> list[str]:
    return list(sampler([number for number, _ in _pot(n)], SEED, take=DRAWN, output="id"))


def _tickets(repeat: int) -> list[Figure]:
    """Draw 50; of ten million only ours, since the peer would need minutes and 3 GB."""
    figures = []
    for n, target in ((COUNTY, 0.010), (MILLION, None)):
        ours, theirs = in_turn(repeat, partial(_ours, n), partial(_theirs, n))
        name = f"draw {DRAWN} of {n:,}"
        figures.append(Figure("draw", name, ours, "s", PEER, theirs, target=target))
    (streamed,) = in_turn(repeat, partial(_ours, 10 * MILLION))
    return [*figures, Figure("draw", f"draw {DRAWN} of {10 * MILLION:,}, streamed", streamed, "s")]


def _memory() -> list[Figure]:
    ours, theirs = (_peak_mib(partial(run, MEMORY_OVER)) for run in (_ours, _theirs))
    name = f"memory above the pot, {MEMORY_OVER:,} streamed"
    return [Figure("draw", name, ours, "MiB", PEER, theirs, target=1.0)]


def _peak_mib(run: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def _freeze(repeat: int) -> list[Figure]:
    """Freeze a county of 337,000 households: read, open, salt, commit, seal and store."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate.upgrade(database)
        box = PhoneBox(bytes(range(64)), bytes(range(32)))
        sizes = [33 + (i % 10 == 0) for i in range(COUNTY)]
        with database.write() as db:
            fill_roster(db, box, sizes)
        draws, sessions = Draws(database, box, utc_now), count()

        def freeze() -> None:
            with database.write() as db:
                draws.freeze_in(db, LiveId(f"{next(sessions):032x}"), "township")

        (taken,) = in_turn(repeat, freeze)
        database.close()
    return [Figure("draw", f"freeze {COUNTY:,} cadres, {sum(sizes):,} households", taken, "s")]


@cache
def _ten_slots() -> Draw:
    roster = a_roster(COUNTY, hh_n=33)
    return a_draw(roster, a_manifest(roster, slots=10, hh=HouseholdRules()))


def _verify(repeat: int) -> list[Figure]:
    bundle = _ten_slots().bundle

    def verify() -> None:
        if verify_bundle(bundle).finding is not Finding.GOOD:
            raise AssertionError("the bundle of the bench is not good")

    (taken,) = in_turn(repeat, verify)
    return [Figure("draw", f"verify 10 slots over {COUNTY:,} cadres", taken, "s", target=1.0)]


def _verify_in_browser(repeat: int) -> list[Figure]:
    """The page that people keep, opened from the disk in Chromium; the time is its own."""
    files: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in _ten_slots().files.items()
    ]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = create_app(some_settings(f"sqlite:///{Path(folder) / 'none.db'}", Path(folder)))
        kept = Path(folder) / "verify.html"
        kept.write_bytes(app.test_client().get("/verify/offline.html").data)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page, taken = chromium.new_page(), []
        for _ in range(repeat):
            page.goto(kept.as_uri())
            page.set_input_files("#choose", files)
            page.wait_for_selector("#verdict[data-finding=good]")
            taken.append(float(page.locator("#verdict").get_attribute("data-seconds") or "inf"))
        chromium.close()
    name = f"verify 10 slots over {COUNTY:,} cadres in a browser"
    return [Figure("draw", name, median(taken), "s", target=2.0)]
