"""The pages of promotion procedures: the list, one procedure with its timeline, every step."""

import re
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.promotion import PromotionStage
from evalsys.domain.promotion_events import ObjectorKind, PromotionKind
from evalsys.domain.promotion_filter import PromotionFilter, PromotionRow
from evalsys.errors import InvalidInput
from evalsys.exports.promotions import promotions_table, response_tenths
from evalsys.ids import CadreNumber
from evalsys.services.promotions import Proposal
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, day, needed, number, pages, word
from evalsys.web.promotion_words import STAGE_LOOKS, happened, promotion_words
from evalsys.web.purposes import chosen_purpose, purpose_page
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("promotions", __name__, url_prefix="/personnel/promotions")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
deciders = allow(Role.PERSONNEL)
examiners = allow(Role.PERSONNEL, Role.DISCIPLINE)

_LINE = re.compile(r"(?P<cadre>\S+)\s+(?P<post>.+)")


@blueprint.get("/")
@readers
def every() -> str:
    """List the procedures; filters stand in the query, and several can be opened at once."""
    query, evaluation = evaluation_asked()
    wanted, rows = _chosen(query.given)
    place = pages(query.page, len(rows))
    return room_page(
        "promotions",
        query,
        evaluation,
        rows=rows[(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        wanted=wanted,
        given=_given(query.given),
        stages=list(PromotionStage),
        kinds=list(PromotionKind),
        looks=STAGE_LOOKS,
        say=promotion_words(),
        response=response_tenths,
        proposed=query.given.get("propose", ""),
        may_decide=signed_in().role is Role.PERSONNEL,
    )


@blueprint.post("/")
@deciders
def propose() -> Response:
    """Open a procedure for each line "number post", all of them or none."""
    form = request.form
    opened = rooms().promotions.open(
        _proposals(form.get("candidates", "")),
        kind=needed(word(form, "kind", PromotionKind), "kind"),
        document=form.get("document", ""),
        by=signed_in().name,
    )
    flash(_("已动议 %(n)d 人，建议已随动议冻结。", n=len(opened)))
    if len(opened) == 1:
        return _to(opened[0])
    return redirect(url_for("promotions.every"), 303)


@blueprint.post("/appraise")
@deciders
def appraise() -> Response:
    """Have the linked households of the chosen candidates asked by phone, in one campaign."""
    chosen = request.form.getlist("case")
    campaign = rooms().promotions.call_appraisals(chosen, by=signed_in().name)
    flash(_("评议已开始，由其联系户接受电话评议。"))
    if len(chosen) == 1:
        return _to(chosen[0])
    return redirect(url_for("campaigns.one", campaign=campaign), 303)


@blueprint.get("/export.<form>")
@readers
def take(form: str) -> Response:
    """Send the list on screen as a file; the filters are those of the page."""
    kind = list_format(form)
    wanted, rows = _chosen({key: value.strip() for key, value in request.args.items()})
    rooms().promotions.note_export(rows=len(rows), by=signed_in().name)
    return send_table(promotions_table(rows, _today(), wanted), kind, "promotions")


@blueprint.get("/<case>")
@readers
def one(case: str) -> str:
    """Show one procedure: the frozen advice, what is missing, its timeline, the next steps."""
    purpose = chosen_purpose()
    if purpose is None:
        return purpose_page()
    query, evaluation = evaluation_asked()
    promotions, role = rooms().promotions, signed_in().role
    state, card = promotions.one(case, purpose=purpose.value, by=signed_in().name)
    today = promotions.today()
    (row,) = PromotionFilter().choose([(state, card)], today)
    say = promotion_words()
    return room_page(
        "promotion",
        query,
        evaluation,
        row=row,
        state=state,
        stages=PromotionStage,
        progress=promotions.progress(state),
        looks=STAGE_LOOKS,
        say=say,
        happened=lambda event: happened(event, say),
        response=response_tenths(row),
        objectors=list(ObjectorKind),
        choices=list(Choice),
        may_decide=role is Role.PERSONNEL,
        may_examine=role in {Role.PERSONNEL, Role.DISCIPLINE},
    )


@blueprint.post("/<case>/objections")
@examiners
def object_to(case: str) -> Response:
    """Take in an objection; its words are sealed."""
    rooms().promotions.receive_objection(
        case,
        objector=needed(word(request.form, "objector", ObjectorKind), "objector"),
        words=request.form.get("words", ""),
        by=signed_in().name,
    )
    flash(_("异议已登记，内容密封保存。"))
    return _to(case)


@blueprint.post("/<case>/objections/<int:objection>")
@examiners
def answer(case: str, objection: int) -> Response:
    """Answer an objection: it is upheld, or not."""
    form = request.form
    upheld = {"yes": True, "no": False}.get(form.get("upheld", ""))
    rooms().promotions.handle_objection(
        case,
        objection,
        upheld=needed(upheld, "upheld"),
        reply=form.get("reply", ""),
        by=signed_in().name,
    )
    flash(_("异议已答复。"))
    return _to(case)


@blueprint.post("/<case>/objections/<int:objection>/words")
@examiners
def words_of(case: str, objection: int) -> str:
    """Show the words of an objection, for a purpose that is recorded with the reading."""
    purpose = request.form.get("purpose", "")
    by = signed_in().name
    text = rooms().promotions.words_of(case, objection, purpose=purpose, by=by)
    return render_template(
        "personnel/sealed_text.html",
        title=_("异议内容"),
        about=_("第 %(n)s 件异议", n=objection),
        text=text,
        purpose=purpose,
        back=url_for("promotions.one", case=case),
    )


@blueprint.post("/<case>/publicity")
@deciders
def publish(case: str) -> Response:
    """Make the proposal public for the working days of the rulebook."""
    where = request.form.get("where", "")
    rooms().promotions.start_publicity(case, where=where, by=signed_in().name)
    flash(_("公示已开始。"))
    return _to(case)


@blueprint.post("/<case>/result")
@deciders
def count(case: str) -> Response:
    """Enter what the households said."""
    rooms().promotions.count_appraisal(case, by=signed_in().name)
    flash(_("评议结果已登记，程序按门槛继续或中止。"))
    return _to(case)


@blueprint.post("/<case>/review")
@examiners
def review(case: str) -> Response:
    """Note a second look at an appraisal of one voice."""
    note = request.form.get("note", "")
    rooms().promotions.review_uniformity(case, note=note, by=signed_in().name)
    flash(_("复核已登记，不带后果。"))
    return _to(case)


@blueprint.post("/<case>/appointment")
@deciders
def appoint(case: str) -> Response:
    """Record the appointment."""
    form = request.form
    rooms().promotions.appoint(
        case,
        appointed_on=needed(day(form, "appointed_on"), "appointed_on"),
        document=form.get("document", ""),
        by=signed_in().name,
    )
    flash(_("任职已登记，试用期自任职日起算。"))
    return _to(case)


@blueprint.post("/<case>/probation")
@deciders
def end_probation(case: str) -> Response:
    """Say that probation was passed, or that the probationary post was taken away."""
    form = request.form
    passed = {"yes": True, "no": False}.get(form.get("passed", ""))
    rooms().promotions.end_probation(
        case,
        passed=needed(passed, "passed"),
        basis=form.get("basis", ""),
        by=signed_in().name,
    )
    flash(_("试用期结果已登记。"))
    return _to(case)


@blueprint.post("/<case>/closing")
@deciders
def close(case: str) -> Response:
    """Give the procedure up."""
    rooms().promotions.close(case, reason=request.form.get("reason", ""), by=signed_in().name)
    flash(_("程序已终止。"))
    return _to(case)


def _chosen(given: Mapping[str, str]) -> tuple[PromotionFilter, list[PromotionRow]]:
    wanted = PromotionFilter(
        stage=word(given, "stage", PromotionStage),
        search=given.get("search", ""),
        uniform=bool(number(given, "uniform")),
    )
    return wanted, wanted.choose(rooms().promotions.every(), _today())


def _given(given: Mapping[str, str]) -> dict[str, str]:
    return {key: given[key] for key in ("stage", "search", "uniform") if key in given}


def _today() -> date:
    return rooms().promotions.today()


def _proposals(text: str) -> list[Proposal]:
    found = []
    for at, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise InvalidInput(
                _("这一行读不出编号和拟任职务。"),
                remedy=_("每行一人：编号、空格、拟任职务。"),
                place=_("第 %(number)d 行", number=at),
            )
        found.append(Proposal(CadreNumber(match["cadre"]), match["post"]))
    return found


def _to(case: str) -> Response:
    return redirect(url_for("promotions.one", case=case), 303)
