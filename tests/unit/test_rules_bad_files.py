"""Files that nobody should trust: every one is refused with a line, its cell and a remedy."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from evalsys.cli.rules import command
from tests.rule_papers import Sheets, rule_papers, write_rules

Spoil = Callable[[Workbook, dict[str, Worksheet]], object]


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(command, list(map(str, arguments)))


def _written(path: Path, spoil: Spoil) -> Path:
    """Write the good workbook, spoilt in a way that no table of values can show."""
    with Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheets = {name: book.add_worksheet(name) for name in rule_papers()}
        for name, rows in rule_papers().items():
            for r, cells in enumerate(rows):
                for c, cell in enumerate(cells):
                    if cell is not None:
                        sheets[name].write(r, c, cell)
        spoil(book, sheets)
    return path


def _typed(sheet: str, cell: str, text: str) -> Spoil:
    return lambda _, sheets: sheets[sheet].write(cell, text)


def _formula(sheet: str, cell: str, last: object) -> Spoil:
    return lambda _, sheets: sheets[sheet].write_formula(cell, "=1+2", None, last)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_formula("规则", "L5", 3), "规则!L5 是公式"),
        (_formula("样例", "C2", "#DIV/0!"), "样例!C2 是公式"),
        (lambda _, s: s["规则"].merge_range("C3:C4", "《意见》"), "规则!C3 是合并单元格"),
        (lambda _, s: s["样例"].hide(), "样例 工作表是隐藏的"),
        (
            lambda _, s: s["规则"].set_row(2, None, None, {"hidden": True}),
            "规则 第3行是隐藏的",
        ),
        (lambda b, _: b.add_worksheet("规则 "), "规则 有两张名为“规则”的工作表"),
        (_typed("规则", "L2", "不合\u200b格"), "规则!L2 含有看不见的字符 U+200B"),
        (_typed("规则", "B2", "甲" * 3000), "规则!B2 超过"),
        (_typed("规则", "A2", "R1;R2"), "规则!A2 规则号“R1;R2”"),
        (_typed("规则", "L2", "不合格\n等"), "规则!L2 “不合格 等”"),
        (_typed("样例", "J9", "备注"), "样例!J9 这一格"),
        (_typed("规则", "A2501", "R9"), "rules.xlsx 工作表“规则”有"),
        (_typed("规则", "XFD1048576", "x"), "rules.xlsx 有内容"),
    ],
)
def test_what_a_table_of_values_hides_is_refused_with_its_cell(
    tmp_path: Path, spoil: Spoil, told: str
) -> None:
    ended = _run("compile", _written(tmp_path / "rules.xlsx", spoil))
    assert ended.exit_code == 1, ended.output
    lines = [line for line in ended.output.splitlines() if line.startswith(told)]
    assert lines, ended.output
    assert all(line.endswith("。") and line.count("。") >= 2 for line in lines)


def test_other_sheets_are_named_and_not_read(tmp_path: Path) -> None:
    sheets: Sheets = {"说明": [["怎样填写"]], **rule_papers()}
    ended = _run("compile", write_rules(tmp_path / "rules.xlsx", sheets))
    assert ended.exit_code == 0
    assert "工作表“说明”不属于规则集，未读" in ended.output
    sheets["规则表"] = sheets.pop("规则")
    ended = _run("compile", write_rules(tmp_path / "rules.xlsx", sheets))
    assert ended.exit_code == 1
    assert "规则 缺少工作表“规则”，现有：说明、规则表" in ended.output


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rules.csv", b"a,b\n"),
        ("rules.xlsm", b"PK\x03\x04"),
        ("rules.xlsx", b"PK\x03\x04 but no more"),
        ("rules.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("rules.xlsx", b"%PDF-1.7"),
        ("rules.xlsx", b""),
    ],
)
def test_what_is_no_workbook_is_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    ended = _run("compile", path)
    assert ended.exit_code == 1
    (line,) = ended.output.splitlines()
    assert line.startswith(name)
    assert "请" in line


def test_a_directory_with_entities_is_one_line_for_rules_and_facts_alike(tmp_path: Path) -> None:
    rules = write_rules(tmp_path / "rules.xlsx", rule_papers())
    facts = write_rules(tmp_path / "facts.xlsx", {"事实": [list(HEADER.split(","))]})
    out = tmp_path / "out.csv"
    for bad, arguments in (
        (_with_entities(rules), ("compile",)),
        (_with_entities(facts), ("evaluate", rules, "--out", out, "--facts")),
    ):
        ended = _run(*arguments, bad)
        assert ended.exit_code == 1, ended.output
        assert f"{bad.name} 工作簿的目录已损坏。请" in ended.output


def _with_entities(good: Path) -> Path:
    bad = good.with_name(f"bad-{good.name}")
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = b'<!DOCTYPE w [<!ENTITY a "b">]>' + content.split(b"?>", 1)[1]
            new.writestr(name, content)
    return bad


def test_a_bomb_is_never_unpacked_to_its_end(tmp_path: Path) -> None:
    good = write_rules(tmp_path / "good.xlsx", rule_papers())
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("xl/media/image1.png", "w", force_zip64=True) as part:
            for _ in range(64):
                part.write(bytes(1 << 20))
    ended = _run("compile", bomb)
    assert ended.exit_code == 1
    assert "解压后超过 32 MB" in ended.output


HEADER = "编号,考核等次,试用期,不合格人次,处分日,人员类别"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("1.0E+07,合格,否,0,,公务员", "facts.csv 第2行 “编号”列（A2）", id="float id"),
        pytest.param(
            "10000001.0,合格,否,0,,公务员", "facts.csv 第2行 “编号”列（A2）", id="with .0"
        ),
        pytest.param(
            "00000001,合格,否,0,,公务员\n０００００００１,合格,否,0,,事业",  # noqa: RUF001 - full-width digits are the point
            "facts.csv 第3行 “编号”列（A3） 编号 00000001 重复",
            id="two with one id",
        ),
        pytest.param("00000001,合格,否,0,,公务员,多", "facts.csv 第2行 “7”列（G2）", id="slipped"),
        pytest.param("00000001,合\u200b格,否,0,,公务员", "“合⟨U+200B⟩格”不在", id="unseen"),
        pytest.param("00000001,合格,否,2.5,,公务员", "“不合格人次”列（D2）", id="no whole number"),
        pytest.param('00000001,"合格,否\n', "facts.csv 第", id="open quote"),
    ],
)
def test_a_bad_fact_is_told_with_its_cell(tmp_path: Path, content: str, told: str) -> None:
    rules = write_rules(tmp_path / "rules.xlsx", rule_papers())
    facts = tmp_path / "facts.csv"
    facts.write_text(f"{HEADER}\n{content}\n", "utf-8")
    ended = _run("evaluate", rules, "--facts", facts, "--out", tmp_path / "out.csv")
    assert ended.exit_code == 1, ended.output
    assert told in ended.output
    assert not (tmp_path / "out.csv").exists()


def test_facts_under_a_merged_cell_and_facts_of_nobody_are_refused(tmp_path: Path) -> None:
    """The second of them would be judged by a value that nobody sees."""
    rules, facts = write_rules(tmp_path / "rules.xlsx", rule_papers()), tmp_path / "facts.xlsx"
    with Workbook(facts) as book:
        sheet = book.add_worksheet("事实")
        for r, line in enumerate((HEADER, "a,不合格,否,0,,公务员", "b,合格,否,0,,公务员")):
            sheet.write_row(r, 0, line.split(","))
        sheet.merge_range("B2:B3", "不合格")
        book.add_worksheet("二月").write("A1", "c")
    ended = _run("evaluate", rules, "--facts", facts, "--out", tmp_path / "out.csv")
    assert ended.exit_code == 1
    assert "facts.xlsx 事实!B2 是合并单元格" in ended.output
    assert "工作表“二月”未读" in ended.output
    facts = tmp_path / "facts.csv"
    facts.write_text(f"{HEADER}\n,,,,,\n", "utf-8")
    for out in (tmp_path / "out.csv", facts):
        ended = _run("evaluate", rules, "--facts", facts, "--out", out)
        assert ended.exit_code == 1
        assert ("facts.csv 第2行 没有一个人" in ended.output) is (out != facts)
    assert facts.read_text("utf-8").startswith(HEADER)  # what is read is not written over


def test_a_set_without_a_rule_would_let_everybody_pass(tmp_path: Path) -> None:
    sheets = rule_papers()
    del sheets["规则"][1:]
    ended = _run("compile", write_rules(tmp_path / "rules.xlsx", sheets))
    assert (ended.exit_code, ended.output.count("\n")) == (1, 1), ended.output
    assert ended.output.startswith("规则!A2 没有一条规则")


def test_rare_names_full_width_digits_and_trailing_blanks_are_read(tmp_path: Path) -> None:
    rules = write_rules(tmp_path / "rules.xlsx", rule_papers())
    facts = tmp_path / "facts.csv"
    line = "00000001,合格 ,否,０,,公务员　,𬱖㛃䶮"  # noqa: RUF001 - full-width digits are the point
    facts.write_bytes(f"{HEADER},姓名\n{line}\n,,,,,,\n".encode("gb18030"))
    ended = _run("evaluate", rules, "--facts", facts, "--out", tmp_path / "out.csv")
    assert ended.exit_code == 0, ended.output
    assert "00000001,符合" in (tmp_path / "out.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("cell", "told"), [(1, "（A2） 编号被存成了数字"), (3.7e17, "（A2） 编号被存成了数字")]
)
def test_ids_that_a_spreadsheet_made_numbers_are_refused(
    tmp_path: Path, cell: float, told: str
) -> None:
    rules = write_rules(tmp_path / "rules.xlsx", rule_papers())
    facts = write_rules(
        tmp_path / "facts.xlsx",
        {"事实": [list(HEADER.split(",")), [cell, "合格", "否", 0, None, "公务员"]]},
    )
    ended = _run("evaluate", rules, "--facts", facts, "--out", tmp_path / "out.csv")
    assert ended.exit_code == 1
    assert told in ended.output
