"""What follows from a session: the recorder's desk, the standby list, and the public list."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.agenda import Target
from evalsys.domain.live import commands as c
from evalsys.domain.live.state import LiveState, Round, is_assembly
from evalsys.domain.live.words import TeamCategory
from evalsys.domain.local_date import local_date
from evalsys.domain.pledge import PledgeStanding
from evalsys.domain.promises import Followed, ReportKind
from evalsys.domain.roster_problems import ImportProblem
from evalsys.domain.standby import STANDBY, TEAM_NAMES
from evalsys.errors import EvalsysError, InvalidInput
from evalsys.ids import LiveId
from evalsys.web.followup_words import FOLLOWUP_LOOKS, followup_words
from evalsys.web.guards import allow, public, signed_in
from evalsys.web.live_words import live_words
from evalsys.web.rooms import rooms

blueprint = Blueprint("followups", __name__, url_prefix="/followups")

recorders = allow(Role.OPERATOR, Role.RECORDER)

reporters = allow(Role.OPERATOR, Role.RECORDER, Role.DISCIPLINE)
"""Who may say what became of a pledge, by name."""

_DAYS = re.compile("[0-9]{1,3}")
_LIST_AT_MOST = 100_000


@blueprint.get("/")
@public
def every() -> str:
    """Show everybody what was promised, until when, and who goes to look (Y53, Y54)."""
    now = rooms().follow_ups.now.astimezone(rooms().zone)
    return render_template(
        "followups/public.html",
        sessions=rooms().follow_ups.sessions(),
        standings=rooms().pledge_cases.standings(),
        looks=FOLLOWUP_LOOKS,
        say=followup_words(),
        reports=_reports(),
        told=report_words(),
        words=live_words(),
        today=now.date().isoformat(),
        day=now.date(),
        now=now.isoformat(timespec="milliseconds"),
        zone=now.isoformat()[-6:],
    )


@blueprint.get("/sessions")
@recorders
def sessions() -> str:
    """List the sessions for the staff of the hall: seats, doors, paper, and what follows."""
    listed = rooms().live.sessions()
    return render_template("followups/sessions.html", sessions=listed, words=live_words())


@blueprint.get("/standby")
@recorders
def standby() -> str:
    """Show the list from which teams are drawn or picked."""
    return _standby()


@blueprint.post("/standby")
@recorders
def read_standby() -> ResponseReturnValue:
    """Take a list that was pasted from a spreadsheet; with an error the former one stays."""
    pasted = request.form.get("list", "")
    if not 0 < len(pasted) <= _LIST_AT_MOST:
        raise InvalidInput(_("没有粘贴名单，或名单过长。"), remedy=_("请连同表头一起粘贴。"))
    problems = rooms().follow_ups.read_standby(pasted, actor=signed_in().name)
    if problems:
        return _standby(problems, pasted), 400
    return redirect(url_for("followups.standby"), 303)


@blueprint.get("/<live>")
@recorders
def desk(live: str) -> str:
    """Show the recorder's desk: three short forms for the round that was judged last, or `?j=`."""
    return _desk(LiveId(live))


@blueprint.post("/<live>/<int(max=9999):j>/pledge")
@recorders
def pledge(live: str, j: int) -> ResponseReturnValue:
    """Record a promise: measure, days or date, who answers for it."""
    form = request.form
    what, amount, unit = (form.get(name, "") for name in ("target", "amount", "unit"))
    target = Target(what, amount, unit) if what or amount or unit else None
    made = c.MakePledge(form.get("measure", ""), _due_on(), form.get("responsible", ""), j, target)
    return _entered(
        live, j, lambda: rooms().follow_ups.pledge(LiveId(live), made, actor=signed_in().name)
    )


@blueprint.post("/<live>/<int(max=9999):j>/investigation")
@recorders
def investigate(live: str, j: int) -> ResponseReturnValue:
    """Send a team, drawn from the standby list where nobody is picked."""
    form = request.form
    picked = {category: form.get(category.value, "") for category in TeamCategory}
    return _entered(
        live,
        j,
        lambda: rooms().follow_ups.investigate(
            LiveId(live),
            j,
            form.get("reason", ""),
            picked=picked,
            aside=form.getlist("aside"),
            actor=signed_in().name,
        ),
    )


@blueprint.post("/<live>/<int(max=9999):j>/referral")
@recorders
def refer(live: str, j: int) -> ResponseReturnValue:
    """Hand what looks faked to discipline inspection."""
    to, reason, actor = request.form.get("to", ""), request.form.get("reason", ""), signed_in().name
    return _entered(
        live, j, lambda: rooms().follow_ups.refer(LiveId(live), j, to, reason, actor=actor)
    )


@blueprint.post("/<live>/<int(max=9999):j>/<int(max=999999):of>/withdraw")
@recorders
def withdraw(live: str, j: int, of: int) -> ResponseReturnValue:
    """Correct what was entered by mistake."""
    reason, actor = request.form.get("reason", ""), signed_in().name
    return _entered(
        live, j, lambda: rooms().follow_ups.withdraw(LiveId(live), j, of, reason, actor=actor)
    )


@blueprint.get("/pledges")
@reporters
def pledges() -> str:
    """List every pledge with what became of it, and a form to report on it."""
    return _pledges()


@blueprint.post("/<live>/pledges/<int(max=999999):seq>/report")
@reporters
def report(live: str, seq: int) -> ResponseReturnValue:
    """Keep what was found about a pledge, with its basis; who reports is who is signed in."""
    form, by = request.form, signed_in().name
    try:
        rooms().pledges.report(
            LiveId(live),
            seq,
            _kind(form.get("kind", "")),
            done=form.get("done", ""),
            text=form.get("text", ""),
            by=by,
        )
    except EvalsysError as error:
        return _pledges(error, (live, seq)), error.status
    return redirect(url_for("followups.pledges", _anchor=f"{live}-{seq}"), 303)


def _kind(typed: str) -> ReportKind:
    try:
        return ReportKind(typed)
    except ValueError:
        raise InvalidInput(
            "没有选择登记什么。", remedy="可选：进展佐证、已兑现、未兑现。", place="登记"
        ) from None


def _reports() -> dict[tuple[str, int], Followed]:
    return {(one.live, one.pledge.seq): one for one in rooms().pledges.every()}


def _pledges(error: EvalsysError | None = None, of: tuple[str, int] | None = None) -> str:
    return render_template(
        "followups/pledges.html",
        pledges=[one for one in rooms().pledges.every() if one.round.issue],
        today=rooms().pledges.today,
        told=report_words(),
        error=error,
        of=of,
        typed=request.form if error else {},
    )


def report_words() -> dict[str, str]:
    """Name what may be reported of a pledge, and how one stands."""
    return {
        ReportKind.PROOF.value: _("进展佐证"),
        ReportKind.KEPT.value: _("已兑现"),
        ReportKind.BROKEN.value: _("未兑现"),
        PledgeStanding.RUNNING.value: _("进行中"),
        PledgeStanding.OVERDUE.value: _("到期待核"),
        PledgeStanding.KEPT.value: _("已兑现"),
        PledgeStanding.BROKEN.value: _("未兑现"),
    }


def _entered(live: str, j: int, enter: Callable[[], LiveState]) -> ResponseReturnValue:
    try:
        enter()
    except EvalsysError as error:
        return _desk(LiveId(live), j, error), error.status
    return redirect(url_for("followups.desk", live=live, j=j, saved=1), 303)


def _due_on() -> str:
    """Read until when: "15" is fifteen days from today in the county, else a date."""
    typed = request.form.get("due", "").strip()
    if not _DAYS.fullmatch(typed):
        return typed
    today = local_date(rooms().follow_ups.now, rooms().zone)
    return (today + timedelta(days=int(typed))).isoformat()


def _desk(live: LiveId, j: int | None = None, error: EvalsysError | None = None) -> str:
    state = rooms().live.state(live)
    judged = [one for one in state.rounds if one.verdict is not None or one.issue is not None]
    asked = request.args.get("j", type=int) if j is None else j
    current = next((one for one in judged if one.j == asked), judged[-1] if judged else None)
    cards = rooms().follow_ups.cards(state)
    card = cards.get(current.cadre) if current else None
    return render_template(
        "followups/assembly.html" if is_assembly(state) else "followups/desk.html",
        live=live,
        title=state.plan.title if state.plan else "",
        judged=judged,
        current=current,
        cards=cards,
        responsible=" ".join(filter(None, (card.unit_name, card.name))) if card else "",
        unit=card.unit_name if card else "",
        standby=_by_category(),
        words=live_words(),
        first=_first(current),
        error=error,
        typed=request.form if error else {},
        saved="saved" in request.args and error is None,
    )


def _first(current: Round | None) -> str:
    """Name the form that the finding points to: its first field waits for the keyboard."""
    if current is None or current.verdict is None:
        return ""
    return {"accounts_differ": "investigation", "faked_suspected": "referral"}.get(
        current.verdict.value, "pledge"
    )


def _by_category() -> dict[str, list[object]]:
    listed = rooms().follow_ups.standby()
    return {
        category.value: [one for one in listed if one.category is category]
        for category in TeamCategory
    }


def _standby(problems: tuple[ImportProblem, ...] = (), pasted: str = "") -> str:
    return render_template(
        "followups/standby.html",
        standby=rooms().follow_ups.standby(),
        names=TEAM_NAMES,
        problems=problems,
        pasted=pasted,
        header="\t".join(column.header for column in STANDBY.columns),
    )
