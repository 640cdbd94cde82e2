"""`evalsys import roster` and `evalsys county generate`, as somebody types them."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from evalsys.cli.main import cli
from evalsys.domain.roster_sheets import Kind
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.services.roster_staging import WORTH_A_PROCESS
from evalsys.store.database import Database
from tests import warmed
from tests.roster_papers import papers, write_csv

pytestmark = pytest.mark.on_sqlite


def _environment(database: Database) -> dict[str, str]:
    hexadecimal = {"PHONE_KEY": 64, "INDEX_KEY": 32, "TALLY_PUBLIC_KEY": 32, "HEAD_KEY": 32}
    words = ("SECRET_KEY", "TELEPHONY_ACCOUNT", "TELEPHONY_TOKEN")
    settings = {
        "DATABASE_URL": str(database.engine.url),
        **{name: "5a" * size for name, size in hexadecimal.items()},
        **dict.fromkeys(words, "test"),
    }
    return {f"EVALSYS_{name}": value for name, value in settings.items()}


def _run(database: Database, arguments: Sequence[str]) -> Result:
    return CliRunner().invoke(cli, arguments, env=_environment(database))


def _import(database: Database, *arguments: str | Path) -> Result:
    return _run(database, ["import", "roster", *map(str, arguments)])


def test_a_good_roster_ends_with_0_and_says_what_came_in(
    database: Database, tmp_path: Path
) -> None:
    ended = _import(database, *write_csv(tmp_path, papers()))
    assert ended.exit_code == 0, ended.output
    assert "联系户：新增 7，变更 0，不变 0" in ended.output
    assert "与别户共用电话的户：2" in ended.output
    assert "全覆盖、无遗漏" in ended.output


def test_errors_end_with_2_and_the_report_shows_the_row_with_its_cell_in_red(
    database: Database, tmp_path: Path
) -> None:
    wrong = papers()
    wrong[Kind.HOUSEHOLDS][2][1] = "=1+1\x07"
    report = tmp_path / "问题.xlsx"
    ended = _import(database, *write_csv(tmp_path, wrong), "--report", report)
    assert ended.exit_code == 2, ended.output
    assert "households.csv 第3行 “户主姓名”列" in ended.output
    assert "没有导入" in ended.output
    book = load_workbook(report)
    listed = book["问题清单"]
    assert [cell.value for cell in listed[3]][:6] == [
        "错误", "households.csv", "", "3", "户主姓名", "=1+1⟨U+0007⟩",
    ]  # fmt: skip
    rows = book.worksheets[1]
    assert [cell.value for cell in rows[2]][:3] == ["原行号", "户编码", "户主姓名"]
    red = [
        (cell.row, cell.column, cell.value, cell.data_type)
        for row in rows.iter_rows(min_row=3)
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFC7CE"
    ]
    assert red[0] == (3, 3, "=1+1⟨U+0007⟩", "s")
    assert len(red) == 2


def test_the_shell_is_told_of_errors_too(database: Database, tmp_path: Path) -> None:
    wrong = papers()
    wrong[Kind.HOUSEHOLDS][2].append("多出的一格")
    files = write_csv(tmp_path, wrong)
    report = tmp_path / "问题.xlsx"
    words = ["evalsys", "import", "roster", *map(str, files), "--report", str(report)]
    ended = warmed.run(words, {**os.environ, **_environment(database)})
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert "households.csv 第3行 “G”列 “多出的一格”" in ended.stderr
    rows = load_workbook(report).worksheets[1]
    assert [cell.value for cell in rows[3]][-1] == "多出的一格"


def test_files_of_a_county_s_size_are_read_in_a_process_of_their_own(
    database: Database, tmp_path: Path
) -> None:
    large = papers()
    told = "走访时了解到的情况" * 200
    large[Kind.VISITS] += [
        ["37130001", "00000001", f"20{year}-{month:02}-{day:02}", told]
        for year in (24, 25)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    files = write_csv(tmp_path, large)
    assert sum(path.stat().st_size for path in files) > WORTH_A_PROCESS
    ended = _import(database, *files)
    assert ended.exit_code == 0, ended.output
    assert "走访记录：新增 675" in ended.output
    assert "联系户：新增 7" in ended.output
    assert "与别户共用电话的户：2" in ended.output
    large[Kind.VISITS][5][2] = "2024-02-30"
    ended = _import(database, *write_csv(tmp_path, large))
    assert ended.exit_code == 2, ended.output
    assert "visits.csv 第6行 “走访日期”列 “2024-02-30” 没有这一天" in ended.output


def test_a_program_gets_json(database: Database, tmp_path: Path) -> None:
    ended = _import(database, *write_csv(tmp_path, papers()), "--json", "--dry-run")
    assert ended.exit_code == 0
    told = json.loads(ended.stdout)
    assert (told["committed"], told["errors"], told["rows"]["households"]) == (False, 0, 7)
    assert told["coverage"]["gaps"]["phone_shared"] == 2
    assert told["problems"][0]["severity"] == "提醒"


def test_an_unreadable_file_is_an_error_with_a_remedy(database: Database, tmp_path: Path) -> None:
    ended = _import(database, tmp_path / "没有.xlsx")
    assert isinstance(ended.exception, InvalidInput)
    assert ended.exception.exit_code == 2


def test_a_database_without_tables_is_told_how_to_get_them(
    database: Database, tmp_path: Path
) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    ended = _import(empty, *write_csv(tmp_path, papers()))
    assert isinstance(ended.exception, RuleViolation)
    assert "evalsys migrate" in ended.exception.remedy
    empty.close()
    database.close()


def test_a_made_up_county_can_be_imported_as_it_is(database: Database, tmp_path: Path) -> None:
    size = ["--cadres", "40", "--households", "400", "--seed", "5", "--out", str(tmp_path / "c")]
    made = _run(database, ["county", "generate", *size, "--json"])
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert (told["cadres"], told["households"]) == (40, 400)
    assert _import(database, tmp_path / "c" / "roster.xlsx").exit_code == 0


def test_a_folder_that_cannot_be_made_is_one_line_and_never_a_traceback(database: Database) -> None:
    words = ["evalsys", "county", "generate", "--out", "/proc/nowhere/county"]
    ended = warmed.run(words, {**os.environ, **_environment(database)})
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("错误 outside_failure: /proc/nowhere")
