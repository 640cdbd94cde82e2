"""PDF: every character drawn from our own fonts, no value read as markup, the same bytes twice."""

from datetime import date

import pytest

from evalsys.exports.fonts import FAMILY, typefaces
from evalsys.exports.pdf import Value, render
from tests.pdf_text import fonts_of, pages_of, text_of

DAY = date(2026, 11, 26)
MARKUP = '#strong[x] #panic("y") $a^2$ *b* _c_ `d` \\ <e> @f // g [h] ~ -- = i'


def paper(*parts: Value, **more: Value) -> bytes:
    return render("paper", {"title": "通知", "parts": parts, **more}, dated=DAY)


def a_paragraph(text: str) -> Value:
    return {"kind": "paragraph", "text": text}


def test_rare_names_are_drawn_and_those_without_a_shape_show_their_code_point() -> None:
    shown = text_of(paper(a_paragraph("𠮷䶮·犇〇堃"), a_paragraph("王㐂宝")))
    assert "𠮷䶮·犇〇堃" in shown
    assert "王〔U+3402〕宝" in shown
    assert ord("㐂") not in typefaces().drawable


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    title = paper(title=MARKUP, organ=MARKUP, number=MARKUP, footer=MARKUP)
    assert text_of(title).count(MARKUP) >= 4
    cell = paper({"kind": "table", "titles": [MARKUP], "rows": [[MARKUP]]})
    assert text_of(cell).replace("\n", "").count("#strong[x]") == 2


def test_only_our_two_weights_are_used_whatever_the_system_has() -> None:
    made = paper({"kind": "heading", "text": "标题"}, a_paragraph("正文 text"), organ="组织部")
    assert {name.split("-")[1] for name in fonts_of(made)} == {"Regular", "Bold"}
    assert all(name.startswith(FAMILY.replace(" ", "")[:11]) for name in fonts_of(made))


def test_the_same_values_and_day_give_the_same_bytes() -> None:
    first = paper(a_paragraph("同样"))
    typefaces.cache_clear()
    assert paper(a_paragraph("同样")) == first
    another_day = render("paper", {"title": "通知", "parts": []}, dated=date(2026, 11, 27))
    assert b"20261127" in another_day


def test_long_papers_number_their_pages_and_repeat_the_table_s_head() -> None:
    rows = [[f"行{i}", "值"] for i in range(120)]
    pages = pages_of(paper({"kind": "table", "titles": ["列甲", "列乙"], "rows": rows}))
    assert len(pages) > 2
    for i, page in enumerate(pages, start=1):
        assert f"第{i}页，共{len(pages)}页" in page.replace(" ", "")
        assert "列甲" in page
    assert all(sum(f"行{i}值" in page for page in pages) == 1 for i in range(120))


def test_every_kind_of_block_is_set_and_an_unknown_one_is_refused() -> None:
    shown = text_of(
        paper(
            {"kind": "salutation", "text": "张三同志"},
            {"kind": "subheading", "text": "小标题"},
            {"kind": "note", "text": "附注"},
            {"kind": "callout", "text": "待核", "note": "既不通过也不否定"},
            {"kind": "quote", "text": "一律不予提拔", "source": "意见 Y59"},
            {"kind": "facts", "rows": [["单位", "沂城街道"], ["职务", "科员"]]},
            {"kind": "page"},
            {"kind": "signatures", "names": ["谈话人", "记录人"]},
            {"kind": "closing", "organ": "中共沂水县委组织部", "day": "2026年11月26日"},
        )
    ).replace(" ", "")
    for word in ("张三同志：", "小标题", "附注", "待核", "一律不予提拔", "沂城街道", "谈话人："):
        assert word in shown
    with pytest.raises(Exception, match="no such block"):
        paper({"kind": "poem"})
