"""The personnel room's exports: complete, self-explaining, and never a formula."""

import csv
import io
import shutil
import subprocess
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel_county import CountyFacts, Evaluation, evaluate
from evalsys.domain.personnel_decisions import Choice, Decision, decide
from evalsys.domain.roster_coverage import Coverage, Gap, load_of
from evalsys.exports import decisions, rules, sessions
from evalsys.exports.coverage import coverage_rows, coverage_table
from evalsys.exports.csv import BOM, neutral, write_csv
from evalsys.exports.decisions import decisions_table
from evalsys.exports.table import Table, Tenths, explained
from evalsys.exports.workbook import write_workbook
from evalsys.exports.xlsx import CELL_LIMIT, write_xlsx
from evalsys.ids import CadreNumber
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import NOON, a_finding, a_year_of, an_official

ZONE = ZoneInfo("Asia/Shanghai")
MADE_AT = datetime(2026, 12, 20, 9, 0, tzinfo=ZONE)
ROSTER = Coverage(3, 90, 90, 2, dict.fromkeys(Gap, 0), load_of((30, 30, 30)), ())
PAYLOADS = (
    '=HYPERLINK("http://x.example","点我")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "'=1+1",
)


def evaluated(*officials: dict[str, object]) -> Evaluation:
    cadres = tuple(
        an_official(f"{i:08d}", **different) for i, different in enumerate(officials, start=1)
    )
    facts = CountyFacts(
        cadres,
        tuple(a_year_of(cadre.number) for cadre in cadres[1:]),
        findings=(a_finding(SessionVerdict.NOT_DONE, cadres[-1].number, title="=第一场"),),
    )
    return evaluate(facts, shipped_rulebook(), as_of=date(2026, 12, 20), year=2026)


def decided_by_li(evaluation: Evaluation, reason: str) -> dict[CadreNumber, Decision]:
    one = evaluation.assessed[0]
    made = decide(evaluation, one, Choice.DEFER, reason=reason, by="li", at=NOON)
    return {one.cadre.number: made}


def written(evaluation: Evaluation, reason: str = "等数据") -> bytes:
    out = io.BytesIO()
    decided = decided_by_li(evaluation, reason)
    table = decisions_table(evaluation, evaluation.assessed, decided, zone=ZONE)
    write_workbook(table, evaluation, ROSTER, out, made_at=MADE_AT)
    return out.getvalue()


def csv_of(evaluation: Evaluation) -> bytes:
    out = io.BytesIO()
    write_csv(decisions_table(evaluation, evaluation.assessed, {}, zone=ZONE), out)
    return out.getvalue()


def read_csv(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_the_workbook_has_its_five_sheets_and_every_cadre() -> None:
    evaluation = evaluated({}, {"name": "李红"})
    book = openpyxl.load_workbook(io.BytesIO(written(evaluation)))
    assert book.sheetnames == ["决定", "会议结果", "覆盖", "规则参数", "数据字典"]
    rows = list(book["决定"].iter_rows(values_only=True))
    head = rows.index(tuple(column.title for column in decisions.COLUMNS))
    assert [row[0] for row in rows[head + 1 :]] == ["00000001", "00000002"]
    assert rows[head + 1][9] == "待核"
    assert rows[head + 2][9] == "符合"


def test_the_dictionary_explains_every_column_with_type_unit_and_source() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(evaluated({}, {"name": "李红"}))))
    lines = list(book["数据字典"].iter_rows(values_only=True))
    head = lines.index(("工作表", "列", "含义", "类型", "单位", "来源"))
    told = {(line[0], line[1]): line[2:] for line in lines[head + 1 :]}
    for name in book.sheetnames[:-1]:
        titles = next(
            row
            for row in book[name].iter_rows(values_only=True)
            if (name, row[0]) in told and (name, row[1]) in told
        )
        assert {title for sheet, title in told if sheet == name} == set(titles)
    assert all(line[0] for line in told.values())
    assert told["决定", "编号"][1:] == ("文本", None, "干部名册")
    assert told["决定", "年度总成绩"][1:] == ("小数（一位）", "分", "年度考核")
    assert told["决定", "联系户数"][1:] == ("整数", "户", "年度考核")
    assert told["决定", "基准日"][1:] == ("日期", None, "评估")
    assert told["规则参数", "生效日"][1] == "日期"


def test_columns_that_are_not_there_cannot_be_explained() -> None:
    with pytest.raises(ValueError, match="没有的列"):
        explained(sessions.COLUMNS, {"户": ("没有的列",)}, {})


def test_each_sheet_prints_year_day_rules_and_run_and_freezes_its_header() -> None:
    evaluation = evaluated({}, {})
    book = openpyxl.load_workbook(io.BytesIO(written(evaluation)))
    for sheet in book:
        top = "".join(str(sheet.cell(row, 1).value) for row in range(1, 5))
        assert "2026-12-20" in top
        assert evaluation.run in top
        assert evaluation.facts_sha256 in top
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref is not None


def test_scores_are_numbers_and_cadre_numbers_are_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(evaluated({}, {}))))
    titles = [column.title for column in decisions.COLUMNS]
    row = next(row for row in book["决定"].iter_rows() if row[0].value == "00000002")
    total = row[titles.index("年度总成绩")]
    assert (total.value, total.number_format) == (85, "0.0")
    assert row[0].data_type in {"s", "inlineStr"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_workbook_never_holds_a_formula(payload: str) -> None:
    evaluation = evaluated(
        {"name": payload, "post": payload}, {"unit_name": payload, "rank": payload}
    )
    raw = written(evaluation, reason="x" + payload)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 5
        for name in sheets:
            xml = archive.read(name)
            assert b"<f>" not in xml
            assert b"<f " not in xml
            assert b"<hyperlink" not in xml


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_csv_cell_never_starts_a_formula_and_can_be_read_back(payload: str) -> None:
    raw = csv_of(evaluated({"name": payload}))
    cell = read_csv(raw)[0]["姓名"]
    if payload.startswith("{"):
        assert cell == payload
    else:
        assert cell == "'" + payload


def test_ordinary_text_and_numbers_are_left_alone_in_csv() -> None:
    assert [neutral(cell) for cell in ("王建国", -5, Tenths(-5), date(2026, 1, 2), None, "")] == [
        "王建国",
        "-5",
        "-0.5",
        "2026-01-02",
        "",
        "",
    ]


def test_csv_is_utf8_with_bom_and_crlf_and_its_columns_are_those_promised() -> None:
    raw = csv_of(evaluated({}, {}))
    assert raw.startswith(BOM)
    assert raw.count(b"\r\n") == raw.count(b"\n") == 3
    promised = Path(__file__).parents[3] / "docs" / "formats" / "decisions.md"
    documented = [
        line.split("|")[2].strip()
        for line in promised.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and line.split("|")[1].strip().isdigit()
    ]
    assert next(csv.reader(io.StringIO(raw.decode("utf-8-sig")))) == documented


def test_the_same_evaluation_gives_the_same_bytes() -> None:
    evaluation = evaluated({}, {})
    assert written(evaluation) == written(evaluation)
    assert csv_of(evaluation) == csv_of(evaluation)


def test_control_characters_and_overlong_texts_do_not_break_the_workbook() -> None:
    rows = [["a\x00b\x0bc\ud7ff", "长" * (CELL_LIMIT + 10)]]
    out = io.BytesIO()
    write_xlsx([Table("表", ("行",), ("甲", "乙"), (10, 10), rows, 1)], out, made_at=MADE_AT)
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active
    assert sheet is not None
    text = sheet.cell(5, 2).value
    assert isinstance(text, str)
    assert len(text) == CELL_LIMIT
    assert text.endswith("已截断）")


def test_an_empty_table_is_still_a_sheet() -> None:
    out = io.BytesIO()
    write_xlsx([Table("表", (), ("甲",), (10,), [], 0)], out, made_at=MADE_AT)
    assert openpyxl.load_workbook(io.BytesIO(out.getvalue())).sheetnames == ["表"]


def test_a_rehearsal_is_listed_as_such() -> None:
    facts = CountyFacts(
        (an_official(),), findings=(a_finding(SessionVerdict.CONFIRMED, rehearsal=True),)
    )
    evaluation = evaluate(facts, shipped_rulebook(), as_of=date(2026, 12, 20), year=2026)
    table = sessions.sessions_table(evaluation)
    row = dict(zip(table.titles, next(iter(table.rows)), strict=True))
    assert row["性质"] == "彩排"
    assert row["平均分"] == Tenths(42)


def test_coverage_counts_the_county_on_top_of_its_units() -> None:
    evaluation = evaluated({}, {"unit": "U002", "unit_name": "县教育局"}, {})
    whole, first, second = coverage_rows(evaluation)
    assert (whole.cadres, whole.entered, whole.linked, whole.answered) == (3, 2, 60, 48)
    assert (first.cadres, second.cadres) == (2, 1)
    table = coverage_table(evaluation, ROSTER)
    top = dict(zip(table.titles, next(iter(table.rows)), strict=True))
    assert top["参评率"] == Tenths(800)


def test_the_rules_sheet_gives_every_number_and_rule_with_its_basis() -> None:
    evaluation = evaluated({})
    rows = rules.rule_rows(evaluation.book, evaluation.as_of)
    assert len(rows) == len(evaluation.book.parameters) + len(evaluation.book.rules)
    third = next(row for row in rows if row.number == "沂水-3")
    assert third.value == (
        "主要负责人有，且单位不合格人次不小于〈诫勉主要负责人的不合格人次〉 → 诫勉"
    )


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(rows: int) -> int:
        table = Table(
            "表", (), ("甲", "乙"), (10, 10), (("字" * 200, i) for i in range(rows)), rows
        )
        tracemalloc.start()
        with Path("/dev/null").open("wb") as out:
            write_csv(table, out)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(20_000) < 2 * peak(200) + 100_000


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook_and_reads_the_same_values(tmp_path: Path) -> None:
    source = tmp_path / "decisions.xlsx"
    source.write_bytes(written(evaluated({"name": "=1+1"}, {})))
    subprocess.run(  # noqa: S603 - our own file, our own arguments
        [
            str(shutil.which("soffice")),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
            "--outdir",
            str(tmp_path),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    opened = (tmp_path / "decisions.csv").read_text(encoding="utf-8")
    assert "=1+1" in opened
    assert "待核" in opened
    assert "Err:" not in opened


def test_a_naming_has_who_and_why_and_no_number_of_the_draw() -> None:
    official = an_official("00000001")
    found = (
        a_finding(SessionVerdict.CONFIRMED, official.number),
        a_finding(
            SessionVerdict.NOT_DONE,
            official.number,
            j=1001,
            named_by="媒体 02",
            naming_reason="多户来信反映",
        ),
    )
    facts = CountyFacts((official,), (a_year_of(official.number),), findings=found)
    evaluation = evaluate(facts, shipped_rulebook(), as_of=date(2026, 12, 20), year=2026)
    out = io.BytesIO()
    write_csv(sessions.sessions_table(evaluation), out)
    drawn, named = csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig")))
    assert (drawn["抽取序号"], drawn["产生方式"], drawn["点名人"]) == ("1", "抽取", "")
    assert (named["抽取序号"], named["产生方式"]) == ("", "点名")
    assert (named["点名人"], named["点名理由"]) == ("媒体 02", "多户来信反映")
    assert "共抽到 1 人次，另点名 1 人次" in "".join(sessions.sessions_table(evaluation).lines)
    decided = decisions_table(evaluation, evaluation.assessed, {}, zone=ZONE)
    out = io.BytesIO()
    write_csv(decided, out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig")))
    assert row["上台方式"] == "2026-11-20 抽取；2026-11-20 点名（由媒体 02：多户来信反映）"
