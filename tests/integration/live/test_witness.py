"""A witness on another machine follows a session, and rings when its record is not what it was."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
import requests
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from evalsys.app import create_app
from evalsys.cli.verify import command as verify
from evalsys.cli.witness import ALARM_EXIT_CODE, command
from evalsys.clock import utc_now
from evalsys.domain.live.words import NamedBy, Presence
from evalsys.domain.transcript import AbortReason
from evalsys.errors import InvalidInput, OutsideFailure
from evalsys.ids import CadreNumber, LiveId
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests.calling import Hall, fill_county
from tests.insider import break_record, cut_record, forget_heads, rewrite_record
from tests.live_hall import OpenHall
from tests.live_play import a_plan
from tests.processes import Process, evalsys
from tests.roster_rows import number_of

pytestmark = pytest.mark.on_sqlite


class County:
    """A session after its draw, on a server that can be stopped and started again."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.hall = Hall(database, folder)
        self.url = ""
        self.later = timedelta()
        """So far ahead is the server's clock."""

    def begin(self) -> None:
        """Play a session up to its first cadre."""
        fill_county(self.database, self.hall.settings)
        show, hall = self.hall.rooms.show, self.hall
        hall.live = show.plan(a_plan(slots=1), actor="op")
        for step in (show.freeze, show.publish, show.open_ceremony):
            step(hall.operator)
        hall.rooms.ceremony.rehearse_dice(hall.operator)

    def draw(self) -> None:
        """Draw the next cadre; a rehearsal's dice differ each time."""
        self.hall.rooms.ceremony.draw_next(self.hall.operator)
        self.sign()

    def sign(self) -> None:
        """Sign what is due."""
        self.hall.rooms.heads.sign_due()

    def start(self) -> None:
        """Serve the application; one that runs already ends."""
        self.stop()
        app = create_app(self.hall.settings, now=lambda: utc_now() + self.later)
        with app.app_context():
            self.hall.rooms = rooms()
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """End the server."""
        if self.url:
            self.url = ""
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self.hall.close()

    def witness(self, folder: Path, *options: str) -> Result:
        """Send a witness once, who keeps notes in `folder`."""
        page = f"{self.url}/live/{self.hall.live}"
        return run(page, "--once", "--state", str(folder), *options)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


@pytest.fixture
def county(database: Database, tmp_path: Path) -> Iterator[County]:
    built = County(database, tmp_path)
    built.begin()
    built.start()
    built.draw()
    yield built
    built.stop()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "witness"


def rang(result: Result) -> str:
    """The word of the alarm that a witness rang."""
    assert result.exit_code == ALARM_EXIT_CODE, (result.output, result.exception)
    lines = [json.loads(line) for line in result.output.splitlines()]
    return str(lines[-1]["alarm"])


def test_an_honest_session_is_followed_over_every_restart(county: County, notes: Path) -> None:
    first = county.witness(notes)
    assert first.exit_code == 0, first.output
    assert "compare these digits: " + county.hall.rooms.heads.key_id[:8] in first.output
    assert first.output.splitlines()[-1].endswith("ok")
    county.start()
    county.hall.rooms.show.abort(county.hall.operator, AbortReason.SAFETY)
    county.sign()
    again = county.witness(notes)
    assert again.exit_code == 0, again.output
    assert [line.split()[1] for line in again.output.splitlines()] == ["6"]
    assert (notes / "heads.jsonl").read_bytes().count(b"\n") == 2


def test_a_server_that_is_away_is_no_alarm(county: County, notes: Path) -> None:
    page = f"{county.url}/live/{county.hall.live}"
    county.stop()
    result = run(page, "--once", "--state", str(notes))
    assert isinstance(result.exception, OutsideFailure)
    assert not notes.exists()


def test_a_record_rewritten_with_its_chain_rings(county: County, notes: Path) -> None:
    assert county.witness(notes).exit_code == 0
    rewrite_record(county.database, county.hall.live, kind="master_dice_rolled")
    county.start()
    assert rang(county.witness(notes, "--json")) == "rewritten"
    (evidence,) = notes.glob("alarm-*-rewritten")
    assert {file.name for file in evidence.iterdir()} == {
        "alarm.txt",
        "head-after.json",
        "head-before.json",
        "key-pinned.txt",
        "shown-heads.json",
        "shown-transcript.jsonl",
        "transcript-kept.jsonl",
    }
    kept = (evidence / "transcript-kept.jsonl").read_bytes()
    assert kept != (evidence / "shown-transcript.jsonl").read_bytes()
    assert rang(county.witness(notes, "--json")) == "rewritten"


def test_a_record_rewritten_together_with_its_heads_rings(county: County, notes: Path) -> None:
    assert county.witness(notes).exit_code == 0
    rewrite_record(county.database, county.hall.live, kind="master_dice_rolled")
    forget_heads(county.database, county.hall.live)
    county.start()
    county.sign()
    assert rang(county.witness(notes, "--json")) == "forked"
    county.hall.rooms.show.abort(county.hall.operator, AbortReason.SAFETY)
    forget_heads(county.database, county.hall.live)
    county.start()
    county.sign()
    assert rang(county.witness(notes, "--json")) == "rewritten"
    assert [*notes.glob("alarm-*-rewritten/proof.json")]


def test_a_record_that_was_cut_rings(county: County, notes: Path) -> None:
    assert county.witness(notes).exit_code == 0
    cut_record(county.database, county.hall.live, kind="slot_dice_rolled")
    county.start()
    assert rang(county.witness(notes, "--json")) == "truncated"
    forget_heads(county.database, county.hall.live)
    county.start()
    assert rang(county.witness(notes, "--json")) == "truncated"
    county.sign()
    assert rang(county.witness(notes, "--json")) == "truncated"


def test_a_second_draw_of_the_same_slot_rings(county: County, notes: Path) -> None:
    assert county.witness(notes).exit_code == 0
    cut_record(county.database, county.hall.live, kind="slot_dice_rolled")
    forget_heads(county.database, county.hall.live)
    county.start()
    county.draw()
    assert rang(county.witness(notes, "--json")) == "forked"


def test_a_record_whose_chain_is_broken_rings_in_the_servers_own_words(
    county: County, notes: Path
) -> None:
    assert county.witness(notes).exit_code == 0
    break_record(county.database, county.hall.live)
    county.start()
    result = county.witness(notes, "--json")
    assert rang(result) == "rewritten"
    assert "被改动或缺失" in json.loads(result.output.splitlines()[-1])["what"]


def test_another_key_rings_at_once_or_at_first_sight_when_it_is_known(
    county: County, notes: Path, tmp_path: Path
) -> None:
    key = json.loads(county.witness(notes, "--json").output.splitlines()[0])["key"]
    county.hall.settings = replace(county.hall.settings, head_key=bytes(32))
    county.start()
    assert rang(county.witness(notes, "--json")) == "key_changed"
    assert rang(county.witness(tmp_path / "new", "--json", "--key", key)) == "key_changed"


def test_two_witnesses_who_were_shown_different_records_find_out(
    county: County, notes: Path, tmp_path: Path
) -> None:
    other_notes = tmp_path / "other-witness"
    assert county.witness(notes).exit_code == 0
    seen_by_both = len((notes / "heads.jsonl").read_text().splitlines())
    shutil.copytree(notes, other_notes)
    county.hall.rooms.show.abort(county.hall.operator, AbortReason.SAFETY)
    county.sign()
    assert county.witness(notes).exit_code == 0
    same = run("--compare", str(notes), str(other_notes))
    assert same.exit_code == 0, same.output
    # The insider takes the abort back, and shows a session that goes on to the second witness.
    cut_record(county.database, county.hall.live, kind="session_aborted")
    forget_heads(county.database, county.hall.live, but=seen_by_both)
    county.start()
    county.hall.rooms.show.abort(county.hall.operator, AbortReason.COURT_ORDER)
    county.sign()
    assert county.witness(other_notes).exit_code == 0
    assert rang(run("--json", "--compare", str(notes), str(other_notes))) == "forked"


def test_heads_bind_a_dumped_naming_at_home_before_anybody_there_may_read_it(
    database: Database, tmp_path: Path, notes: Path
) -> None:
    county = County(database, tmp_path)
    county.begin()
    county.start()
    try:
        _dumped_naming(county, notes)
    finally:
        county.stop()


def _dumped_naming(county: County, notes: Path) -> None:
    hall, said = county.hall, "一句不该播出的话"
    show, page = hall.rooms.show, f"{county.url}/live/{hall.live}"

    def told(name: str) -> str:
        answer = requests.get(f"{page}/{name}", timeout=10)
        assert said not in answer.text, name
        return answer.text

    hall.rooms.control.set_delay(hall.live, 10, by="op")
    county.later += timedelta(seconds=11)
    county.sign()
    assert county.witness(notes).exit_code == 0
    named = CadreNumber(number_of(0))
    show.name_cadre(hall.operator, named, NamedBy.CHAIR, who="主持人", reason=said)
    hall.rooms.control.dump(hall.live, "说了不该播出的话", by="op")
    county.later += timedelta(seconds=60)
    county.sign()
    before = json.loads(told("heads.json"))
    assert "withheld_from" not in before, "the web stands still: of no more is anybody told"

    show.record_presence(hall.operator, Presence.ABSENT)
    county.later += timedelta(seconds=70)
    county.sign()
    shown = json.loads(told("heads.json"))
    open_lines = len(told("transcript.jsonl").splitlines())
    assert shown["withheld_from"] == open_lines == before["heads"][-1]["size"]
    assert shown["heads"][-1]["size"] == open_lines + 1
    assert told(f"proof.json?leaf={open_lines}&size={open_lines + 1}").startswith('{"code"')
    home = county.witness(notes)
    assert home.exit_code == 0, home.output
    assert "最后 1 行封存前不公布" in home.output
    bundle = notes.parent / "bundle"
    with zipfile.ZipFile(io.BytesIO(requests.get(f"{page}/bundle.zip", timeout=10).content)) as z:
        z.extractall(notes.parent)
    (notes.parent / f"bundle-{hall.live}").rename(bundle)
    checked = CliRunner().invoke(verify, [str(bundle), "--witness", str(notes)])
    assert (checked.exit_code, "树头另盖住 1 行" in checked.output) == (2, True), checked.output

    # Whoever rewrites the line that nobody at home was shown is found out when it is shown.
    cheated = notes.parent / "cheated"
    shutil.copytree(notes, cheated)
    show.abort(hall.operator, AbortReason.SAFETY)
    show.seal(hall.operator)
    county.later += timedelta(seconds=70)
    county.sign()
    after = county.witness(notes)
    assert after.exit_code == 0, after.output
    assert said in (notes / "transcript.jsonl").read_text(), "sealed, the whole record is public"
    rewrite_record(county.database, hall.live, kind="cadre_named", words=(said, "另一句话"))
    forget_heads(county.database, hall.live, but=len(shown["heads"]))
    county.start()
    assert rang(county.witness(cheated, "--json")) == "rewritten"


def test_notes_of_another_session_are_refused(county: County, notes: Path) -> None:
    assert county.witness(notes).exit_code == 0
    result = run(county.url, "--live", "f" * 32, "--once", "--state", str(notes))
    assert isinstance(result.exception, InvalidInput)


@pytest.mark.parametrize(
    "arguments", [[], ["ftp://a/live/" + "0" * 32], ["http://a"], ["http://a", "--live", "1"]]
)
def test_an_address_without_a_session_is_a_usage_error(
    database: Database, arguments: list[str]
) -> None:
    assert database.is_sqlite
    assert run(*arguments).exit_code == 2


def test_a_whole_session_is_followed_by_a_process_until_it_is_sealed(
    open_hall: OpenHall, tmp_path: Path
) -> None:
    hall = open_hall(slots=1)
    page = f"{hall.settings.public_url}/live/{hall.operator.live}"
    witness = Process(
        evalsys("witness", page, "--every", "1", "--json", "--state", "seen"),
        {},
        tmp_path / "witness.log",
    )
    try:
        hall.until_calling()
        hall.wait(lambda view: view["round"]["calls_end"] is not None)
        hall.operator.do("open_vote")
        hall.operator.do("close_vote")
        hall.operator.do("give_verdict", verdict="accounts_differ")
        hall.operator.do("close")
        hall.operator.do("seal")
        assert witness.ended_with() == 0, witness.log.read_text()
    finally:
        witness.stop()
    told = [json.loads(line) for line in witness.log.read_text().splitlines()]
    assert [one["event"] for one in told[:2]] == ["key", "waiting"]
    heads = [one for one in told if one["event"] == "head"]
    transcript = hall.operator.see(f"/live/{hall.operator.live}/bundle/transcript.jsonl").content
    assert heads[-1]["size"] == transcript.count(b"\n")
    assert (tmp_path / "seen/transcript.jsonl").read_bytes() == transcript
    assert told[-1]["event"] == "sealed"
    cut_record(hall.database, LiveId(hall.operator.live), kind="session_closed")
    again = run(page, "--once", "--json", "--state", str(tmp_path / "seen"))
    assert rang(again) == "truncated"
