"""The director's desk 导播台: rundown, STANDBY and GO, the pictures, the seat, the checklist."""

from dataclasses import asdict

from flask import Blueprint, Response, request, url_for

from evalsys.domain.access import Role
from evalsys.domain.live.rundown import USUAL_SECONDS
from evalsys.domain.live.screen_kinds import RULES, ScreenKind
from evalsys.domain.live.views import View
from evalsys.domain.live.words import IRREVERSIBLE, CheckItem, GoStep, Output, Phase, Verdict
from evalsys.errors import NotFound
from evalsys.ids import LiveId
from evalsys.services.readiness import Check
from evalsys.web.console_commands import carry_out, one_of
from evalsys.web.desk_commands import direct, go_step
from evalsys.web.guards import allow, signed_in
from evalsys.web.headers import FRAMED_BY_OURS, FRAMES_OURS
from evalsys.web.json_body import sent_fields
from evalsys.web.live import output_page, screen_page
from evalsys.web.live_words import abort_reasons
from evalsys.web.outputs import questions_of
from evalsys.web.rooms import rooms
from evalsys.web.told import told

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

_BEFORE = frozenset({Phase.PLANNED, Phase.FROZEN})
_PREVIEWED = {
    ScreenKind.STAGE: "stage/stage.html",
    ScreenKind.OVERLAY: "outputs/overlay.html",
    ScreenKind.MONITOR: "outputs/monitor.html",
}
"""What the director sees of GO beforehand, and the page of each."""
_AT_THE_DESK = (Role.OPERATOR, Role.HOST, Role.AUDITOR)


@blueprint.get("/<live>")
@allow(*_AT_THE_DESK)
def desk(live: str) -> Response:
    """Show the desk: the director acts, everybody else sees who does, and may turn a second key."""
    person = signed_in()
    page = screen_page(
        "desk/desk.html",
        LiveId(live),
        "console",
        {
            "me": person.name,
            "may_act": person.role is Role.OPERATOR,
            "may_stop": person.role in {Role.OPERATOR, Role.HOST},
            "act_url": url_for("desk.act", live=live),
            "go_url": url_for("desk.go", live=live),
            "ready_url": url_for("desk.ready", live=live),
            "do_url": url_for("console.do", live=live),
            "console_url": url_for("console.console", live=live),
            "outputs": list(Output),
            "items": list(CheckItem),
            "irreversible": sorted(IRREVERSIBLE),
            "usual_seconds": {phase.value: seconds for phase, seconds in USUAL_SECONDS.items()},
            "abort_reasons": abort_reasons(),
            "foreseen_url": url_for("desk.foreseen", live=live),
            "preview_urls": [url_for("desk.preview", live=live, kind=kind) for kind in _PREVIEWED],
        },
    )
    return Response(page, headers={"Content-Security-Policy": FRAMES_OURS})


@blueprint.get("/<live>/foreseen.json")
@allow(*_AT_THE_DESK)
def foreseen(live: str) -> dict[str, object]:
    """Return the picture that GO would make; refused in words as GO would be."""
    return {**_foreseen(LiveId(live), "public")}


@blueprint.get("/<live>/preview/<kind>")
@allow(*_AT_THE_DESK)
def preview(live: str, kind: str) -> Response:
    """Show an output as GO would make it, in a frame of the desk."""
    template = next((_PREVIEWED[one] for one in _PREVIEWED if one == kind), None)
    if template is None:
        raise NotFound("没有这种画面的预览。", remedy="请刷新导播台页面。")
    shown = _foreseen(LiveId(live), RULES[ScreenKind(kind)].audience)
    more = {"questions": questions_of(LiveId(live))} if kind == ScreenKind.MONITOR else {}
    page = output_page(template, LiveId(live), ScreenKind(kind), {"preview": shown, **more})
    return Response(page, headers={"Content-Security-Policy": FRAMED_BY_OURS})


def _foreseen(live: LiveId, audience: str) -> View:
    step = one_of(GoStep, request.args, "step")
    verdict = one_of(Verdict, request.args, "verdict") if request.args.get("verdict") else None
    return rooms().screens.foreseen(live, step, verdict, audience)


@blueprint.get("/<live>/ready.json")
@allow(*_AT_THE_DESK)
def ready(live: str) -> dict[str, object]:
    """Say of everything that must be in order before the show how it is, and what to do."""
    state = rooms().live.state(LiveId(live))
    waived = state.control.waived
    return {
        "checks": [
            {**_told(one), "waiver": asdict(waived[one.name]) if one.name in waived else None}
            for one in rooms().readiness.of(LiveId(live))
        ],
        "screens": [
            {"kind": one.kind.value, "name": one.name}
            for one in rooms().readiness.screens_of(LiveId(live))
            if RULES[one.kind].output is not None
        ],
        "bars": bool(state.plan and not state.plan.rehearsal) and state.phase in _BEFORE,
    }


def _told(one: Check) -> dict[str, str]:
    """Return a line of the checklist in the visitor's language."""
    return {**one.to_json(), "says": told(one.says), "remedy": told(one.remedy)}


@blueprint.post("/<live>/act")
@allow(*_AT_THE_DESK)
def act(live: str) -> dict[str, object]:
    """Carry out an act of show control and return the picture after it."""
    direct(rooms(), LiveId(live), sent_fields(), signed_in())
    return {**rooms().screens.view(LiveId(live), "console")}


@blueprint.post("/<live>/go")
@allow(Role.OPERATOR)
def go(live: str) -> dict[str, object]:
    """GO: carry out the step that is on standby and return the picture after it."""
    fields, actor = sent_fields(), signed_in().name
    rooms().control.check_go(LiveId(live), go_step(fields), by=actor)
    carry_out(rooms(), LiveId(live), fields, actor=actor)
    return {**rooms().screens.view(LiveId(live), "console")}
