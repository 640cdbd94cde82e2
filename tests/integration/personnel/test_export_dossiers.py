"""`evalsys export dossiers`: what the person's page shows, on paper, continued after a stop."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from evalsys.cli import export
from evalsys.errors import InvalidInput, NotFound
from evalsys.services.dossiers import IN_ONE_FILE, Dossiers, Page
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.store.schema.roster import Cadre
from tests import small_county
from tests.builders import environment_of, some_settings
from tests.pdf_text import pages_of, text_of
from tests.small_county import NOT_ENTERED, ON_PROBATION

YEAR = ("--year", "2026")


def run(database: Database, folder: Path, *arguments: str) -> Result:
    address = database.engine.url.render_as_string(hide_password=False)
    environment = environment_of(some_settings(address, folder))
    return CliRunner().invoke(export.command, ("dossiers", *YEAR, *arguments), env=environment)


def test_a_dossier_holds_the_advice_with_every_rule_its_values_and_words(
    database: Database, tmp_path: Path
) -> None:
    small_county.settle(database)
    out = tmp_path / "both.pdf"
    names = ("--cadre", ON_PROBATION, "--cadre", NOT_ENTERED)
    done = run(database, tmp_path, "--out", str(out), *names, "--purpose", "任免会议")
    assert done.exit_code == 0, done.output
    shown = text_of(out.read_bytes())
    for words in (
        "李红　00000002",
        "建议：不予提拔　附带：免除试用期职务",
        "联系群众考核等次：不合格",
        "考核等次“不合格”的干部，一律不予提拔",
        "Y59",
        "参评户数24",
        "拨打户数未统计",
        "孙立",
        "缺（未录入年度考核）",
        "没有在直播会上被抽到或点名。",
        "还没有作出决定。",
    ):
        assert words in shown, words
    with database.read() as db:
        lines = [(one.subject, json.loads(one.detail)) for one in audit.entries(db)]
    assert {(s, d["paper"], d["purpose"]) for s, d in lines} == {
        (f"cadre:{ON_PROBATION}", "dossier", "任免会议"),
        (f"cadre:{NOT_ENTERED}", "dossier", "任免会议"),
    }


def test_a_folder_is_continued_where_it_was_stopped(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_county.settle(database)
    out = tmp_path / "dossiers"
    paper = Dossiers.paper
    asked: list[str] = []

    def stopped_at_the_third(taken: Dossiers, page: Page) -> bytes:
        asked.append(page.number)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return paper(taken, page)

    with monkeypatch.context() as patched:
        patched.setattr(Dossiers, "paper", stopped_at_the_third)
        assert run(database, tmp_path, "--out", str(out)).exit_code != 0
    there = sorted(path.name for path in out.iterdir())
    assert there == ["00000001.pdf", "00000002.pdf", "index.csv"]
    with (out / "index.csv").open("a") as index:
        index.write("00000003,00000")  # a line that was cut
    (out / ".00000003.pdf.x1").write_bytes(b"half")
    done = run(database, tmp_path, "--out", str(out), "--json")
    assert json.loads(done.output.splitlines()[-1])["made"] == 2
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len(first) == 5
    again = run(database, tmp_path, "--out", str(out), "--json")
    assert json.loads(again.output.splitlines()[-1])["made"] == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    rows = list(csv.reader((out / "index.csv").read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["编号", *(f"0000000{i}" for i in range(1, 5))]
    assert all(len(pages_of(first[row[1]])) >= 1 for row in rows[1:])


def test_what_cannot_be_written_is_said(database: Database, tmp_path: Path) -> None:
    small_county.settle(database)
    with database.write() as db:
        one = db.get_one(Cadre, small_county.PRINCIPAL)
        kept = {name: getattr(one, name) for name in Cadre.__table__.columns.keys()}  # noqa: SIM118 - columns, by name
        db.execute(
            insert(Cadre), [kept | {"number": f"{n:08d}"} for n in range(1000, 1000 + IN_ONE_FILE)]
        )
    nobody = run(database, tmp_path, "--out", str(tmp_path / "x.pdf"), "--cadre", "99999999")
    assert isinstance(nobody.exception, NotFound)
    assert "99999999" in str(nobody.exception)
    many = run(database, tmp_path, "--out", str(tmp_path / "x.pdf"))
    assert isinstance(many.exception, InvalidInput)
    assert "文件夹" in many.exception.remedy
    (tmp_path / "file").write_text("")
    closed = run(database, tmp_path, "--out", str(tmp_path / "file" / "in"))
    assert isinstance(closed.exception, InvalidInput)
    assert not (tmp_path / "x.pdf").exists()
