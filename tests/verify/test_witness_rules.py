"""What a witness's device checks by itself before it signs, called in a real browser."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page
from typing_extensions import override

from evalsys.domain.live import commands as c
from evalsys.domain.manifest import NO_HEAD
from evalsys.domain.transcript import bytes_to_sign, time_text
from tests.ceremony_hall import MASTER, time_of
from tests.live_ceremony import Ceremonial

STATIC = Path(__file__).parents[2] / "static"
CALL = """async ([name, ...args]) => {
  const chain = await import("/ceremony/chain.mjs");
  try {
    if (name === "readManifest") args[0] = Uint8Array.from(args[0]);
    const told = chain[name](...args);
    if (told?.open) told.open.toSign = new TextDecoder().decode(told.open.toSign);
    return told;
  } catch (error) { return { threw: `${error.constructor.name} ${error.message}` }; }
}"""
Call = Callable[..., Any]
BOUND_AT = time_of(MASTER) - timedelta(seconds=30)
ROLLED_AT = time_of(MASTER) - timedelta(seconds=60)
MANIFEST = {
    "beacon": {
        "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
        "bind_margin_s": 10,
        "min_delay_s": 60,
    }
}
NOTHING: dict[str, object] = {"settled": 0, "prev": None, "rolledAt": None, "seen": {}}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve our scripts, and nothing else."""

    class Quiet(SimpleHTTPRequestHandler):
        extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012 - as the base class has it

        @override
        def log_message(self, *_: object) -> None:
            """Keep still."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(STATIC)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def call(address: str, page: Page) -> Call:
    """Call a function of `chain.mjs`."""
    page.goto(f"{address}/icons/evalsys.svg")

    def one(name: str, *args: object) -> Any:  # noqa: ANN401 - JSON
        return page.evaluate(CALL, [name, *args])

    return one


def a_bind(**body: object) -> dict[str, Any]:
    usual = {
        "purpose": "master",
        "j": 0,
        "round": MASTER,
        "round_time": time_text(time_of(MASTER)),
    }
    return {"i": 3, "type": "bind", "at": time_text(BOUND_AT), "body": {**usual, **body}}


def against(call: Call, frame: dict[str, Any], *, later_s: float = 0, **changes: Any) -> Any:  # noqa: ANN401 - JSON
    """Ask why a device whose clock is `later_s` behind the line's time does not sign."""
    now = (BOUND_AT + timedelta(seconds=later_s)).timestamp() * 1000
    memory = {"seen": {"3": True}, "rolledAt": time_text(ROLLED_AT)}
    context = {"memory": memory, "manifest": MANIFEST, "now": now, **changes}
    return call("reasonAgainst", frame, context)


def test_a_bind_that_keeps_every_rule_is_signed(call: Call) -> None:
    assert against(call, a_bind()) is None
    assert against(call, a_bind(purpose="slot", j=1)) is None


@pytest.mark.parametrize(
    ("later_s", "reason"), [(29, None), (30, "round_exists"), (300, "round_exists")]
)
def test_a_round_that_exists_by_the_devices_own_clock_is_not_signed(
    call: Call, later_s: float, reason: str | None
) -> None:
    assert against(call, a_bind(), later_s=later_s) == reason


def test_a_bind_of_another_round_chain_or_time_is_not_signed(call: Call) -> None:
    later = {"round": MASTER + 1, "round_time": time_text(time_of(MASTER + 1))}
    assert against(call, a_bind(**later)) == "other_round"
    assert against(call, a_bind(round=MASTER + 1)) == "other_chain"
    late = a_bind()
    late["at"] = time_text(time_of(MASTER) - timedelta(seconds=9))
    assert against(call, late) == "bound_late"
    assert against(call, a_bind(), manifest={"beacon": None}) == "no_beacon"


def test_a_line_whose_time_is_not_the_devices_is_not_signed(call: Call) -> None:
    memory = {"seen": {"3": False}, "rolledAt": time_text(ROLLED_AT)}
    assert against(call, a_bind(), memory=memory) == "clock_apart"


def followed(call: Call, lines: list[str], *, later_s: float = 0, **memory: object) -> Any:  # noqa: ANN401 - JSON
    """Follow `lines` with a device whose clock is `later_s` behind the last line's time."""
    at = datetime.fromisoformat(json.loads(lines[-1])["at"])
    return call("follow", {**NOTHING, **memory}, lines, NO_HEAD, (at.timestamp() + later_s) * 1000)


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Manifest, open, and dice with one signature."""
    play = Ceremonial().until_published()
    play.tell(c.OpenCeremony())
    play.roll("314159265358979323846264")
    play.sign(play.devices[0])
    return [line.decode() for line in play.lines]


def test_the_last_line_of_dice_is_open_and_signed_as_the_server_checks_it(
    call: Call, lines: list[str]
) -> None:
    told = followed(call, lines)
    assert (told["memory"]["settled"], told["open"]["frame"]["i"]) == (2, 2)
    assert told["open"]["toSign"].encode() == bytes_to_sign(lines[-1].encode())
    assert told["memory"]["prev"] == sha256(lines[1].encode()).hexdigest()
    assert told["memory"]["seen"]["2"] is True


def test_signatures_that_come_later_are_no_rewriting(call: Call, lines: list[str]) -> None:
    first = followed(call, [*lines[:2], bytes_to_sign(lines[2].encode()).decode()])
    again = followed(call, lines[2:], **first["memory"])
    assert again["open"]["frame"]["i"] == 2


@pytest.mark.parametrize(("later_s", "near"), [(30, True), (31, False), (-31, False)])
def test_a_line_is_near_within_thirty_seconds(
    call: Call, lines: list[str], later_s: float, *, near: bool
) -> None:
    assert followed(call, lines, later_s=later_s)["memory"]["seen"]["2"] is near


def test_a_rewritten_cut_or_malformed_record_rings(call: Call, lines: list[str]) -> None:
    changed = lines[1].replace('"rehearsal":true', '"rehearsal":false')
    assert changed != lines[1]
    for wrong in (
        [lines[0], changed, lines[2]],
        [lines[0], lines[2]],
        [lines[1], lines[2]],
        [lines[0], lines[1], lines[2].replace('"i":2', '"i":3')],
    ):
        assert followed(call, wrong)["threw"] == "Rewritten chain"
    for spelling in ('"i": 2', '"i":2,"i":2', '"i":02'):
        malformed = lines[2].replace('"i":2', spelling)
        told = call("follow", NOTHING, [*lines[:2], malformed], NO_HEAD, 0)
        assert told["threw"] == "Rewritten line"
    known = followed(call, lines)["memory"]
    assert followed(call, [lines[1]], **known)["threw"] == "Rewritten chain"


def test_another_manifest_rings(call: Call, lines: list[str]) -> None:
    frame = json.loads(lines[0])
    assert call("readManifest", list(b"{}"), frame)["threw"] == "Rewritten manifest"
