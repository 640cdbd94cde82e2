"""`evalsys import forms` as somebody types it: all or nothing, by cell, and again adds nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from sqlalchemy import func, select

from evalsys.cli.main import cli
from evalsys.store.database import Database
from evalsys.store.schema.household_form import HouseholdEntry
from tests.builders import environment_of, some_settings
from tests.roster_papers import Cell, bring_in_papers, papers, write_xlsx

HEADER: list[Cell] = ["户编码", "家庭人口", "主要收入来源", "饮水", "健康状况", "同意作为现场提问"]
ROWS: list[list[Cell]] = [
    ["37130001", 3, "种植", "自来水", "高血压", "是"],
    ["37130002", 2, "养殖", None, None, "否"],
]


def answers(database: Database) -> int:
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(HouseholdEntry)) or 0


@pytest.mark.on_sqlite
def test_forms_come_in_whole_and_once_and_a_fault_names_its_cell(
    database: Database, tmp_path: Path
) -> None:
    assert bring_in_papers(database, tmp_path, papers()).committed
    address = database.engine.url.render_as_string(hide_password=False)
    environment = environment_of(some_settings(address, tmp_path))

    def typed(*rows: list[Cell], options: tuple[str, ...] = ()) -> Result:
        book = write_xlsx(tmp_path / "forms.xlsx", {"民情表": [HEADER, *rows]})
        arguments = ["import", "forms", str(book), *options]
        return CliRunner().invoke(cli, arguments, env=environment)

    tried = typed(*ROWS, options=("--dry-run",))
    assert (tried.exit_code, answers(database)) == (0, 0)
    assert "2 户，将新增 8 项" in tried.output
    assert (typed(*ROWS).exit_code, answers(database)) == (0, 8)
    again = typed(*ROWS, options=("--json",))
    assert (json.loads(again.output)["answers"], answers(database)) == (0, 8)

    report = tmp_path / "wrong.xlsx"
    wrong: list[list[Cell]] = [
        ["37130003", 3, "放贷", None, None, "是"],
        ["99999999", 3, None, None, None, None],
        ["37130001", 4, None, None, None, None],
        ["37130001", 5, None, None, None, None],
    ]
    refused = typed(*wrong, options=("--report", str(report)))
    assert (refused.exit_code, answers(database)) == (2, 8)
    assert "第2行 “主要收入来源”列 “放贷” 不在可选的答案之内" in refused.output
    assert "第3行 “户编码”列 “99999999” 花名册中没有这一户" in refused.output
    assert "第5行 “户编码”列 “37130001” 与第4行是同一户" in refused.output
    assert load_workbook(report, read_only=True).sheetnames

    book = tmp_path / "forms.xlsx"
    passed = CliRunner().invoke(cli, ["import", "roster", str(book)], env=environment)
    assert "若是民情表，请用 evalsys import forms 导入" in passed.output
