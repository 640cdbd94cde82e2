"""`evalsys export notices`: files for those to whom a notice is due, each on the audit log."""

import io
import json
from pathlib import Path

import docx
from click.testing import CliRunner, Result

from evalsys.cli import export
from evalsys.errors import InvalidInput, NotFound
from evalsys.store import audit
from evalsys.store.database import Database
from tests import small_county
from tests.builders import environment_of, some_settings
from tests.pdf_text import text_of
from tests.small_county import ON_PROBATION, TEACHER


def run(database: Database, folder: Path, *arguments: str) -> Result:
    address = database.engine.url.render_as_string(hide_password=False)
    settings = some_settings(address, folder)
    arguments = ("notices", "--year", "2026", "--out", str(folder / "out"), *arguments)
    return CliRunner().invoke(export.command, arguments, env=environment_of(settings))


def test_notices_are_written_as_pdf_and_by_the_department_s_own_template(
    database: Database, tmp_path: Path
) -> None:
    small_county.settle(database)
    done = run(database, tmp_path, "--organ", "县委组织部", "--json", "--purpose", "发文")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output.splitlines()[-1])["notices"]
    assert told == {"admonish": 0, "probation": 1, "suspend": 0, "rectify": 0, "commend": 0}
    made = tmp_path / "out" / f"probation-{ON_PROBATION}.pdf"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [made.name]
    assert "县水利局副局长 李红同志：" in text_of(made.read_bytes())
    with database.read() as db:
        line = list(audit.entries(db))[-1]
    assert (line.action, line.subject) == ("personnel.paper", f"cadre:{ON_PROBATION}")
    assert json.loads(line.detail)["purpose"] == "发文"
    template = docx.Document()
    template.add_paragraph("兹通知 {{ 姓名 }}（{{ 编号 }}）")
    template.save(str(tmp_path / "t.docx"))
    own = ("--format", "docx", "--word-template", str(tmp_path / "t.docx"))
    assert run(database, tmp_path, *own).exit_code == 0
    filled = (tmp_path / "out" / f"probation-{ON_PROBATION}.docx").read_bytes()
    assert docx.Document(io.BytesIO(filled)).paragraphs[0].text == "兹通知 李红（00000002）"


def test_what_cannot_be_written_is_said(database: Database, tmp_path: Path) -> None:
    small_county.settle(database)
    none_due = run(database, tmp_path, "--cadre", TEACHER)
    assert isinstance(none_due.exception, NotFound)
    unused = run(database, tmp_path, "--word-template", "t.docx")
    assert isinstance(unused.exception, InvalidInput)
    assert "--format docx" in unused.exception.remedy
    absent = run(database, tmp_path, "--format", "docx", "--word-template", str(tmp_path / "no"))
    assert isinstance(absent.exception, InvalidInput)
    assert not (tmp_path / "out").exists()
