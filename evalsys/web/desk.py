"""The director's desk 导播台: rundown, STANDBY and GO, the pictures, the seat, the checklist."""

from collections.abc import Callable

from flask import Blueprint, current_app, url_for

from evalsys.domain.access import Role
from evalsys.domain.live.rundown import USUAL_SECONDS
from evalsys.domain.live.screens import Screen
from evalsys.domain.live.words import IRREVERSIBLE, CheckItem, Output
from evalsys.ids import LiveId
from evalsys.services.readiness import fonts_check
from evalsys.web.console_commands import carry_out
from evalsys.web.desk_commands import direct, go_step
from evalsys.web.guards import allow, signed_in
from evalsys.web.json_body import sent_fields
from evalsys.web.live import screen_page
from evalsys.web.live_words import abort_reasons
from evalsys.web.rooms import rooms

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

SCREENS = "evalsys_screens"
"""Where the application keeps who knows the screens of a session."""
_AT_THE_DESK = (Role.OPERATOR, Role.HOST, Role.AUDITOR)


@blueprint.get("/<live>")
@allow(*_AT_THE_DESK)
def desk(live: str) -> str:
    """Show the desk: the director acts, everybody else sees who does, and may turn a second key."""
    person = signed_in()
    return screen_page(
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
        },
    )


@blueprint.get("/<live>/ready.json")
@allow(*_AT_THE_DESK)
def ready(live: str) -> dict[str, object]:
    """Say of everything that must be in order before the show how it is, and what to do."""
    checks = rooms().readiness.of(LiveId(live))
    screens_of: Callable[[LiveId], tuple[Screen, ...]] = current_app.extensions[SCREENS]
    fonts = fonts_check(screens_of(LiveId(live)))
    return {"checks": [one.to_json() for one in (*checks, fonts)]}


@blueprint.post("/<live>/act")
@allow(*_AT_THE_DESK)
def act(live: str) -> dict[str, object]:
    """Carry out an act of show control and return the picture after it."""
    direct(rooms().control, LiveId(live), sent_fields(), signed_in())
    return {**rooms().screens.view(LiveId(live), "console")}


@blueprint.post("/<live>/go")
@allow(Role.OPERATOR)
def go(live: str) -> dict[str, object]:
    """GO: carry out the step that is on standby and return the picture after it."""
    fields, actor = sent_fields(), signed_in().name
    rooms().control.check_go(LiveId(live), go_step(fields), by=actor)
    carry_out(rooms(), LiveId(live), fields, actor=actor)
    return {**rooms().screens.view(LiveId(live), "console")}
