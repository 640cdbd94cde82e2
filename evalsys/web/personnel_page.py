"""The frame of every page of the personnel room: the evaluation it rests on, and its words."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask import render_template, request

from evalsys.domain.assessment import show_tenths
from evalsys.domain.eligibility import show_value
from evalsys.domain.personnel import Value
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.rulebook import Conclusion
from evalsys.web.guards import signed_in
from evalsys.web.personnel_query import Asked, asked
from evalsys.web.personnel_words import LOOKS, meaning, personnel_words, rule_words
from evalsys.web.rooms import rooms
from evalsys.web.told import told


@dataclass(frozen=True, slots=True)
class _Words:
    """What the templates of this room need to write values out."""

    name: Callable[[str], str]
    rule: Callable[[str], str]
    meaning: Callable[[Conclusion], str]
    looks: dict[StrEnum, str]
    tenths: Callable[[int], str]
    value: Callable[[Value], str]
    told: Callable[[str], str]
    """Says what a lower floor said in Chinese."""


def evaluation_asked() -> tuple[Asked, Evaluation]:
    """Read the query, and evaluate the county as it asks."""
    query = asked(request.args)
    by = signed_in().name
    return query, rooms().personnel.evaluate(by=by, as_of=query.as_of, year=query.year)


def room_page(name: str, query: Asked, evaluation: Evaluation, **parts: object) -> str:
    """Render a page of the room."""
    return render_template(
        f"personnel/{name}.html",
        query=query,
        evaluation=evaluation,
        words=_Words(
            personnel_words(), rule_words(), meaning, LOOKS, show_tenths, show_value, told
        ),
        today=rooms().personnel.today(),
        **parts,
    )
