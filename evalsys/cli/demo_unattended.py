"""The unattended demo: one whole session through the doors that people use, and what it came to."""

import io
import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from evalsys.cli.demo_house import House, run
from evalsys.cli.demo_panel import ScriptedPanel
from evalsys.cli.demo_people import Answer, Operator, Visitor
from evalsys.cli.demo_screen import Screen
from evalsys.cli.demo_session import CEREMONY_PLAN, PLAN, PROGRAMME_PLAN, Stopwatch, play
from evalsys.cli.demo_summary import FalseClaims, count_false_claims, summarize
from evalsys.cli.demo_visitors import Logins
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.errors import OutsideFailure
from evalsys.ids import LiveId
from evalsys.store import programmes

SUMMARY = "summary.json"


@dataclass(frozen=True, slots=True)
class Evening:
    """What an unattended session plays."""

    slots: int
    """Cadres that are drawn, or programmes that are heard."""
    named: int = 0
    """Cadres that are named besides."""
    kind: str = "cadre"
    witnesses: int = 0
    """Witnesses who sign the dice and the binds, each with a key of their own."""
    beacon: str = "none"
    """Chain of the randomness beacon; its relays must be reachable."""


def make_ready(out: Path) -> None:
    """Make the folder of the results, and take away an earlier session's word that it verified.

    Raises:
        OSError: nothing can be written there.
    """
    out.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=out):
        (out / SUMMARY).unlink(missing_ok=True)


def play_unattended(
    house: House, logins: Logins, out: Path, evening: Evening, watch: Stopwatch
) -> None:
    """Play a session and write bundle, workbook, CSV and summary to `out`.

    Raises:
        OutsideFailure: a step failed, or the bundle does not verify: the summary then says so.
    """
    operator = Operator(house.url)
    operator.sign_in(*logins[Role.OPERATOR])
    live = LiveId(operator.plan(**_plan(house, evening)))
    click.echo(f"彩排 {live} · {house.url}/stage/{live}")
    panel = ScriptedPanel(operator, house.url, house.county.seed)
    with Screen(house.url, live, "console", operator.cookies) as screen, panel:
        rounds = play(operator, screen, panel, watch, utc_now, named=evening.named)
    with watch.measure("export"):
        save_bundle(house, live, out / "bundle")
        _save_decisions(house, logins, out)
    with watch.measure("verify"):
        refusal = refusal_of(house, out / "bundle")
    database = house.database()
    false = FalseClaims(0, 0, 0)
    if evening.kind == "cadre":
        drawn = [one for one in rounds if not one["naming"]]
        false = count_false_claims(database, live, drawn, house.truth)
    database.close()
    summary = {
        "live": live,
        "kind": evening.kind,
        "county": {
            "cadres": house.county.cadres,
            "households": house.county.households,
            "seed": house.county.seed,
        },
        **summarize(rounds, out / "bundle" / "transcript.jsonl", false),
    }
    conclude(out, summary, watch, refusal)


def refusal_of(house: House, bundle: Path, *options: str) -> OutsideFailure | None:
    """Let the verifier look at a bundle as anybody would; nothing means that it is good."""
    try:
        click.echo(run(["verify", str(bundle), *options], house.environment()), nl=False)
    except OutsideFailure as refusal:
        return refusal
    return None


def conclude(out: Path, summary: Answer, watch: Stopwatch, refusal: OutsideFailure | None) -> None:
    """Write the summary, also of a session that nobody can verify.

    Raises:
        OutsideFailure: `refusal`.
    """
    seconds = {stage: round(taken, 3) for stage, taken in watch.seconds.items()}
    whole = {**summary, "verified": refusal is None, "seconds": seconds}
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    (out / SUMMARY).write_text(text + "\n", encoding="utf-8")
    click.echo(text)
    if refusal is not None:
        raise refusal


def _plan(house: House, evening: Evening) -> Answer:
    usual = {**PLAN, **CEREMONY_PLAN, "witnesses": evening.witnesses, "beacon": evening.beacon}
    if evening.kind == "cadre":
        return {**usual, "slots": evening.slots}
    database = house.database()
    with database.read() as db:
        numbers = [one.number for one in programmes.every(db)]
    database.close()
    return {**usual, **PROGRAMME_PLAN, "programmes": numbers[: evening.slots]}


def save_bundle(house: House, live: LiveId, folder: Path) -> None:
    """Fetch the verification bundle as anybody would, from the public page."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    packed = Visitor(house.url).see(f"/live/{live}/bundle.zip").content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            (folder / Path(name).name).write_bytes(archive.read(name))


def _save_decisions(house: House, logins: Logins, out: Path) -> None:
    """Fetch the workbook and the CSV as the personnel department would."""
    personnel = Visitor(house.url)
    personnel.sign_in(*logins[Role.PERSONNEL])
    for name in ("decisions.xlsx", "decisions.csv"):
        (out / name).write_bytes(personnel.see(f"/personnel/export/{name}").content)
