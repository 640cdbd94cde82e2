"""The household form: who reads what, what is an answer, what a definition may not say."""

import pytest

from evalsys.domain.household_form import FieldKind, Sensitivity, Viewer
from evalsys.domain.household_form_sheet import read_answer
from evalsys.domain.household_form_text import parse_form
from evalsys.errors import InvalidInput
from evalsys.store.household_form import shipped_form

FORM = shipped_form()


def test_a_cadre_neither_reads_nor_writes_what_is_sensitive() -> None:
    sensitive = {one.code for one in FORM.fields if one.sensitivity is Sensitivity.SENSITIVE}
    assert sensitive == {"health", "yearly"}
    assert sensitive.isdisjoint(one.code for one in FORM.readable(Viewer.CADRE))
    assert sensitive.isdisjoint(one.code for one in FORM.writable(Viewer.CADRE))
    assert sensitive <= {one.code for one in FORM.readable(Viewer.HOUSEHOLD)}


def test_only_plain_answers_are_asked_on_stage() -> None:
    assert {one.sensitivity for one in FORM.asked_on_stage} == {Sensitivity.PLAIN}
    assert FORM.consent is not None
    assert FORM.consent.kind is FieldKind.YES_NO


@pytest.mark.parametrize(
    ("code", "typed", "kept", "shown"),
    [
        ("people", "\uff15", "5", "5"),
        ("income", "外出务工", "migrant", "外出务工"),
        ("income", "pension", "pension", "养老金"),
        ("produce", "果树、粮食，果树", "fruit|grain", "果树、粮食"),
        ("quiz", "是", "yes", "是"),
        ("members", " 老伴，68岁 ", "老伴，68岁", "老伴，68岁"),
        ("members", "  ", "", ""),
    ],
)
def test_answers_are_read_as_people_write_them(
    code: str, typed: str, kept: str, shown: str
) -> None:
    field = FORM.field(code)
    assert field is not None
    assert read_answer(field, typed) == kept
    assert field.shown(kept) == shown


@pytest.mark.parametrize(
    ("code", "typed", "why"),
    [
        ("people", "31", "0至30"),
        ("people", "四口", "整数"),
        ("income", "放贷", "可选"),
        ("quiz", "好", "可选"),
        ("members", "a\u202eb", "不可见"),
        ("members", "长" * 301, "300"),
    ],
)
def test_what_is_no_answer_names_the_question(code: str, typed: str, why: str) -> None:
    field = FORM.field(code)
    assert field is not None
    with pytest.raises(InvalidInput, match=why) as refused:
        read_answer(field, typed)
    assert refused.value.place == field.title


_FIELD = """
[[field]]
code = "a"
title = "甲"
english = "A"
kind = "yes_no"
sensitivity = "plain"
read = ["office"]
write = ["office"]
"""


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("quiz = true", "consent"),
        ('sensitivity = "sensitive"\nquiz = true', "不能现场提问"),
        ('sensitivity = "sensitive"\nread = ["cadre", "office"]', "联系干部不得"),
        ('write = ["office", "household"]', "不在 read 里"),
        ('read = ["personnel"]', "可以写"),
        ('kind = "choice"', "至少要有两个"),
        ('kind = "whole"', "most"),
        ('colour = "red"', "不认识 colour"),
    ],
)
def test_a_definition_that_gives_too_much_away_is_refused(more: str, why: str) -> None:
    given = dict(line.split(" = ", 1) for line in f"{_FIELD}\n{more}".splitlines() if " = " in line)
    field = "\n".join(f"{key} = {value}" for key, value in given.items())
    with pytest.raises(InvalidInput, match=why):
        parse_form(f'format = "evalsys-household-form/1"\nversion = "1"\n[[field]]\n{field}')
