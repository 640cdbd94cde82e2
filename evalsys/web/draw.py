"""The frozen roster in public: head-counts, "check my line", objections and their decisions."""

import re
from collections.abc import Mapping

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from evalsys.domain.access import Role
from evalsys.domain.live.state import FIRST_NAMING, LiveState
from evalsys.domain.live.views_before import before
from evalsys.domain.live.words import ObjectionKind, Phase, RecallOutcome
from evalsys.domain.openings import Place
from evalsys.errors import EvalsysError, InvalidInput
from evalsys.ids import CadreNumber, LiveId
from evalsys.web.caller import caller
from evalsys.web.console_commands import one_of
from evalsys.web.guards import allow, is_in_the_hall, public, signed_in, visitor
from evalsys.web.live_words import live_words
from evalsys.web.live_words_before import (
    exclusion_reasons,
    objection_kinds,
    recall_outcomes,
    strata_names,
)
from evalsys.web.rooms import rooms

blueprint = Blueprint("draw", __name__, url_prefix="/draw")

_CADRE = re.compile("[0-9]{8}")


@blueprint.get("/<live>")
@public
def roster(live: str) -> str:
    """Show how many cadres and households each unit and stratum has in the frozen roster."""
    known = LiveId(live)
    state = _known_state(known)
    counts = None
    if state.roster_sha256:
        counts = rooms().published.head_counts(known, state.exclusions)
    return _page("roster", live, counts=counts, strata_kinds=strata_names())


@blueprint.get("/<live>/roster.jsonl")
@public
def roster_file(live: str) -> Response:
    """Return the frozen roster, also before the manifest is published."""
    data = rooms().draw.roster_jsonl(LiveId(live))
    return Response(data, mimetype="application/x-ndjson")


@blueprint.get("/<live>/line")
@public
def line(live: str) -> ResponseReturnValue:
    """Show one cadre's line of the frozen roster with the proof that it is in there."""
    typed = request.args.get("cadre", "").strip()
    found, error = None, None
    if typed:
        try:
            found = rooms().published.line(LiveId(live), _cadre(typed))
        except EvalsysError as refused:
            error = refused
    page = _page("line", live, typed=typed, found=found, error=error)
    return page, error.status if error else 200


@blueprint.get("/<live>/line.json")
@public
def line_json(live: str) -> dict[str, object]:
    """Return one cadre's line and its inclusion proof: `?cadre=00001234`."""
    found = rooms().published.line(LiveId(live), _cadre(request.args.get("cadre", "")))
    return found.to_json()


@blueprint.get("/<live>/objections")
@public
def objections(live: str) -> str:
    """List the objections with their state, and take new ones while the window is open."""
    return _objections(live)


@blueprint.post("/<live>/objections")
@public
def object_(live: str) -> ResponseReturnValue:
    """Record an objection to the frozen roster."""
    form = request.form
    try:
        n = rooms().objections.raise_one(
            LiveId(live),
            _cadre(form.get("cadre", "")),
            one_of(ObjectionKind, form, "kind"),
            form.get("said", ""),
            address=caller(),
        )
    except EvalsysError as refused:
        return _objections(live, error=refused), refused.status
    return redirect(url_for("draw.objections", live=live, _anchor=f"n{n}"), 303)


@blueprint.post("/<live>/objections/<int:n>")
@allow(Role.DISCIPLINE)
def decide(live: str, n: int) -> ResponseReturnValue:
    """Uphold or dismiss an objection with a reason that everybody reads."""
    form = request.form
    try:
        if form.get("decision") not in {"upheld", "dismissed"}:
            raise InvalidInput("请选择成立或不成立。", remedy="两者选一。", place="处理结果")
        rooms().objections.decide(
            LiveId(live),
            n,
            upheld=form["decision"] == "upheld",
            reason=form.get("reason", ""),
            actor=signed_in().name,
        )
    except EvalsysError as refused:
        return _objections(live, error=refused), refused.status
    return redirect(url_for("draw.objections", live=live, _anchor=f"n{n}"), 303)


@blueprint.get("/<live>/auditor")
@allow(Role.AUDITOR)
def auditor(live: str) -> str:
    """Show the auditor every call of the session, and the households to call again."""
    return _auditor(live)


@blueprint.post("/<live>/auditor/numbers")
@allow(Role.AUDITOR)
def recall_numbers(live: str) -> ResponseReturnValue:
    """Show the numbers of the recall list; each is a line in the audit log."""
    try:
        numbers = rooms().auditor.recall_numbers(LiveId(live), actor=signed_in().name)
    except EvalsysError as refused:
        return _auditor(live, error=refused), refused.status
    response = make_response(_auditor(live, numbers=numbers))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<live>/auditor/recalls/<cadre>/<int:k>")
@allow(Role.AUDITOR)
def record_recall(live: str, cadre: str, k: int) -> ResponseReturnValue:
    """Record what was heard at a household that was called again."""
    try:
        rooms().auditor.record_recall(
            LiveId(live),
            Place(_cadre(cadre), k),
            one_of(RecallOutcome, request.form, "outcome"),
            actor=signed_in().name,
        )
    except EvalsysError as refused:
        return _auditor(live, error=refused), refused.status
    return redirect(url_for("draw.auditor", live=live, _anchor="recall"), 303)


def _auditor(
    live: str, *, error: EvalsysError | None = None, numbers: Mapping[Place, str] | None = None
) -> str:
    known, papers = LiveId(live), rooms().auditor
    sealed = rooms().live.state(known).phase is Phase.SEALED
    return _page(
        "auditor",
        live,
        error=error,
        receipts=papers.receipts(known),
        recalls=papers.recall_list(known) if sealed else None,
        numbers=numbers or {},
        outcomes=recall_outcomes(),
        first_naming=FIRST_NAMING,
    )


def _objections(live: str, error: EvalsysError | None = None) -> str:
    who = visitor()
    decides = who is not None and who.role is Role.DISCIPLINE
    said = rooms().objections.said(LiveId(live), actor=who.name) if who and decides else {}
    return _page(
        "objections", live, error=error, said=said, decides=decides, kinds=objection_kinds()
    )


def _page(name: str, live: str, **more: object) -> str:
    state = _known_state(LiveId(live))
    return render_template(
        f"draw/{name}.html",
        live=live,
        state=state,
        before=before(state),
        may_object=rooms().objections.are_heard(LiveId(live)),
        reasons=exclusion_reasons(),
        words=live_words(),
        **more,
    )


def _known_state(live: LiveId) -> LiveState:
    """Return the session as whoever asks may know it: outside the hall as late as the web."""
    return rooms().live.state(live) if is_in_the_hall(live) else rooms().aired.state(live)


def _cadre(typed: str) -> CadreNumber:
    if not _CADRE.fullmatch(typed.strip()):
        raise InvalidInput(
            f"“{typed[:20]}”不是干部编号。", remedy="编号是 8 位半角数字。", place="干部编号"
        )
    return CadreNumber(typed.strip())
