"""Pledges and reports of a year: the cadre writes, the personnel department sees who did."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.cycles import Cycle, CycleCode, CycleKind
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.statement import LONGEST_STATEMENT, Duties, Duty, StatementKind
from evalsys.errors import InvalidInput, NotFound, WrongPhase
from evalsys.exports.statements import statements_table
from evalsys.ids import CadreNumber
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import room_page
from evalsys.web.personnel_query import A_PAGE, asked, needed, pages, word
from evalsys.web.purposes import chosen_purpose, purpose_page
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("statements", __name__)

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
cadres = allow(Role.CADRE)


@blueprint.get("/mine/statements")
@cadres
def own() -> str:
    """Show a cadre what he stated, year by year, and take the next one."""
    return _own_page()


@blueprint.post("/mine/statements")
@cadres
def hand_in() -> Response | tuple[str, int]:
    """Keep a statement; a refusal stands above the form, with what was typed."""
    form, cadre = request.form, request.form.get("cadre", "")
    try:
        statement = needed(word(form, "statement", StatementKind), "statement")
        code, text = CycleCode(form.get("cycle", "")), form.get("text", "")
        rooms().statements.state(signed_in(), cadre, code, statement, text)
    except (InvalidInput, WrongPhase) as refusal:
        return _own_page(refusal), refusal.status
    flash(_("已经交上。可以再改，改过的每一份都留底。"))
    return redirect(url_for("statements.own", cadre=cadre or None), 303)


@blueprint.get("/personnel/cycles/<code>/statements/")
@readers
def every(code: str) -> str:
    """List every cadre with pledge, report and appraisal of the year; filters in the query."""
    query = asked(request.args)
    cycle, evaluation, found = _year(code)
    chosen, _said = _chosen(found, query.given)
    place = pages(query.page, len(chosen))
    return room_page(
        "statements",
        query,
        evaluation,
        cycle=cycle,
        every=found,
        rows=chosen[(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        duties=duty_words(),
    )


@blueprint.get("/personnel/cycles/<code>/statements.<form>")
@readers
def take(code: str, form: str) -> Response:
    """Send the list on screen as a file."""
    kind = list_format(form)
    cycle, _evaluation, found = _year(code)
    chosen, said = _chosen(found, asked(request.args).given)
    rooms().statements.note_export(cycle.code, rows=len(chosen), by=signed_in().name)
    return send_table(statements_table(chosen, found, cycle, said), kind, f"statements-{code}")


@blueprint.get("/personnel/cadres/<cadre>/statements/<code>")
@readers
def one(cadre: str, code: str) -> str:
    """Show what a cadre stated in a year; the reading is audited with its purpose."""
    purpose = chosen_purpose()
    if purpose is None:
        return purpose_page()
    number, cycle = CadreNumber(cadre), CycleCode(code)
    words = rooms().statements.read(number, cycle, by=signed_in().name, purpose=purpose)
    return render_template(
        "personnel/statement.html",
        cadre=number,
        code=code,
        words=words,
        purpose=purpose,
        names=duty_words(),
    )


def duty_words() -> dict[str, str]:
    """Name the three things that a year asks of every cadre."""
    return {Duty.PLEDGE: _("承诺"), Duty.REPORT: _("述职"), Duty.APPRAISAL: _("联系户评议")}


def _own_page(refusal: InvalidInput | WrongPhase | None = None) -> str:
    return render_template(
        "cadre_page/statements.html",
        page=rooms().statements.own(signed_in(), request.values.get("cadre", "")),
        refusal=refusal,
        typed=request.form,
        names=duty_words(),
        statements=list(StatementKind),
        longest=LONGEST_STATEMENT,
    )


def _year(code: str) -> tuple[Cycle, Evaluation, tuple[Duties, ...]]:
    cycle = rooms().cycles.record(CycleCode(code)).cycle
    if cycle.kind is not CycleKind.YEAR:
        raise NotFound(_("季度没有承诺和述职。"), remedy=_("请打开它的年度。"))
    as_of = asked(request.args).as_of
    evaluation = rooms().personnel.evaluate(by=signed_in().name, as_of=as_of, year=cycle.year)
    return cycle, evaluation, rooms().statements.duties(evaluation, cycle.code)


def _chosen(found: Sequence[Duties], given: Mapping[str, str]) -> tuple[list[Duties], str]:
    """Choose by what is missing and by number, name or unit; say in Chinese what was chosen."""
    lacks, search = word(given, "lacks", Duty), given.get("search", "")
    rows = [
        one
        for one in found
        if (lacks is None or one.lacks(lacks))
        and (
            not search
            or one.cadre.number.startswith(search)
            or search in one.cadre.name
            or search in one.cadre.unit_name
        )
    ]
    said = [f"还缺“{lacks}”"] if lacks else []
    said += [f"查找“{search}”"] if search else []
    return rows, f"筛选：{'，'.join(said)}" if said else ""
