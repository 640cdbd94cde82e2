"""Papers of the personnel room: dossiers and notices to take away, each with its purpose."""

import io

from flask import Blueprint, request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.notices import EFFECTS, Notice, NoticeKind, notices_of
from evalsys.domain.personnel_county import Evaluation
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports import pdf, word
from evalsys.exports.notices import notices_table, wordings
from evalsys.ids import CadreNumber
from evalsys.services.dossiers import DossierOrder, Dossiers
from evalsys.services.notices import NoticeOrder, Notices, PaperForm, WordTemplate
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, day, number, pages
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table
from evalsys.web.uploads import uploaded

blueprint = Blueprint("papers", __name__, url_prefix="/personnel/papers")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
issuers = allow(Role.PERSONNEL)

ORGAN_LIMIT = 40


@blueprint.get("/")
@readers
def every() -> str:
    """List the notices that follow from the advice: to whom, and by which rules."""
    query, evaluation = evaluation_asked()
    kind = _kind(request.args.get("kind", ""))
    due = _due(evaluation, kind)
    place = pages(query.page, len(due))
    return room_page(
        "papers",
        query,
        evaluation,
        due=due[(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        chosen=kind,
        kinds=list(EFFECTS),
        wordings=wordings(),
        notice_words=notice_words(),
    )


@blueprint.get("/notices.<form>")
@readers
def take(form: str) -> Response:
    """Send the list on screen as a file; that it was taken is audited."""
    file_format = list_format(form)
    _query, evaluation = evaluation_asked()
    due = _due(evaluation, _kind(request.args.get("kind", "")))
    by = signed_in().name
    rooms().personnel.note_export("notices", by=by, evaluation=evaluation, rows=len(due))
    return send_table(notices_table(due, evaluation), file_format, "notices")


@blueprint.post("/dossier/<cadre>")
@readers
def dossier(cadre: str) -> Response:
    """Send one cadre's dossier, once the purpose was written down."""
    form = request.form
    order = DossierOrder(
        (CadreNumber(cadre),),
        day(form, "as_of"),
        number(form, "year"),
        organ(),
        purpose_written(),
    )
    taken = Dossiers(rooms().personnel, order, by=signed_in().name)
    return sent(taken.one_file(), PaperForm.PDF, f"dossier-{cadre}")


@blueprint.post("/notice/<cadre>/<kind>.<form>")
@issuers
def notice(cadre: str, kind: str, form: str) -> Response:
    """Send a notice that is due to a cadre, as PDF, as Word, or by an uploaded Word template."""
    if form not in set(PaperForm):
        raise NotFound(_("没有这种通知。"), remedy=_("请用页面上的按钮。"))
    order = NoticeOrder(
        (wanted_kind(kind),),
        (CadreNumber(cadre),),
        day(request.form, "as_of"),
        number(request.form, "year"),
        organ(),
        purpose_written(),
        word_template() if form == PaperForm.WORD else None,
    )
    taken = Notices(rooms().personnel, order, by=signed_in().name)
    paper = taken.paper(taken.due[0], PaperForm(form))
    return sent(paper, PaperForm(form), f"{kind}-{cadre}")


def notice_words() -> dict[NoticeKind, str]:
    """Name the kinds of notices in the visitor's language."""
    return {
        NoticeKind.ADMONISH: _("诫勉谈话通知书"),
        NoticeKind.PROBATION: _("免除试用期职务通知书"),
        NoticeKind.SUSPEND: _("程序中止通知书"),
        NoticeKind.RECTIFY: _("整改通知书"),
        NoticeKind.COMMEND: _("表彰通知"),
        NoticeKind.INTERVIEW: _("约谈通知书"),
    }


def _due(evaluation: Evaluation, kind: NoticeKind | None) -> list[Notice]:
    return [one for one in notices_of(evaluation) if kind in {None, one.kind}]


def _kind(text: str) -> NoticeKind | None:
    return wanted_kind(text) if text else None


def wanted_kind(text: str) -> NoticeKind:
    """Read the kind of a notice from an address.

    Raises:
        NotFound: there is no such kind.
    """
    try:
        return NoticeKind(text)
    except ValueError as error:
        raise NotFound(_("没有这种通知。"), remedy=_("请用页面上的按钮。")) from error


def purpose_written() -> str:
    """Read what a paper is taken for.

    Raises:
        InvalidInput: nothing was written down.
    """
    purpose = request.form.get("purpose", "").strip()
    if not purpose:
        raise InvalidInput(
            _("没有写明用途。"), remedy=_("请写明为何取用，用途记入审计日志。"), place="purpose"
        )
    return purpose


def organ() -> str:
    """Return the organ that a paper is to name, cut to what fits its head."""
    return request.form.get("organ", "").strip()[:ORGAN_LIMIT]


def word_template() -> WordTemplate | None:
    """Take the department's own Word template, where one was chosen."""
    file = request.files.get("template")
    if file is None or not file.filename:
        return None
    with uploaded("template") as (path, name):
        return WordTemplate(path.read_bytes(), name)


def sent(paper: bytes, form: PaperForm, name: str) -> Response:
    """Send a paper as a file to keep."""
    return send_file(
        io.BytesIO(paper),
        mimetype=(word if form is PaperForm.WORD else pdf).MEDIA_TYPE,
        as_attachment=True,
        download_name=f"{name}.{form}",
        max_age=0,
    )
