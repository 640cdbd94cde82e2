"""The operator's console: the list of sessions, a new one, and one command at a time."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.draw_strata import GRID_CLASSES
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.roster_ranks import RANKS
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId
from evalsys.web.console_commands import Fields, carry_out, read_plan
from evalsys.web.guards import allow, by_screen, signed_in
from evalsys.web.live import own_curtain, screen_page
from evalsys.web.live_words import abort_reasons, live_words
from evalsys.web.live_words_before import strata_kinds
from evalsys.web.rooms import rooms
from evalsys.web.stage_commands import steer
from evalsys.web.told import told

blueprint = Blueprint("console", __name__, url_prefix="/console")

_WATCHERS = (Role.OPERATOR, Role.HOST, Role.AUDITOR)


@blueprint.get("/")
@allow(*_WATCHERS)
def sessions() -> str:
    """List the sessions and offer a new one."""
    return render_template(
        "console/sessions.html",
        sessions=rooms().live.sessions(),
        words=live_words(),
        may_act=_may_act(),
        strata_kinds=strata_kinds(),
        programmes=rooms().programmes.every(),
        weighed={"grid_class": GRID_CLASSES, "rank": {rank: rank for rank in RANKS}},
    )


@blueprint.post("/plan")
@allow(Role.OPERATOR)
def plan() -> Response | dict[str, str]:
    """Begin a session: a form gets its console, JSON gets its identity."""
    fields: Fields = _json() if request.is_json else request.form.to_dict()
    live = rooms().show.plan(read_plan(fields), actor=signed_in().name)
    if request.is_json:
        return {"live": live}
    return redirect(url_for("console.console", live=live))


@blueprint.get("/<live>")
@allow(*_WATCHERS)
def console(live: str) -> str:
    """Run one session."""
    return screen_page(
        "console/console.html",
        LiveId(live),
        "console",
        {
            "me": signed_in().name,
            "may_act": _may_act(),
            "do_url": url_for("console.do", live=live),
            "house_url": url_for("console.house", live=live),
            "stage_url": url_for("console.steer_stage", live=live),
            "may_cut": signed_in().role in {Role.OPERATOR, Role.HOST},
            "bundle_url": url_for("live.bundle", live=live),
            "agenda_url": url_for("agenda.page", live=live),
        },
        abort_reasons=abort_reasons(),
    )


@blueprint.get("/<live>/view.json")
@by_screen(ScreenKind.MONITOR, ScreenKind.CALLS, ScreenKind.OBSERVER)
def view(live: str) -> dict[str, object]:
    """Return the console's picture, for screens whose socket is away."""
    return {**rooms().screens.view(LiveId(live), "console"), **own_curtain(LiveId(live))}


@blueprint.get("/<live>/house.json")
@allow(*_WATCHERS)
def house(live: str) -> dict[str, object]:
    """Return how the lines and the panel are: what is not part of the session's record."""
    state = rooms().live.state(LiveId(live))
    seats = rooms().score.seats(LiveId(live))
    current = state.round
    voted = rooms().score.attendance(LiveId(live), current.j) if current else ()
    return {
        "line": {
            "ok": not rooms().dialler.line_problem,
            "manual": rooms().dialler.needs_manual_line,
            "conference": rooms().dialler.can.conference,
        },
        "stage": {
            "trouble": rooms().stage.trouble,
            "feeds": rooms().stage.has_feed,
            "delay_s": rooms().stage.delay_s(LiveId(live)),
        },
        "tally": {"trouble": rooms().score.tally_trouble()},
        **_ceremony(LiveId(live)),
        "seats": {
            "total": len(seats),
            "joined": sum(seat.is_taken for seat in seats),
            "voters": sum(seat.is_taken and seat.category.may_vote for seat in seats),
            "voted": len(voted),
        },
        "proposals": _proposals(LiveId(live)),
    }


@blueprint.post("/<live>/do")
@allow(Role.OPERATOR)
def do(live: str) -> dict[str, object]:
    """Carry out one command and return the picture after it."""
    carry_out(rooms(), LiveId(live), _json(), actor=signed_in().name)
    return {**rooms().screens.view(LiveId(live), "console")}


def _proposals(live: LiveId) -> list[dict[str, object]]:
    waiting = rooms().namings.waiting(live)
    cards = rooms().namings.cards(waiting)
    return [
        {
            "id": one.id,
            "who": one.label,
            "cadre": one.cadre,
            "name": cards[one.cadre].name if one.cadre in cards else "",
            "unit": cards[one.cadre].unit_name if one.cadre in cards else "",
            "reason": one.reason,
        }
        for one in waiting
    ]


def _ceremony(live: LiveId) -> dict[str, object]:
    """Say whether the beacon is silent, and which devices of clerks and witnesses were heard."""
    silent, attendants = rooms().ceremony.silence(live), rooms().attendants
    return {
        "beacon": {"what": told(silent.what), "remedy": told(silent.remedy)} if silent else None,
        "attendants": [
            {"name": one.name, "joined": one.is_taken, "fresh": attendants.is_heard(one)}
            for one in attendants.of(live)
        ],
    }


@blueprint.post("/<live>/stage")
@allow(Role.OPERATOR, Role.HOST)
def steer_stage(live: str) -> dict[str, object]:
    """Steer the stage's lines and return the picture after it; a host may only cut and dump."""
    person = signed_in()
    steer(rooms().stage, LiveId(live), _json(), actor=person.name, role=person.role)
    return {**rooms().screens.view(LiveId(live), "console")}


def _may_act() -> bool:
    return signed_in().role is Role.OPERATOR


def _json() -> Fields:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # brackets in brackets without end
        body = None
    if not isinstance(body, dict):
        raise InvalidInput("请求的内容不是 JSON 对象。", remedy="请刷新控制台页面后重试。")
    return body
