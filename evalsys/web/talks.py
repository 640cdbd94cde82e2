"""The page of talks: what units owe, what is ordered, served, held, overdue."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.issued_notices import serves
from evalsys.domain.notices import NoticeKind
from evalsys.domain.talks import TalkKind, TalkStage, petition_origin
from evalsys.exports.talks import OwedRow, TalkRow, owed_admonition, owed_table, talks_table
from evalsys.ids import CadreNumber
from evalsys.services.notices import PaperForm
from evalsys.store.casework_outcomes import Petition
from evalsys.web.consequence_words import CONSEQUENCE_LOOKS, consequence_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.papers import organ, purpose_written, sent, word_template
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import day, needed, word
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("talks", __name__, url_prefix="/personnel/talks")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
holders = allow(Role.PERSONNEL, Role.DISCIPLINE)

_ANSWERS = {"yes": True, "no": False}


@blueprint.get("/")
@readers
def every() -> str:
    """Show what units owe, and every talk; filters stand in the query."""
    query, evaluation = evaluation_asked()
    rows, chosen = _chosen(query.given)
    return room_page(
        "talks",
        query,
        evaluation,
        rows=rows,
        chosen=chosen,
        owed=rooms().talks.owed(evaluation),
        papers=_papers(),
        unserved=_unserved(),
        serves=serves,
        may_issue=signed_in().role is Role.PERSONNEL,
        petitions=_unordered(),
        kinds=list(TalkKind),
        stages=list(TalkStage),
        stage=TalkStage,
        looks=CONSEQUENCE_LOOKS,
        say=consequence_words(),
        may_hold=signed_in().role in {Role.PERSONNEL, Role.DISCIPLINE},
    )


@blueprint.get("/export.<form>")
@readers
def take(form: str) -> Response:
    """Send the list on screen as a file; the filters are those of the page."""
    kind = list_format(form)
    rows, chosen = _chosen({key: value.strip() for key, value in request.args.items()})
    shown = "，".join(chosen.values())
    table = talks_table(rows, rooms().talks.today(), f"筛选：{shown}" if shown else "")
    rooms().talks.note_export(rows=len(rows), by=signed_in().name)
    return send_table(table, kind, "talks")


@blueprint.get("/owed.<form>")
@readers
def take_owed(form: str) -> Response:
    """Send which talks are owed: units' principals, and first petitions without one."""
    kind = list_format(form)
    _query, evaluation = evaluation_asked()
    table = owed_table(
        [*map(owed_admonition, rooms().talks.owed(evaluation)), *map(_owed_petition, _unordered())],
        evaluation.year,
    )
    rooms().talks.note_export(rows=table.count, by=signed_in().name)
    return send_table(table, kind, "talks-owed")


@blueprint.post("/admonition")
@holders
def order_admonition() -> Response:
    """Order the talk that a unit owes its principal."""
    _query, evaluation = evaluation_asked()
    principal = CadreNumber(request.form.get("cadre", "").strip())
    rooms().talks.order_admonition(evaluation, principal, by=signed_in().name)
    return _back(_("诫勉谈话已登记，等待送达通知书。"))


@blueprint.post("/petition")
@holders
def order_petition() -> Response:
    """Order the talk that follows a first petition (Y75)."""
    form = request.form
    rooms().talks.order_petition_talk(
        CadreNumber(form.get("cadre", "").strip()),
        form.get("petition", ""),
        knew=needed(_ANSWERS.get(form.get("knew", "")), "knew"),
        accompanied=needed(_ANSWERS.get(form.get("accompanied", "")), "accompanied"),
        by=signed_in().name,
    )
    return _back(_("约谈已登记，等待送达通知书。"))


@blueprint.post("/<case>/above")
@holders
def order_above(case: str) -> Response:
    """Order the talk with whoever is above."""
    cadre = CadreNumber(request.form.get("cadre", "").strip())
    rooms().talks.order_above(case, cadre, by=signed_in().name)
    return _back(_("约谈上级已登记，等待送达通知书。"))


@blueprint.post("/<case>/issue")
@allow(Role.PERSONNEL)
def issue(case: str) -> Response:
    """Issue the notice of a talk after a first petition, under the next number."""
    issued = rooms().issued_notices.issue_for_talk(case, organ=organ(), by=signed_in().name)
    return _back(_("已签发 %(number)s。", number=str(issued.number)))


@blueprint.post("/<case>/notice.docx")
@allow(Role.PERSONNEL)
def take_word(case: str) -> Response:
    """Send the notice of a talk after a first petition in Word; what for is audited."""
    cadre, paper = rooms().issued_notices.word_for_talk(
        case,
        organ=organ(),
        purpose=purpose_written(),
        by=signed_in().name,
        template=word_template(),
    )
    return sent(paper, PaperForm.WORD, f"{NoticeKind.INTERVIEW}-{cadre}")


@blueprint.post("/<case>/notice")
@holders
def serve(case: str) -> Response:
    """Record that the notice was handed over."""
    form = request.form
    rooms().talks.serve(
        case,
        document=form.get("document", ""),
        served_on=needed(day(form, "served_on"), "served_on"),
        by=signed_in().name,
    )
    return _back(_("送达已登记。"))


@blueprint.post("/<case>/talk")
@holders
def hold(case: str) -> Response:
    """Record that the talk took place."""
    form = request.form
    rooms().talks.hold(
        case,
        held_by=form.get("held_by", ""),
        held_on=needed(day(form, "held_on"), "held_on"),
        record=form.get("record", ""),
        by=signed_in().name,
    )
    return _back(_("谈话已登记，记录密封保存。"))


@blueprint.post("/<case>/withdrawal")
@holders
def withdraw(case: str) -> Response:
    """Say that the talk is not owed after all."""
    rooms().talks.withdraw(case, reason=request.form.get("reason", ""), by=signed_in().name)
    return _back(_("谈话已撤销。"))


@blueprint.post("/<case>/record")
@holders
def record(case: str) -> str:
    """Show the record of a talk, for a purpose that is noted with the reading."""
    purpose = request.form.get("purpose", "")
    talk, text = rooms().talks.record_of(case, purpose=purpose, by=signed_in().name)
    return render_template(
        "personnel/sealed_text.html",
        title=_("谈话记录"),
        about=f"{consequence_words()(talk.ordered.kind)} {talk.cadre}",
        text=text,
        purpose=purpose,
        back=url_for("talks.every"),
    )


def _owed_petition(one: Petition) -> OwedRow:
    lacks = [w for w, there in (("不知情", one.knew), ("未陪同", one.accompanied)) if not there]
    return OwedRow(TalkKind.PETITION, one.cadre, one.cadre_name, one.id, "、".join(lacks), None)


def _unordered() -> list[Petition]:
    """List the first petitions whose cadre is to be called in, and no talk is ordered yet (Y75)."""
    ordered = {talk.ordered.origin for talk, _card in rooms().talks.every()}
    return [
        one
        for one in rooms().casework.outcomes.interviews_due()
        if petition_origin(one.id, CadreNumber(one.cadre)) not in ordered
    ]


def _chosen(given: Mapping[str, str]) -> tuple[list[TalkRow], dict[str, str]]:
    kind, stage = word(given, "kind", TalkKind), word(given, "stage", TalkStage)
    search, today = given.get("search", "").strip(), rooms().talks.today()
    rows = [
        TalkRow(talk, card, talk.stage(today))
        for talk, card in rooms().talks.every()
        if kind in {None, talk.ordered.kind}
        and (
            not search
            or talk.cadre.startswith(search)
            or (card and (search in card.name or search in card.unit_name))
        )
    ]
    chosen = {"kind": kind or "", "stage": stage or "", "search": search}
    kept = {key: str(value) for key, value in chosen.items() if value}
    return [row for row in rows if stage in {None, row.stage}], kept


def _back(said: str) -> Response:
    flash(said)
    return redirect(url_for("talks.every"), 303)


def _papers() -> dict[str, int]:
    """Give the id of every issued notice by its number."""
    return {
        str(notice.number): notice.id for notice, _card, _talk in rooms().issued_notices.every()
    }


def _unserved() -> dict[tuple[CadreNumber, NoticeKind], list[str]]:
    """Give by cadre and kind the numbers that were issued, hold, and were not served yet."""
    found: dict[tuple[CadreNumber, NoticeKind], list[str]] = {}
    for notice, _card, talk in rooms().issued_notices.every():
        if not notice.is_withdrawn and talk is None:
            found.setdefault((notice.cadre, notice.kind), []).append(str(notice.number))
    return found
