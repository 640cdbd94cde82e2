"""The manifest of a session follows on from the one sealed last, and names who is left out."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from evalsys.cli.verify import command
from evalsys.domain.live import events as e
from evalsys.domain.live.fold import replay
from evalsys.domain.manifest import NO_HEAD, Exclusion, ExclusionReason, HouseholdRules
from evalsys.domain.transcript import AbortReason, write_transcript
from evalsys.domain.verify_steps import Finding
from evalsys.errors import InvalidInput, NotFound
from evalsys.ids import CadreNumber, LiveId, Stratum
from evalsys.services.draw import Draws, PlannedManifest, bundle_files
from evalsys.store import event_log, live_sessions
from evalsys.store.database import Database
from tests.builders import NOON
from tests.builders_draw import REHEARSED, a_draw
from tests.live_play import a_plan

HEAD = "ab" * 32


def live(i: int) -> LiveId:
    return LiveId(f"{i:032x}")


def log(county: Database, i: int, *events: e.Event, at: datetime = NOON) -> None:
    """Append events to session `i` as they stand."""
    with county.write() as db:
        after, _ = event_log.head(db, live(i))
        event_log.append(db, live(i), events, after=after, at=at, actor="tester")
        live_sessions.save(db, live(i), replay(event_log.read(db, live(i))))


def planned(
    county: Database, draws: Draws, i: int, *, rehearsal: bool = False, spare_recent: bool = False
) -> PlannedManifest:
    """Plan, freeze and publish session `i`."""
    log(county, i, e.SessionPlanned(a_plan(rehearsal=rehearsal)))
    with county.write() as db:
        draws.freeze_in(db, live(i), "uniform")
        published = draws.plan_manifest_in(
            db, live(i), slots=2, hh=HouseholdRules(), spare_recent=spare_recent
        )
    slots = published.manifest.slots
    log(county, i, e.ManifestPublished(published.sha256, published.data.decode(), slots))
    return published


def drawn(cadre: str) -> e.CadreDrawn:
    return e.CadreDrawn(1, Stratum("A01"), CadreNumber(cadre), "0" * 64, (), 40)


def test_the_first_session_follows_on_from_nothing(county: Database, draws: Draws) -> None:
    manifest = planned(county, draws, 1).manifest
    assert (manifest.attempt, manifest.prev_head) == (1, NO_HEAD)


def test_a_session_follows_on_from_the_one_sealed_last(county: Database, draws: Draws) -> None:
    planned(county, draws, 1)
    log(county, 1, e.SessionClosed(0), e.SessionSealed(HEAD))
    manifest = planned(county, draws, 2).manifest
    assert (manifest.attempt, manifest.prev_head) == (1, HEAD)


def test_after_an_abort_comes_the_second_attempt(county: Database, draws: Draws) -> None:
    planned(county, draws, 1)
    log(county, 1, e.SessionAborted(AbortReason.POWER_FAILURE), e.SessionSealed(HEAD))
    manifest = planned(county, draws, 2).manifest
    assert (manifest.attempt, manifest.prev_head) == (2, HEAD)


def test_rehearsals_and_real_sessions_are_two_chains(county: Database, draws: Draws) -> None:
    planned(county, draws, 1, rehearsal=True)
    log(county, 1, e.SessionClosed(0), e.SessionSealed(HEAD))
    assert planned(county, draws, 2).manifest.prev_head == NO_HEAD
    assert planned(county, draws, 3, rehearsal=True).manifest.prev_head == HEAD


def test_who_was_drawn_on_air_within_180_days_can_be_spared(county: Database, draws: Draws) -> None:
    for i, (cadre, days, rehearsal) in enumerate(
        [("00000005", 179, False), ("00000006", 181, False), ("00000007", 1, True)], start=1
    ):
        planned(county, draws, i, rehearsal=rehearsal)
        ended = (drawn(cadre), e.SessionClosed(1), e.SessionSealed(HEAD))
        log(county, i, *ended, at=NOON - timedelta(days=days))
    manifest = planned(county, draws, 9, spare_recent=True).manifest
    reason = ExclusionReason.DRAWN_WITHIN_180D
    assert manifest.exclusions == (Exclusion(CadreNumber("00000005"), reason),)
    assert manifest.strata[0].eligible == 39


def test_more_slots_than_cadres_cannot_be_planned(county: Database, draws: Draws) -> None:
    log(county, 1, e.SessionPlanned(a_plan()))
    with county.write() as db:
        draws.freeze_in(db, live(1), "uniform")
    with pytest.raises(InvalidInput, match="可抽取的只有"), county.write() as db:
        draws.plan_manifest_in(db, live(1), slots=41, hh=HouseholdRules())


def test_a_session_that_nobody_planned_has_no_manifest(county: Database, draws: Draws) -> None:
    with county.write() as db:
        draws.freeze_in(db, live(1), "uniform")
    with pytest.raises(NotFound), county.write() as db:
        draws.plan_manifest_in(db, live(1), slots=1, hh=HouseholdRules())


def test_a_bundle_of_the_frozen_county_verifies_from_the_command_line(
    county: Database, draws: Draws, tmp_path: Path
) -> None:
    log(county, 1, e.SessionPlanned(a_plan()))
    with county.write() as db:
        roster = draws.freeze_in(db, live(1), "township")
        published = draws.plan_manifest_in(db, live(1), slots=8, hh=REHEARSED)
    draw = a_draw(roster, published.manifest)
    assert draw.verified().finding is Finding.GOOD
    transcript = write_transcript(draw.entries, published.manifest.prev_head)
    files = bundle_files(published.data, draws.roster_jsonl(live(1)), transcript)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    assert CliRunner().invoke(command, [str(tmp_path)]).exit_code == 0
