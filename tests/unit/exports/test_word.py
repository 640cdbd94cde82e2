"""Word: the house's own papers, and templates of departments that cannot do harm."""

import io
import zipfile
from datetime import date

import docx
import pytest

from evalsys.domain.live.words import Verdict
from evalsys.domain.notices import EFFECTS, Notice, NoticeKind, notices_of
from evalsys.domain.personnel_county import CountyFacts, Evaluation, evaluate
from evalsys.errors import InvalidInput
from evalsys.exports.notices import notice_fields, notice_paper, wordings
from evalsys.exports.pdf import render
from evalsys.exports.word import LIMIT, fill_template, paper_docx
from evalsys.ids import CadreNumber, UnitCode
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import a_finding, a_year_of, an_appraisal, an_official
from tests.pdf_text import text_of

DAY = date(2026, 12, 20)
ORGAN = "中共沂水县委组织部"


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    """A county in which every kind of notice is due to somebody."""
    failed = [f"0000000{i}" for i in range(1, 4)]
    cadres = (
        an_official("00000001", name="𠮷一", is_principal=True, post="局长"),
        an_official("00000002", name="李二 {{ x }} <b>&", on_probation=True),
        an_official("00000003"),
        an_official("00000004", unit=UnitCode("U2"), unit_name="县{year}局"),
        an_official("00000005", unit=UnitCode("U2")),
    )
    facts = CountyFacts(
        cadres,
        tuple(
            a_year_of(
                cadre.number,
                household_score_tenths=310 if cadre.number in failed else 980,
                unit_rating_tenths=980,
                inspection_tenths=980,
            )
            for cadre in cadres
        ),
        findings=(a_finding(Verdict.NOT_DONE, "00000005"),),
        appraisals=(an_appraisal(10, cadre=CadreNumber("00000005")),),
    )
    return evaluate(facts, shipped_rulebook(), as_of=DAY, year=2026)


def due(evaluation: Evaluation, kind: NoticeKind) -> Notice:
    return next(notice for notice in notices_of(evaluation) if notice.kind is kind)


def a_template(*lines: str) -> bytes:
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def words_of(content: bytes) -> str:
    return "\n".join(line.text for line in docx.Document(io.BytesIO(content)).paragraphs)


def with_part(template: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(template)
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(name, content)
    return out.getvalue()


def test_who_gets_which_notice_follows_from_the_advice(evaluation: Evaluation) -> None:
    found = {(notice.kind, notice.cadre.number) for notice in notices_of(evaluation)}
    assert found == {
        (NoticeKind.ADMONISH, "00000001"),
        (NoticeKind.PROBATION, "00000002"),
        (NoticeKind.COMMEND, "00000004"),
        (NoticeKind.COMMEND, "00000005"),
        (NoticeKind.SUSPEND, "00000005"),
        (NoticeKind.RECTIFY, "00000005"),
    }


@pytest.mark.parametrize("kind", list(EFFECTS))
def test_every_notice_is_the_same_on_pdf_and_word(evaluation: Evaluation, kind: NoticeKind) -> None:
    notice = due(evaluation, kind)
    values = notice_paper(notice, evaluation, ORGAN)
    on_pdf = text_of(render("paper", values, dated=DAY))
    in_word = words_of(paper_docx(values, dated=DAY))
    said = wordings()[kind]
    rule = notice.grounds[0].rule
    for words in (said.title, notice.cadre.name, rule.source.words, said.signers[0], ORGAN):
        assert words in on_pdf.replace("\n", ""), words
        assert words in in_word, words
    assert said.requirement in in_word


def test_braces_in_a_unit_s_name_mean_nothing(evaluation: Evaluation) -> None:
    values = notice_paper(due(evaluation, NoticeKind.COMMEND), evaluation, ORGAN)
    assert "县{year}局" in words_of(paper_docx(values, dated=DAY))


def test_a_department_s_template_is_filled_in_and_values_are_text(evaluation: Evaluation) -> None:
    template = a_template(
        "{{ 机关 }} {{ 标题 }}",
        "{{ 单位 }} {{ 姓名 }}：{{ 正文 }}",
        "{% for 一条 in 依据 %}{{ 一条.规则号 }} {{ 一条.原文 }}；{% endfor %}",
    )
    notice = due(evaluation, NoticeKind.PROBATION)
    fields = notice_fields(notice, evaluation, ORGAN)
    shown = words_of(fill_template(template, fields, "t.docx"))
    assert f"{ORGAN} 免除试用期职务通知书" in shown
    assert "李二 {{ x }} <b>&" in shown
    assert "沂水-2 属试用期的干部，免除其试用期职务；" in shown


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (a_template("{{ 姓氏 }} {{ 姓名 }}"), "不认识的字段：姓氏"),
        (a_template("{{ 依据[0].没有 }}"), "没有"),
        (a_template("{{ 姓名.__class__.__mro__ }}"), "不允许"),
        (a_template("{{ ''.__class__.__base__.__subclasses__() }}"), "不允许"),
        (a_template("{% for x in range(10**9) %}a{% endfor %}"), "算不出来"),
        (a_template("{{ 1 / 0 }}"), "算不出来"),
        (a_template("{% if %}"), "写法有误"),
        (a_template("{{ 姓名 | 没有 }}"), "写法有误"),
        (b"", "不是 .docx"),
        (b"PK\x03\x04 no zip", "不是 .docx"),
        (b"x" * (LIMIT + 1), "超过 5 MB"),
        (with_part(a_template(), "word/vbaProject.bin", b"x"), "宏"),
        (with_part(a_template(), "word/extra.xml", b"<!DOCTYPE a>"), "DTD"),
        (with_part(a_template(), "word/bomb.bin", b"\0" * (41 * 2**20)), "模板超过|过大"),
        (
            with_part(
                a_template(),
                "word/_rels/x.rels",
                b'<Relationship Type="a/image" Target="http://x" TargetMode="External"/>',
            ),
            "外部文件",
        ),
    ],
    ids=range(15),
)
def test_what_a_template_may_not_is_refused_in_words(
    evaluation: Evaluation, template: bytes, said: str
) -> None:
    fields = notice_fields(due(evaluation, NoticeKind.PROBATION), evaluation, ORGAN)
    with pytest.raises(InvalidInput, match=said) as refused:
        fill_template(template, fields, "t.docx")
    assert refused.value.place == "t.docx"
    assert refused.value.remedy
