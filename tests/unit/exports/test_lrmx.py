"""`.lrmx`: nothing is lost in a round trip, and no file does harm."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from evalsys.cli import lrmx
from evalsys.domain.appointment_form import FAMILY, appointment_reason, yearly_result
from evalsys.domain.assessment import annual_result
from evalsys.errors import InvalidInput
from evalsys.exports.lrmx import (
    BOM,
    LIMIT,
    complete_form,
    form_fields,
    member_fields,
    new_form,
    read_form,
)
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import a_year_of, an_appraisal

SAMPLE = (Path(__file__).parents[2] / "data" / "sample_fictitious.lrmx").read_bytes()
FLAVOURS = {
    "as it is": SAMPLE,
    "with BOM": BOM + SAMPLE,
    "CRLF": SAMPLE.replace(b"\n", b"\r\n"),
    "BOM and CRLF": BOM + SAMPLE.replace(b"\n", b"\r\n"),
    "self-closing": SAMPLE.replace(b"<TianBiaoRen></TianBiaoRen>", b"<TianBiaoRen />"),
    "an element of its own": SAMPLE.replace(b"<Version>", b"<Other a='>'>x</Other><Version>"),
    "no line ends": SAMPLE.replace(b"\n", b""),
}
CHANGES = {
    "NianDuKaoHeJieGuo": "2024年称职。\n2026年…",
    "RenMianLiYou": "<&>“𠮷”",
    "TianBiaoRen": "张",
}


@pytest.mark.parametrize("content", FLAVOURS.values(), ids=FLAVOURS)
def test_a_round_trip_keeps_every_byte_but_those_of_the_fields_that_change(content: bytes) -> None:
    form = read_form(content, "a.lrmx")
    assert complete_form(form, {}) == content
    done = read_form(complete_form(form, CHANGES), "b.lrmx")
    assert {name: done.values[name] for name in CHANGES} == CHANGES
    assert list(done.values) == list(form.values)
    assert done.family == form.family
    back = complete_form(done, {name: form.values[name] for name in CHANGES})
    spelt_out = b"<TianBiaoRen></TianBiaoRen>"
    assert back.replace(b"<TianBiaoRen />", spelt_out) == content.replace(
        b"<TianBiaoRen />", spelt_out
    )


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.sampled_from(list(FLAVOURS)))
def test_whatever_is_written_is_read_back(text: str, flavour: str) -> None:
    form = read_form(FLAVOURS[flavour], "a.lrmx")
    done = read_form(complete_form(form, {"RenMianLiYou": text}), "b.lrmx")
    assert done.values["RenMianLiYou"] == text


def test_a_field_that_the_file_lacks_is_put_where_the_order_asks_for_it() -> None:
    without = SAMPLE.replace(b"  <RenMianLiYou>\xe5\xb7\xa5\xe4\xbd\x9c", b"").replace(
        "需要</RenMianLiYou>\n".encode(), b""
    )
    form = read_form(without, "a.lrmx")
    assert "RenMianLiYou" not in form.values
    done = read_form(complete_form(form, {"RenMianLiYou": "工作需要"}), "b.lrmx")
    names = list(done.values)
    assert names[names.index("RenMianLiYou") - 1] == "NianDuKaoHeJieGuo"


def test_a_new_form_has_every_element_in_its_order() -> None:
    form = read_form(new_form({"XingMing": "王建国"}), "new.lrmx")
    elements = [field.element for field in form_fields()]
    assert len(elements) == 36
    assert list(form.values) == [name for name in elements if name != FAMILY]
    assert member_fields()[0].name == "称谓"


BOMB = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
NAMELESS = SAMPLE.replace("测试甲".encode(), b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB + b"<Person><XingMing>&b;</XingMing></Person>", "DTD"),
        (OUTSIDE + b"<Person><XingMing>&x;</XingMing></Person>", "DTD"),
        (b"<Person><XingMing>a</XingMing>\n<MinZu>b</MinZ></Person>", "第 2 行"),
        (SAMPLE[:900], "不是完好的 XML"),
        (b"", "不是完好的 XML"),
        (b"PK\x03\x04", "不是完好的 XML"),
        (b"<Human><XingMing>a</XingMing></Human>", "根元素是 Human"),
        (SAMPLE.replace(b"<Version>", b"<MinZu>x</MinZu><Version>"), "MinZu 出现了两次"),
        (SAMPLE.replace(b"3.2.1.16", b"<a/>"), "不应有下级元素"),
        (SAMPLE.replace(b"Item>", b"Other>"), "应只有 Item"),
        (NAMELESS, "没有姓名"),
        (SAMPLE.replace(b"utf-8", b"GB2312").decode().encode("gb18030"), "GB2312"),
        (SAMPLE.decode().encode("utf-16"), "XML"),
        (SAMPLE.replace("汉族".encode(), b"\xba\xba"), "XML"),
        (b"<Person>" + b" " * LIMIT + b"</Person>", "超过"),
    ],
)
def test_what_is_no_form_is_refused_in_words(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "x.lrmx"
    file.write_bytes(content)
    done = CliRunner().invoke(lrmx.command, ["show", str(file)])
    assert isinstance(done.exception, InvalidInput)
    assert said in str(done.exception)
    assert done.exception.remedy
    assert done.exception.place.startswith("x.lrmx")


def test_control_characters_are_not_written() -> None:
    with pytest.raises(InvalidInput, match=r"U\+0007"):
        complete_form(read_form(SAMPLE, "a"), {"RenMianLiYou": "a\x07"})


def test_show_names_fields_and_codes_and_hides_the_identity_number(tmp_path: Path) -> None:
    file = tmp_path / "x.lrmx"
    file.write_bytes(
        SAMPLE.replace(b"<ShenFenZheng>", b"<ShenFenZheng>371323198003010017").replace(
            b"<ZhaoPian>", b"<ZhaoPian>/9j/4AAQ"
        )
    )
    shown = CliRunner().invoke(lrmx.command, ["show", str(file)]).output
    assert "性别 XingBie [A0104 GB2261 性别]：男" in shown
    assert "身份证号 ShenFenZheng：**************0017" in shown
    assert "371323198003010017" not in shown
    assert "（照片，8 个字符）" in shown
    assert "家庭成员 1：称谓：妻子" in shown
    file.write_bytes(SAMPLE.replace(b"<ZhaoPian>", b"<ZhaoPian>@@"))
    assert "照片损坏" in CliRunner().invoke(lrmx.command, ["show", str(file)]).output


def test_the_local_grade_never_stands_as_a_statutory_one_and_replaces_only_itself() -> None:
    standard = shipped_rulebook().on(date(2026, 12, 31)).standard
    annual = annual_result(a_year_of(), 2026, standard)
    first = yearly_result("2022年优秀，2024年称职。", annual)
    assert first == (
        "2022年优秀，2024年称职。2026年联系群众考核合格（地方等次，85.0分，联系30户、参评24户）。"
    )
    assert yearly_result(first, annual) == first
    pending = annual_result(None, 2026, standard)
    assert "待核" in yearly_result(first, pending)
    assert "85.0" not in yearly_result(first, pending)


def test_an_unknown_part_with_parts_of_its_own_is_kept_as_it_stands() -> None:
    odd = b'<New since="1"><Row>\xe7\x94\xb2</Row><Row/></New>\r\n</Person>'
    content = SAMPLE.replace(b"</Person>", odd)
    form = read_form(content, "a.lrmx")
    assert form.values["New"] == "甲"
    changed = complete_form(form, {"RenMianLiYou": "新"})
    assert odd in changed


def test_reasons_are_added_once_and_in_the_words_of_who_decided() -> None:
    first = appointment_reason("工作需要", None, "同意提拔，实绩突出〔注〕", 5)
    assert first == "工作需要。〔决定：同意提拔，实绩突出（注）〕"
    few = appointment_reason("", an_appraisal(3, answered=4), "", 5)
    assert few == "〔任前群众评议2026-11-25：联系30户、参评4户、满意户数不公布〕"
    assert appointment_reason(first, None, "暂缓，待查", 5) == "工作需要。〔决定：暂缓，待查〕"
    assert appointment_reason("工作需要", None, "", 5) == "工作需要"
