"""A rulebook is read strictly: what it says is applied, and what cannot be used is refused."""

from datetime import date
from importlib.resources import files

import pytest

from evalsys.domain.personnel import FIELDS
from evalsys.domain.rulebook import Basis, Rulebook
from evalsys.domain.rulebook_text import BOUNDS, parse_rulebook
from evalsys.errors import InvalidInput, NotFound
from evalsys.store.rulebooks import shipped_rulebook

TEXT = (files("evalsys.rulebooks") / "yishui-2013.toml").read_text(encoding="utf-8")


TWO_VALUES = """values = [
    { value = 3, since = 2013-01-01, until = 2026-06-30 },
    { value = 5, since = 2026-07-01 },
]"""


def book(*changes: tuple[str, str]) -> Rulebook:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse_rulebook(text, FIELDS)


def test_the_shipped_book_holds_the_six_rules_each_with_its_source() -> None:
    rules = {rule.source.requirement for rule in shipped_rulebook().rules if rule.source.words}
    assert {"Y55", "Y58", "Y59", "Y60", "Y61", "Y65"} <= rules


def test_what_the_source_does_not_say_is_marked_unverified() -> None:
    basis = {p.name: p.source.basis for p in shipped_rulebook().parameters}
    assert basis["admonish_principal_at"] is Basis.TEXT
    assert basis["weight_household"] is Basis.UNVERIFIED
    assert basis.keys() == BOUNDS.keys()


def test_layout_and_comments_do_not_change_the_version_but_a_number_does() -> None:
    plain = book()
    assert book(("# ----", "#  ---")).sha256 == plain.sha256
    changed = book(("{ value = 600, since = 2013-01-01 }", "{ value = 700, since = 2013-01-01 }"))
    assert changed.sha256 != plain.sha256


def test_a_corrected_number_holds_from_its_day_on() -> None:
    dated = book(
        (
            '包括本数。"\nvalues = [{ value = 3, since = 2013-01-01 }]',
            f'包括本数。"\n{TWO_VALUES}',
        )
    )
    assert dated.on(date(2026, 6, 30)).numbers["admonish_principal_at"] == 3
    assert dated.on(date(2026, 7, 1)).numbers["admonish_principal_at"] == 5


def test_a_day_before_the_first_value_is_refused_with_the_day_from_which_it_holds() -> None:
    with pytest.raises(InvalidInput, match=r"2012-12-31.*2013-01-01"):
        book().on(date(2012, 12, 31))


def test_an_unverified_rule_is_printed_but_not_applied() -> None:
    unverified = book(('basis = "原文"\nwords = "考核等次', 'basis = "未核实"\nwords = "考核等次'))
    assert "沂水-1" in {rule.number for rule in unverified.rules}
    assert "沂水-1" not in {rule.number for rule in unverified.on(date(2026, 1, 1)).rules}


def test_a_rule_ends_with_its_last_day() -> None:
    ended = book(
        (
            'since = 2013-01-01\nwhen = [["联系群众考核等次 等于 不合格"]]',
            'since = 2013-01-01\nuntil = 2026-05-31\nwhen = [["联系群众考核等次 等于 不合格"]]',
        )
    )
    assert "沂水-1" in {rule.number for rule in ended.on(date(2026, 5, 31)).rules}
    assert "沂水-1" not in {rule.number for rule in ended.on(date(2026, 6, 1)).rules}


GRADED = "联系群众考核等次 等于 不合格"
BARRING = 'outcome = "不予提拔"\nmissing = "待核"'


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('format = "evalsys-rulebook/1"', 'format = "2"', "format 应为 evalsys-rulebook/1"),
        ('name = "沂水2013"', "", "缺少 name"),
        ("[parameter.quorum]", "[parameter.qourum]", "parameter.qourum：不认识这个参数"),
        ("[parameter.quorum]", "[parameter.qourum]", "缺少参数 quorum"),
        ("value = 60,", "value = 61,", "2013-01-01 起各项权重之和为 101"),
        ("value = 60,", "value = 0,", "应在 1 至 100 之间"),
        ("value = 600,", 'value = "600",', "value 应为整数"),
        ("value = 600,", "value = 60.0,", "value 应为整数"),
        ("value = 600,", "value = true,", "value 应为整数"),
        ("value = 600, since = 2013-01-01", "value = 600, since = '2013'", "since 应为日期"),
        (
            "value = 600, since = 2013-01-01",
            "value = 600, since = 2013-01-01, until = 2012-01-01",
            "until 早于 since",
        ),
        (
            "{ value = 600, since = 2013-01-01 }",
            "{ value = 600, since = 2013-01-01 }, { value = 500, since = 2014-01-01 }",
            "有效期有重叠",
        ),
        ('basis = "未核实"', 'basis = "已核实"', "basis 应为"),
        ('document = "opinions"', 'document = "opinion"', "没有在依据文件中登记"),
        ('when = [["联系', 'wehn = [["联系', "不认识 wehn"),
        (GRADED, "联系群众考核等级 等于 不合格", "没有“联系群众考核等级”"),
        (GRADED, "联系群众考核等次 等于 不及格", "“不及格”不是"),
        (
            "联系群众考核等次 等于 不合格",
            "联系群众考核等次 等于 “不合格”",
            "不是“联系群众考核等次”的值",
        ),
        (GRADED, "联系群众考核等次 = 不合格", "没有“=”这种运算"),
        (GRADED, "联系群众考核等次 不小于 不合格", "不能用“不小于”"),
        (GRADED, "联系群众考核等次等于不合格", "应写成"),
        ('"试用期 有"', '"试用期 等于 是"', "不能用“等于”"),
        ('"试用期 有"', '"试用期 有 是"', "后面不写值"),
        ("{admonish_principal_at}", "{admonish_at}", "没有参数“admonish_at”"),
        ("{admonish_principal_at}", "三", "“三”应为整数"),
        ('outcome = "不予提拔"', 'outcome = "符合"', "outcome 应为"),
        (
            'outcome = "不予提拔"\nmissing = "待核"',
            'outcome = "不予提拔"\nmissing = "视为不满足"',
            "必须待核",
        ),
        ('number = "沂水-2"', 'number = "沂水-1"', "规则号 沂水-1 重复"),
        ('words = "考核等次', 'wrods = "考核等次', "basis 为原文时须写明 words"),
    ],
)
def test_a_fault_is_refused_and_named(old: str, new: str, complaint: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        book((old, new))
    assert complaint in refusal.value.what


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(InvalidInput) as refusal:
        book(("value = 60,", "value = 61,"), ('basis = "未核实"', 'basis = "?"'))
    assert "权重之和" in refusal.value.what
    assert "basis" in refusal.value.what


def test_text_that_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(InvalidInput, match="line 3"):
        parse_rulebook("a = 1\nb = 2\nc == 3\n", FIELDS)


def test_an_unknown_book_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(NotFound, match="yishui-2013"):
        shipped_rulebook("../secret")
