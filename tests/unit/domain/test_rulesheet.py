"""Rule spreadsheets: what compiles decides as written, what does not is told cell by cell."""

from collections.abc import Callable
from datetime import date

import pytest

from evalsys.domain.roster_cells import Cell
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.domain.rulesheet import Compiled, fired
from evalsys.domain.rulesheet_compile import compile_rules
from evalsys.domain.rulesheet_facts import FactsReader
from evalsys.domain.rulesheet_words import sentence
from evalsys.errors import InvalidInput
from tests.rule_papers import Sheets, rule_papers

TODAY = date(2026, 11, 26)
COLUMNS = {name: at for at, name in enumerate(map(str, rule_papers()["规则"][0]))}


def _compile(spoil: Callable[[Sheets], object] = lambda _: None) -> Compiled:
    sheets = rule_papers()
    spoil(sheets)
    return compile_rules(sheets, TODAY)


def _set(sheet: str, row: int, column: int | str, value: Cell) -> Callable[[Sheets], object]:
    at = COLUMNS[column] if isinstance(column, str) else column
    return lambda sheets: sheets[sheet][row - 1].__setitem__(at, value)


def _places(compiled: Compiled) -> list[str]:
    return [error.place for error in compiled.errors]


def test_a_good_table_compiles_and_its_samples_come_out_as_written() -> None:
    compiled = _compile()
    assert compiled.errors == ()
    assert [rule.number for rule in compiled.sheet.rules] == ["R1", "R2", "R3", "R4"]
    assert sentence(compiled.sheet.rules[1]) == (
        "R2 试用期不合格：自 2014-01-01 起，如果“考核等次”等于“不合格”且“试用期”有，"
        "则免除试用职务；缺数据时待核。依据《意见》第四条"
    )
    assert "“人员类别”属于“公务员”" in sentence(compiled.sheet.rules[3])


@pytest.mark.parametrize(
    ("spoil", "place", "words"),
    [
        pytest.param(_set("规则", 2, "字段", "考核等级"), "规则!J2", "考核等级", id="field"),
        pytest.param(_set("规则", 2, "运算", "等於"), "规则!K2", "等於", id="operator"),
        pytest.param(_set("规则", 2, "值", "不及格"), "规则!L2", "不及格", id="outside the codes"),
        pytest.param(_set("规则", 5, "值", 2.5), "规则!L5", "整数", id="wrong type"),
        pytest.param(_set("规则", 5, "值", "三"), "规则!L5", "整数", id="a word for a number"),
        pytest.param(_set("规则", 2, "运算", "大于"), "规则!K2", "不能用", id="no order"),
        pytest.param(_set("规则", 2, "结果", "开除"), "规则!M2", "开除", id="result"),
        pytest.param(_set("规则", 2, "缺数据时", "随便"), "规则!N2", "随便", id="when missing"),
        pytest.param(_set("规则", 2, "公开级别", "秘密"), "规则!O2", "秘密", id="level"),
        pytest.param(_set("规则", 2, "生效日", 1985.3), "规则!F2", "日期", id="no day"),
        pytest.param(_set("规则", 2, "生效日", None), "规则!F2", "空缺", id="no beginning"),
        pytest.param(_set("规则", 2, "失效日", date(2013, 1, 1)), "规则!G2", "早于", id="ends"),
        pytest.param(_set("规则", 2, "适用范围", "老师"), "规则!H2", "适用范围", id="scope"),
        pytest.param(_set("规则", 4, "名称", "另一个"), "规则!B4", "不一", id="rows disagree"),
        pytest.param(_set("规则", 2, "规则号", None), "规则!A2", "空缺", id="no number"),
        pytest.param(_set("规则", 1, "值", "数值"), "规则!L1", "数值", id="unknown column"),
        pytest.param(_set("规则", 2, "值", None), "规则!L2", "必须写值", id="no value"),
        pytest.param(_set("规则", 4, "值", "是"), "规则!L4", "不写值", id="a value after 有"),
        pytest.param(_set("字段字典", 2, 1, "枚举"), "字段字典!B2", "枚举", id="kind"),
        pytest.param(_set("字段字典", 2, 2, None), "字段字典!C2", "代码集", id="no codes"),
        pytest.param(_set("字段字典", 3, 0, "考核等次"), "字段字典!A3", "重复", id="field twice"),
        pytest.param(_set("样例", 2, 0, "优"), "样例!A2", "优", id="sample outside the codes"),
        pytest.param(_set("样例", 1, 0, "等次"), "样例!A1", "等次", id="sample of no field"),
        pytest.param(_set("样例", 2, 5, "符合"), "样例!F2", "实为“不予提拔”", id="other end"),
        pytest.param(_set("样例", 2, 6, "R1"), "样例!G2", "R1;R2", id="other rules"),
        pytest.param(_set("样例", 2, 5, "不通过"), "样例!F2", "不通过", id="no conclusion"),
        pytest.param(lambda s: s.pop("样例"), "样例", "缺少工作表", id="no sheet"),
        pytest.param(lambda s: s["样例"].pop(2), "规则!A5", "没有任何样例触发", id="never fires"),
        pytest.param(
            lambda s: s["规则"][1].append("备注"), "规则!P2", "没有表头", id="beyond the header"
        ),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_cell(
    spoil: Callable[[Sheets], object], place: str, words: str
) -> None:
    told = [error for error in _compile(spoil).errors if error.place == place]
    assert told, place
    assert any(words in error.what for error in told), told
    assert all(error.remedy for error in told)


def test_a_rule_that_spares_no_sample_is_refused() -> None:
    def spoil(sheets: Sheets) -> None:
        for row in sheets["样例"][1:]:
            row[2] = 3
        sheets["样例"][1][6] = "R1;R2;R3"
        sheets["样例"][3][6] = sheets["样例"][5][6] = None

    errors = _compile(spoil).errors
    assert [(one.place, "不触发" in one.what) for one in errors] == [("规则!A5", True)]


def test_dates_of_one_rule_may_follow_but_not_overlap() -> None:
    def two(until: date, since: date) -> Callable[[Sheets], object]:
        def spoil(sheets: Sheets) -> None:
            old = list(sheets["规则"][4])
            old[COLUMNS["失效日"]] = until
            sheets["规则"][4][COLUMNS["生效日"]] = since
            sheets["规则"].insert(4, old)

        return spoil

    assert _compile(two(date(2019, 12, 31), date(2020, 1, 1))).errors == ()
    assert _places(_compile(two(date(2020, 1, 1), date(2020, 1, 1)))) == ["规则!F6"]


def test_full_width_digits_and_quotes_are_put_right_and_reported() -> None:
    def spoil(sheets: Sheets) -> None:
        sheets["规则"][1][COLUMNS["值"]] = "“不合格”"
        sheets["规则"][4][COLUMNS["值"]] = "３"  # noqa: RUF001 - the point

    compiled = _compile(spoil)
    assert compiled.errors == ()
    assert [note.place for note in compiled.notes] == ["规则!L2", "规则!L5"]
    assert compiled.sheet.sha256 == _compile().sheet.sha256


def test_groups_are_alternatives_and_their_conditions_go_together() -> None:
    def spoil(sheets: Sheets) -> None:
        sheets["规则"][3][COLUMNS["组号"]] = 2

    sheet = _compile(spoil).sheet
    reader = FactsReader(sheet, ["编号", *sheet.fields])
    person, _ = reader.read(["1", "合格", "是", "0", "", "事业"])
    assert person is not None
    verdict = sheet.judge_on(TODAY).verdict_on(dict(zip(sheet.fields, person.facts, strict=True)))
    assert verdict.side_results == (SideResult.PROBATION_ENDED,)


def test_missing_input_is_open_and_never_a_pass_but_no_booking_is_an_answer() -> None:
    sheet = _compile().sheet
    reader = FactsReader(sheet, ["编号", *sheet.fields])
    judge = sheet.judge_on(TODAY)

    def judged(*cells: Cell) -> tuple[Conclusion, tuple[str, ...]]:
        person, faults = reader.read(cells)
        assert person is not None
        assert faults == []
        verdict = judge.verdict_on(dict(zip(sheet.fields, person.facts, strict=True)))
        return verdict.conclusion, fired(verdict)

    assert judged("1", "", "", "", "", "") == (Conclusion.PENDING, ("R1", "R2"))
    assert judged("2", "合格", "", "", "", "公务员") == (Conclusion.ELIGIBLE, ())
    assert judged("3", "合格", "", "", "2026-02-03", "") == (Conclusion.PENDING, ("R4",))
    assert judged("4", "不合格", "", "", "", "") == (Conclusion.BARRED, ("R1",))


def test_rules_hold_only_within_their_dates() -> None:
    sheet = _compile().sheet
    assert sheet.judge_on(date(2013, 12, 31)).rules.rules == ()


def test_what_is_marked_unverified_is_switched_off_and_said() -> None:
    compiled = _compile(_set("规则", 5, "条款号", "未核实"))
    assert "R3" not in {rule.number for rule in compiled.sheet.judge_on(TODAY).rules.rules}
    assert any("未核实" in note.what for note in compiled.notes)
    assert "样例!G3" in _places(compiled)


@pytest.mark.parametrize(
    ("cells", "column"),
    [(["1", "不及格"], 1), (["1.0E+07", "合格"], 0), (["", "合格"], 0), (["7", "合格"], 0)],
)
def test_a_bad_line_of_facts_is_told_with_its_column(cells: list[Cell], column: int) -> None:
    reader = FactsReader(_compile().sheet, ["编号", "考核等次", "姓名"])
    reader.read(["7", "合格"])
    assert [at for at, _ in reader.read(cells)[1]] == [column]
    assert any("姓名" in note for note in reader.notes)
    assert any("处分日" in note for note in reader.notes)


@pytest.mark.parametrize("header", [["考核等次"], ["编号", "编号"]])
def test_facts_need_one_column_of_numbers(header: list[str]) -> None:
    with pytest.raises(InvalidInput, match="编号"):
        FactsReader(_compile().sheet, header)
