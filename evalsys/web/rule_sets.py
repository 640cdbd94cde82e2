"""The editor of the county's rule set: versions, upload with faults cell by cell, what if."""

import io

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.rule_versions import NAME_LIMIT, RuleVersion, Ruling
from evalsys.domain.rulesheet_words import said
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.csv import write_csv
from evalsys.exports.rule_versions import rule_versions_table
from evalsys.exports.what_if import changes_table, reasons
from evalsys.exports.xlsx import write_xlsx
from evalsys.services.personnel_export import ListFormat
from evalsys.store.rulebooks import RULE_SETS
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, day, needed, pages, word
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table
from evalsys.web.uploads import uploaded

blueprint = Blueprint("rule_sets", __name__, url_prefix="/personnel/rule-sets")

SHOWN_FAULTS = 200
_REFUSED = 422

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
editors = allow(Role.PERSONNEL)


@blueprint.get("/")
@readers
def versions() -> str:
    """List every version, and offer the upload of a new one."""
    return _versions()


@blueprint.get("/list.<form>")
@readers
def take_versions(form: str) -> Response:
    """Send the list of versions."""
    kind, by = list_format(form), signed_in().name
    _query, evaluation = evaluation_asked()
    found = rooms().rule_sets.versions()
    in_force = rooms().rule_sets.in_force(evaluation.as_of)
    table = rule_versions_table(found, in_force, evaluation.as_of, rooms().personnel.zone)
    rooms().personnel.note_export("rule-sets", by=by, evaluation=evaluation, rows=table.count)
    return send_table(table, kind, "rule-sets")


@blueprint.post("/")
@editors
def propose() -> Response | tuple[str, int]:
    """Compile an uploaded workbook; faults are listed with their cells, and nothing is kept."""
    form = request.form
    try:
        with uploaded("file") as (path, filename):
            found = rooms().rule_sets.propose(
                path,
                filename,
                name=form.get("name", ""),
                since=needed(day(form, "since"), "since"),
                by=signed_in().name,
            )
    except InvalidInput as refusal:
        return _versions(refusal=refusal), refusal.status
    if found.version is None:
        return _versions(found=found, filename=filename), _REFUSED
    flash(_("已编译并保存，等待另一个人批准。"))
    for note in found.compiled.notes[:SHOWN_FAULTS]:
        flash(f"{note.place} {note.what}")
    return redirect(url_for("rule_sets.version", number=found.version), 303)


@blueprint.get("/<int:number>")
@readers
def version(number: int) -> str:
    """Show one version: every rule as a sentence, who proposed it, who decided."""
    return _version(rooms().rule_sets.version(number))


@blueprint.post("/<int:number>/ruling")
@editors
def rule(number: int) -> Response:
    """Approve a version or send it back, as its second person."""
    ruling = needed(word(request.form, "ruling", Ruling), "ruling")
    reason = request.form.get("reason", "")
    rooms().rule_sets.rule(number, ruling, reason=reason, by=signed_in().name)
    flash(_("版本已批准。") if ruling is Ruling.APPROVED else _("版本已退回。"))
    return redirect(url_for("rule_sets.version", number=number), 303)


@blueprint.post("/<int:number>/facts")
@editors
def facts(number: int) -> Response | tuple[str, int]:
    """Record facts for the fields that no register fills; all or nothing."""
    form, about = request.form, rooms().rule_sets.version(number)
    try:
        with uploaded("file") as (path, filename):
            taken = rooms().rule_sets.take_facts(
                number,
                path,
                filename,
                since=needed(day(form, "since"), "since"),
                document=form.get("document", ""),
                by=signed_in().name,
            )
    except InvalidInput as refusal:
        return _version(about, refusal=refusal), refusal.status
    if taken.faults:
        return _version(about, taken=taken), _REFUSED
    flash(_("已登记 %(count)d 条事实。", count=taken.kept))
    for note in taken.notes:
        flash(note)
    return redirect(url_for("rule_sets.version", number=number), 303)


@blueprint.get("/<int:number>.xlsx")
@readers
def workbook(number: int) -> Response:
    """Send a version as the workbook that compiles to it again."""
    out = io.BytesIO()
    found = rooms().rule_sets.write_workbook(number, out)
    return _file(out, ListFormat.XLSX, f"{found.name}-{found.sha256[:8]}")


@blueprint.get("/shipped/<name>.xlsx")
@readers
def shipped(name: str) -> Response:
    """Send a rule set that comes with the software, to start from."""
    out = io.BytesIO()
    rooms().rule_sets.write_shipped(name, out)
    return _file(out, ListFormat.XLSX, name)


@blueprint.get("/<int:number>/what-if")
@readers
def what_if(number: int) -> str:
    """List who comes out differently under a version, over the whole county."""
    query, evaluation = evaluation_asked()
    asked_about = rooms().rule_sets.version(number)
    found = rooms().personnel.what_if(
        asked_about, by=signed_in().name, as_of=query.as_of, year=query.year
    )
    place = pages(query.page, len(found.changes))
    return room_page(
        "what_if",
        query,
        evaluation,
        proposed=asked_about,
        found=found,
        changes=found.changes[(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        reasons=reasons,
    )


@blueprint.get("/<int:number>/what-if/export.<form>")
@readers
def take(number: int, form: str) -> Response:
    """Send the list of who changes: the one on the screen."""
    if form not in set(ListFormat):
        raise NotFound(_("没有这种导出。"), remedy=_("请用页面上的导出按钮。"))
    query, _evaluation = evaluation_asked()
    asked_about = rooms().rule_sets.version(number)
    personnel = rooms().personnel
    found = personnel.what_if(asked_about, by=signed_in().name, as_of=query.as_of, year=query.year)
    table, out = changes_table(found, asked_about), io.BytesIO()
    if form == ListFormat.CSV:
        write_csv(table, out)
    else:
        write_xlsx([table], out, made_at=personnel.now().astimezone(personnel.zone))
    personnel.note_export("what-if", by=signed_in().name, evaluation=found.was, rows=table.count)
    return _file(out, ListFormat(form), f"what-if-{asked_about.sha256[:8]}")


def _versions(**parts: object) -> str:
    query, evaluation = evaluation_asked()
    sets = rooms().rule_sets
    return room_page(
        "rule_versions",
        query,
        evaluation,
        versions=sets.versions(),
        in_force=sets.in_force(evaluation.as_of),
        shipped=list(RULE_SETS),
        may_edit=signed_in().role is Role.PERSONNEL,
        name_limit=NAME_LIMIT,
        shown=SHOWN_FAULTS,
        ruling_words=_ruling_words(),
        given=request.form,
        **({"found": None, "refusal": None} | parts),
    )


def _version(found: RuleVersion, **parts: object) -> str:
    query, evaluation = evaluation_asked()
    person = signed_in()
    return room_page(
        "rule_version",
        query,
        evaluation,
        proposed=found,
        in_force=rooms().rule_sets.in_force(evaluation.as_of),
        said=said,
        may_edit=person.role is Role.PERSONNEL,
        is_author=person.name == found.proposed_by,
        rulings=Ruling,
        shown=SHOWN_FAULTS,
        ruling_words=_ruling_words(),
        **({"taken": None, "refusal": None} | parts),
    )


def _ruling_words() -> dict[Ruling | None, str]:
    return {
        None: _("等待批准"),
        Ruling.APPROVED: _("已批准"),
        Ruling.REJECTED: _("已退回"),
    }


def _file(out: io.BytesIO, form: ListFormat, name: str) -> Response:
    out.seek(0)
    return send_file(
        out,
        mimetype=form.media_type,
        as_attachment=True,
        download_name=f"{name}.{form}",
        max_age=0,
    )
