"""`evalsys export`: files that appear whole, one line of report, exit codes."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from evalsys.cli import export
from evalsys.errors import InvalidInput
from evalsys.store import audit
from evalsys.store.database import Database
from tests import small_county
from tests.builders import environment_of, some_settings

# Decided before any database is asked, or alike in both.


def run(database: Database, folder: Path, *arguments: str) -> Result:
    address = database.engine.url.render_as_string(hide_password=False)
    environment = environment_of(some_settings(address, folder))
    return CliRunner().invoke(export.command, arguments, env=environment)


@pytest.fixture
def county(database: Database) -> Database:
    small_county.settle(database)
    return database


def test_decisions_as_csv_hold_every_serving_cadre(county: Database, tmp_path: Path) -> None:
    out = tmp_path / "decisions.csv"
    done = run(county, tmp_path, "decisions", "--out", str(out), "--year", "2026", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert [row["编号"] for row in rows] == ["00000001", "00000002", "00000003", "00000004"]
    assert told["rows"] == 4
    assert told["conclusions"] == {"不予提拔": 1, "程序中止": 0, "待核": 1, "符合": 2}
    assert {row["评估批次"] for row in rows} == {told["run"]}


def test_decisions_as_a_workbook(county: Database, tmp_path: Path) -> None:
    out = tmp_path / "any-name"
    done = run(county, tmp_path, "decisions", "--format", "xlsx", "--out", str(out))
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    assert len(book.sheetnames) == 5
    assert "4 行" in done.output


@pytest.mark.parametrize("kind", ["sessions", "coverage"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_other_lists_come_in_both_forms(
    county: Database, tmp_path: Path, kind: str, form: str
) -> None:
    out = tmp_path / f"list.{form}"
    assert run(county, tmp_path, kind, "--out", str(out)).exit_code == 0
    assert out.stat().st_size > 0


def test_what_was_taken_out_is_on_the_audit_log(county: Database, tmp_path: Path) -> None:
    run(county, tmp_path, "coverage", "--out", str(tmp_path / "list.csv"))
    with county.read() as db:
        lines = [(line.actor, line.action, line.subject) for line in audit.entries(db)]
    assert lines == [("system:export", "personnel.export", "coverage")]


def test_a_refused_export_leaves_no_file_and_keeps_the_old_one(
    county: Database, tmp_path: Path
) -> None:
    out = tmp_path / "decisions.csv"
    out.write_text("old", encoding="utf-8")
    done = run(county, tmp_path, "decisions", "--out", str(out), "--as-of", "2999-01-01")
    assert isinstance(done.exception, InvalidInput)
    assert out.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    "arguments",
    [
        ("decisions", "--out", "list.docx"),
        ("decisions", "--out", "no-such-folder/list.csv"),
        ("decisions", "--out", "list.csv", "--year", "2999"),
        ("decisions", "--out", "list.csv", "--year", "9" * 30),
        ("decisions", "--out", "list.csv", "--year", "-" + "9" * 30),
        ("decisions", "--out", "/proc/list.csv"),
        ("decisions", "--out", "/proc/version/list.csv"),
    ],
)
def test_what_cannot_be_done_is_said(
    county: Database, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = run(county, tmp_path, *arguments)
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.remedy
    assert done.exception.exit_code == 2


def test_an_empty_county_still_exports(database: Database, tmp_path: Path) -> None:
    done = run(database, tmp_path, "decisions", "--out", str(tmp_path / "list.xlsx"))
    assert done.exit_code == 0, done.output


def test_a_link_is_followed_and_what_it_points_at_is_replaced(
    county: Database, tmp_path: Path
) -> None:
    shelf, link = tmp_path / "shelf.csv", tmp_path / "latest.csv"
    link.symlink_to(shelf)
    assert run(county, tmp_path, "sessions", "--out", str(link)).exit_code == 0
    assert link.is_symlink()
    assert shelf.stat().st_size > 0
