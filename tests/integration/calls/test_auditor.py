"""The auditor's papers: every opened position can be proven, and nobody chooses whom to re-call."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from evalsys.cli.main import cli
from evalsys.domain.access import Role
from evalsys.domain.live.words import RecallOutcome
from evalsys.domain.openings import Place, parse_openings
from evalsys.domain.transcript import AbortReason
from evalsys.errors import NotFound, TooManyTries, WrongPhase
from evalsys.services.auditor import UNMASKED_A_DAY
from evalsys.store import audit
from tests.builders import environment_of
from tests.calling import Carrier, Hall, callers
from tests.visitor import Visitor


def played(hall: Hall, carrier: Carrier) -> None:
    """Call three households of one cadre, one of which refuses, and give the session up."""
    hall.open_calls(parallel=3, target=3)
    hall.tick()
    for i, caller in enumerate(callers(hall, carrier).values()):
        caller.pick_up()
        caller.press_all("11114" if i else "2")
        caller.hang_up()
    hall.rooms.show.abort(hall.operator, AbortReason.SAFETY)


@pytest.fixture
def sealed(hall: Hall, carrier: Carrier) -> Hall:
    played(hall, carrier)
    hall.rooms.show.seal(hall.operator)
    hall.rooms.access.add("shen-ji", Role.AUDITOR, "correct horse battery", actor="test")
    hall.rooms.access.add("dao-bo", Role.OPERATOR, "correct horse battery", actor="test")
    return hall


def export(hall: Hall, out: Path, auditor: str = "shen-ji") -> Result:
    return CliRunner().invoke(
        cli,
        ["export", "openings", hall.live, "--out", str(out), "--auditor", auditor],
        env=environment_of(hall.settings),
    )


def audited(hall: Hall, action: str) -> list[str]:
    with hall.database.read() as db:
        return [line.subject for line in audit.entries(db) if line.action == action]


@pytest.fixture
def papers(sealed: Hall, tmp_path: Path) -> Path:
    """The exported papers in `papers`, and the bundle that everybody has in `bundle`."""
    result = export(sealed, tmp_path / "papers")
    assert result.exit_code == 0, result.output
    (tmp_path / "bundle").mkdir()
    for name, data in sealed.rooms.show.bundle(sealed.live).items():
        (tmp_path / "bundle" / name).write_bytes(data)
    return tmp_path


def verify_opening(folder: Path) -> Result:
    file, bundle = folder / "papers" / "openings.jsonl", folder / "bundle"
    return CliRunner().invoke(cli, ["verify-opening", str(file), str(bundle)])


def test_every_number_dialled_is_proven_to_be_the_frozen_one(
    sealed: Hall, carrier: Carrier, papers: Path
) -> None:
    result = verify_opening(papers)
    assert result.exit_code == 0, result.output
    openings = parse_openings((papers / "papers" / "openings.jsonl").read_bytes())
    numbers = {json.loads(one.leaf)["phone"] for one in openings}
    assert numbers == {call["To"] for call in carrier.calls}
    assert not any(number in result.output for number in numbers)
    assert len(audited(sealed, "phone.opening")) == len(openings) == 3
    mode = (papers / "papers" / "openings.jsonl").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.on_sqlite
def test_receipts_name_calls_and_nobody(sealed: Hall, papers: Path, carrier: Carrier) -> None:
    lines = (papers / "papers" / "receipts.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(carrier.calls)
    for call in carrier.calls:
        assert any(call["sid"] in line for line in lines)
        assert not any(call["To"] in line or call["To"][3:] in line for line in lines)
    assert sum("refused" in line for line in lines) == 1
    assert all(str(sealed.round.cadre) in line for line in lines[1:])


CHANGES = (
    (r"\"phone\":\"+86", r"\"phone\":\"+87"),
    (r"\"salt\":\"", r"\"salt\":\"0"),
    (r"\"hh\":", r"\"hh\":1"),
    ('"k":', '"k":1'),
    ('"path":["', '"path":["00'),
    ('"root":"', '"root":"A'),
    ('"size":', '"size":1'),
    ('"cadre":"0000', '"cadre":"0001'),
    ("{", " {"),
    ("\n", "\r\n"),
)


@pytest.mark.on_sqlite
def test_an_opening_that_was_changed_anywhere_is_found_out(papers: Path) -> None:
    file = papers / "papers" / "openings.jsonl"
    text = file.read_bytes().decode()
    for old, new in CHANGES:
        assert old in text
        file.write_bytes(text.replace(old, new, 1).encode())
        assert verify_opening(papers).exit_code != 0, new


@pytest.mark.on_sqlite
def test_a_missing_an_extra_and_a_repeated_opening_are_found_out(papers: Path) -> None:
    file = papers / "papers" / "openings.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[1:]))
    result = verify_opening(papers)
    assert (result.exit_code, "这里没有" in result.output) == (1, True)
    file.write_bytes(b"".join([lines[0], *lines]))
    assert verify_opening(papers).exit_code != 0
    file.write_bytes(b"")
    assert verify_opening(papers).exit_code == 1
    roster = papers / "bundle" / "roster.jsonl"
    roster.write_bytes(b"".join(roster.read_bytes().splitlines(keepends=True)[:-1]))
    assert verify_opening(papers).exit_code == 1


@pytest.mark.on_sqlite
def test_papers_are_for_a_session_that_is_over_and_for_the_auditor(
    hall: Hall, carrier: Carrier, tmp_path: Path
) -> None:
    hall.rooms.access.add("shen-ji", Role.AUDITOR, "correct horse battery", actor="test")
    hall.rooms.access.add("dao-bo", Role.OPERATOR, "correct horse battery", actor="test")
    hall.open_calls()
    assert isinstance(export(hall, tmp_path / "p").exception, WrongPhase)
    hall.rooms.show.abort(hall.operator, AbortReason.SAFETY)
    for nobody in ("dao-bo", "somebody"):
        assert export(hall, tmp_path / "p", nobody).exit_code != 0
    assert not (tmp_path / "p").exists()
    with pytest.raises(WrongPhase, match="封存"):
        hall.rooms.auditor.recall_list(hall.live)
    assert carrier.calls == []


@pytest.mark.on_sqlite
def test_the_recall_list_is_drawn_from_the_final_hash(sealed: Hall) -> None:
    listed = sealed.rooms.auditor.recall_list(sealed.live)
    assert listed == sealed.rooms.auditor.recall_list(sealed.live)
    assert {one.place for one in listed} == {
        Place(sealed.round.cadre, k) for k in sealed.round.positions
    }
    assert {one.code for one in listed} == {"refused", "completed"}


def test_numbers_to_recall_are_audited_and_bounded_a_day(sealed: Hall, carrier: Carrier) -> None:
    auditor = sealed.rooms.auditor
    numbers = auditor.recall_numbers(sealed.live, actor="shen-ji")
    assert set(numbers.values()) == {call["To"] for call in carrier.calls}
    assert len(audited(sealed, "phone.recall")) == 3
    with sealed.database.write() as db:
        for i in range(UNMASKED_A_DAY - 3):
            audit.record(db, sealed.now(), "shen-ji", "phone.recall", f"other/{i}")
    assert auditor.recall_numbers(sealed.live, actor="shen-ji") == numbers
    with sealed.database.write() as db:
        audit.record(db, sealed.now(), "shen-ji", "phone.recall", "other/more")
    with pytest.raises(TooManyTries, match="50"):
        auditor.recall_numbers(sealed.live, actor="another")


@pytest.mark.on_sqlite
def test_what_was_heard_is_written_once_and_only_of_the_list(sealed: Hall) -> None:
    app: Flask = sealed.app
    auditor = Visitor(app)
    auditor.sign_in("shen-ji")
    page = f"/draw/{sealed.live}/auditor"
    place = sealed.rooms.auditor.recall_list(sealed.live)[0].place
    heard = f"{page}/recalls/{place.cadre}/{place.k}"
    assert "+86" not in auditor.get(page).text
    assert "+86" in auditor.post(f"{page}/numbers").text
    assert auditor.post(heard, outcome="sang").status_code == 400
    assert auditor.post(heard, outcome="differs").status_code == 303
    assert "与记录不一致" in auditor.get(page).text
    assert auditor.post(heard, outcome="agrees").status_code == 409
    assert auditor.post(f"{page}/recalls/00000099/1", outcome="agrees").status_code == 404
    with pytest.raises(NotFound):
        sealed.rooms.auditor.record_recall(
            sealed.live, Place(place.cadre, 99), RecallOutcome.AGREES, actor="x"
        )
    other = Visitor(app)
    other.sign_in("dao-bo")
    for answer in (other.get(page), other.post(f"{page}/numbers"), other.post(heard, outcome="x")):
        assert answer.status_code == 403
