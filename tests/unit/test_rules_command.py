"""`evalsys rules`, as somebody types it: exit codes, one line a fault, whole files or none."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.rules import command
from tests.rule_papers import rule_papers, write_rules

FACTS = """编号,姓名,考核等次,试用期,不合格人次,处分日,人员类别
00000001,甲,合格,否,0,,公务员
00000002,乙,不合格,是,0,,公务员
00000003,丙,合格,否,3,,事业
00000004,丁,,否,0,,公务员
"""


def _rules(*arguments: object) -> Result:
    return CliRunner().invoke(command, list(map(str, arguments)))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write_rules(tmp_path / "rules.xlsx", rule_papers())


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(FACTS, "utf-8-sig")
    return path


def test_a_good_workbook_is_read_back_as_sentences(rules: Path) -> None:
    ended = _rules("compile", rules)
    assert ended.exit_code == 0, ended.stdout + ended.stderr
    lines = ended.stdout.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("R1 年度考核不合格")
    assert "4 条规则、5 个字段、5 个样例，版本 " in lines[-1]


def test_faults_end_with_1_and_are_one_line_each_with_the_cell(tmp_path: Path) -> None:
    sheets = rule_papers()
    sheets["规则"][1][9], sheets["规则"][4][11] = "考核等级", "三"
    ended = _rules("compile", write_rules(tmp_path / "bad.xlsx", sheets))
    assert ended.exit_code == 1
    assert [line.split(" ")[0] for line in ended.stdout.splitlines()] == ["规则!J2", "规则!L5"]


def test_everybody_is_judged_with_reasons(rules: Path, facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    ended = _rules("evaluate", rules, "--facts", facts, "--as-of", "2026-11-26", "--out", out)
    assert ended.exit_code == 0, ended.stderr
    assert "“姓名”列不是规则用的字段" in ended.stderr
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = [(row["编号"], row["结论"], row["附带"], row["规则号"]) for row in rows]
    assert told == [
        ("00000001", "符合", "", ""),
        ("00000002", "不予提拔", "免除试用职务", "R1;R2"),
        ("00000003", "符合", "诫勉", "R3"),
        ("00000004", "待核", "", "R1"),
    ]
    assert rows[1]["理由"].startswith("R1 年度考核不合格：考核等次=不合格（《意见》第三条）")
    assert "缺考核等次" in rows[3]["理由"]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("00000005,戊,不及格,否,0,,公务员", "第6行 “考核等次”列"),
        ("00000001,戊,合格,否,0,,公务员", "第6行 “编号”列"),
        ("00000005,戊,合格,否,0,2026-02-30,公务员", "第6行 “处分日”列"),
        ("00000005,戊,合格,Y,0,,公务员", "第6行 “试用期”列"),
    ],
)
def test_a_bad_fact_ends_with_1_and_nothing_is_written(
    rules: Path, facts: Path, tmp_path: Path, line: str, place: str
) -> None:
    facts.write_text(FACTS + line + "\n", "utf-8-sig")
    out = tmp_path / "out.csv"
    out.write_text("kept")
    ended = _rules("evaluate", rules, "--facts", facts, "--out", out)
    assert ended.exit_code == 1
    assert place in ended.stdout
    assert out.read_text() == "kept"
    assert list(tmp_path.glob(".out*")) == []


def test_a_new_version_lists_who_changes(rules: Path, facts: Path, tmp_path: Path) -> None:
    sheets = rule_papers()
    sheets["规则"][4][11] = 2
    sheets["样例"][2][2] = 2
    new = write_rules(tmp_path / "new.xlsx", sheets)
    facts.write_text(FACTS + "00000005,戊,合格,否,2,,事业\n", "utf-8-sig")
    ended = _rules("diff", rules, new, "--facts", facts)
    assert ended.exit_code == 0
    assert ended.stdout.splitlines() == [
        "编号,原结论,新结论,原附带,新附带,原规则号,新规则号",
        "00000005,符合,符合,,诫勉,,R3",
    ]
    assert "5 人中 1 人" in ended.stderr


@pytest.mark.parametrize("day", ["2026-11-31", "20261126", "明天"])
def test_what_is_no_day_is_said_in_both_languages(
    rules: Path, facts: Path, tmp_path: Path, day: str
) -> None:
    out = tmp_path / "out.csv"
    ended = _rules("evaluate", rules, "--facts", facts, "--as-of", day, "--out", out)
    assert (ended.exit_code, out.exists()) == (2, False)
    assert f"“{day}”不是日期，请写成 2026-11-26 · not a day" in ended.stderr
