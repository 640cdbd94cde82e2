"""The outputs of a session, each a plain address, and the engineers' wall of screens."""

import segno
from flask import Blueprint, Response, current_app, render_template, url_for
from flask_babel import gettext as _

from evalsys.assets import build_mark
from evalsys.domain.access import Role
from evalsys.domain.live.commands_control import DarkenOutputs, LightOutputs
from evalsys.domain.live.screen_kinds import RULES, ScreenKind
from evalsys.domain.live.screens import screen_name
from evalsys.domain.live.words import Output
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId
from evalsys.web.guards import allow, by_screen, public, signed_in, visitor
from evalsys.web.json_body import sent_fields
from evalsys.web.live import output_page, screen_page
from evalsys.web.live_words import live_words
from evalsys.web.output_words import screen_names, screen_uses
from evalsys.web.rooms import rooms

blueprint = Blueprint("outputs", __name__)

_ENGINEERS = (Role.ENGINEER, Role.OPERATOR)


@blueprint.after_request
def never_keep(response: Response) -> Response:
    """Keep no page in any cache: its address may hold a screen's key."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/led/<live>")
@public
def led(live: str) -> str:
    """Show the stage as a strip of LED."""
    return output_page("stage/stage.html", LiveId(live), ScreenKind.LED)


@blueprint.get("/overlay/<live>")
@public
def overlay(live: str) -> str:
    """Show the graphics that are laid over the cameras."""
    return output_page("outputs/overlay.html", LiveId(live), ScreenKind.OVERLAY)


@blueprint.get("/subvenue/<live>")
@public
def subvenue(live: str) -> str:
    """Show a sub-venue what the hall sees."""
    return output_page("stage/stage.html", LiveId(live), ScreenKind.SUBVENUE)


@blueprint.get("/subvenue-desk/<live>")
@by_screen(ScreenKind.SUBVENUE_DESK)
def subvenue_desk(live: str) -> str:
    """Let the clerk of a sub-venue report and ask to speak."""
    return output_page("outputs/subvenue-desk.html", LiveId(live), ScreenKind.SUBVENUE_DESK)


@blueprint.get("/monitor/<live>")
@by_screen(ScreenKind.MONITOR)
def monitor(live: str) -> str:
    """Prompt the host."""
    asked = {"questions": questions_of(LiveId(live))}
    return output_page("outputs/monitor.html", LiveId(live), ScreenKind.MONITOR, asked)


@blueprint.get("/calls/<live>")
@by_screen(ScreenKind.CALLS)
def calls(live: str) -> str:
    """Show every line; whoever is signed in with the right role steers them."""
    person = visitor()
    role = person.role if person else None
    more = {
        "may_act": role is Role.OPERATOR,
        "may_cut": role in {Role.OPERATOR, Role.HOST},
        "stage_url": url_for("console.steer_stage", live=live),
        "questions": questions_of(LiveId(live)),
    }
    return output_page("outputs/calls.html", LiveId(live), ScreenKind.CALLS, more)


@blueprint.get("/press/<live>")
@public
def press(live: str) -> str:
    """Give journalists what they may quote, and how to check it."""
    return output_page("outputs/press.html", LiveId(live), ScreenKind.PRESS)


@blueprint.get("/observer/<live>")
@by_screen(ScreenKind.OBSERVER)
def observer(live: str) -> str:
    """Let an observer read everything and touch nothing."""
    tail = {"tail_url": url_for("watch.part", live=live, name="events.json")}
    return output_page("outputs/observer.html", LiveId(live), ScreenKind.OBSERVER, tail)


@blueprint.get("/wall/")
@allow(*_ENGINEERS)
def walls() -> str:
    """List the sessions, each with its wall."""
    return render_template(
        "outputs/walls.html", sessions=rooms().live.sessions(), words=live_words()
    )


@blueprint.get("/wall/<live>")
@allow(*_ENGINEERS)
def wall(live: str) -> str:
    """Show the engineers every screen, and where each output is."""
    names, uses = screen_names(), screen_uses()
    return screen_page(
        "outputs/wall.html",
        LiveId(live),
        "public",
        {
            "build": build_mark(),
            "link_url": url_for("outputs.link", live=live),
            "dark_url": url_for("outputs.dark", live=live),
            "links_url": url_for("outputs.links", live=live),
            "revoke_url": url_for("outputs.revoke", live=live),
        },
        kinds=[
            {
                "kind": kind,
                "name": names[kind],
                "use": uses[kind],
                "address": _address(LiveId(live), kind),
                "is_open": rule.is_open,
            }
            for kind, rule in RULES.items()
        ],
    )


@blueprint.post("/wall/<live>/link")
@allow(*_ENGINEERS)
def link(live: str) -> dict[str, str]:
    """Make the signed link of one screen, as an address and as a QR code."""
    fields = sent_fields()
    kind = _screen_kind(fields.get("kind"))
    name = screen_name(fields.get("name"))
    key = rooms().links.issue(LiveId(live), kind, name, by=signed_in().name)
    address = _address(LiveId(live), kind, name, key)
    return {"address": address, "qr": segno.make(address, error="m").svg_data_uri(scale=6)}


@blueprint.get("/wall/<live>/links.json")
@allow(*_ENGINEERS)
def links(live: str) -> dict[str, object]:
    """List the links that were given out, the newest first."""
    issued = rooms().links.issued(LiveId(live))
    newest = sorted(issued.items(), key=lambda item: item[1].at, reverse=True)
    return {
        "links": [
            {
                "kind": kind.value,
                "name": name,
                "by": one.by,
                "at": one.at.isoformat(),
                "revoked_by": one.revoked_by,
            }
            for (kind, name), one in newest
        ]
    }


@blueprint.post("/wall/<live>/revoke")
@allow(*_ENGINEERS)
def revoke(live: str) -> dict[str, object]:
    """Take a link back: it opens nothing any more, and the screen that holds it says so."""
    fields = sent_fields()
    kind, name = _screen_kind(fields.get("kind")), screen_name(fields.get("name"))
    rooms().links.revoke(LiveId(live), kind, name, by=signed_in().name)
    return links(live)


@blueprint.post("/wall/<live>/dark")
@allow(*_ENGINEERS)
def dark(live: str) -> dict[str, object]:
    """Black an output out, or one screen that has a `name`.

    Anybody here may, and whoever holds the director's seat lights it.
    """
    person, fields = signed_in(), sent_fields()
    if "name" in fields:
        kind, name = _screen_kind(fields.get("kind")), screen_name(fields.get("name"))
        lights = fields.get("dark") is False
        turn = rooms().control.light_screen if lights else rooms().control.darken_screen
        turn(LiveId(live), kind, name, by=person.name)
        return {**rooms().screens.view(LiveId(live), "public")}
    try:
        outputs = (Output(str(fields.get("output"))),)
    except ValueError:
        raise InvalidInput(_("没有这种画面。"), remedy=_("请刷新页面。"), place="output") from None
    command = (
        LightOutputs(person.name, outputs)
        if fields.get("dark") is False
        else DarkenOutputs(outputs)
    )
    rooms().live.state(LiveId(live))
    rooms().live.tell(LiveId(live), command, actor=person.name)
    return {**rooms().screens.view(LiveId(live), "public")}


def _screen_kind(given: object) -> ScreenKind:
    try:
        return ScreenKind(str(given))
    except ValueError:
        raise InvalidInput(_("没有这种画面。"), remedy=_("请刷新页面。"), place="kind") from None


def _address(
    live: LiveId, kind: ScreenKind, name: str | None = None, key: str | None = None
) -> str:
    endpoint = "live.stage" if kind is ScreenKind.STAGE else f"outputs.{kind.replace('-', '_')}"
    path = url_for(endpoint, live=live, screen=name, key=key)
    public_url: str = current_app.config["PUBLIC_URL"]
    return public_url + path


def questions_of(live: LiveId) -> list[dict[str, str]]:
    """What households are asked, in order; `{cadre}` is filled in by the page."""
    return [
        {"topic": question.topic, "text": question.say}
        for question in rooms().calls.script_for(live, rooms().live.state(live)).questions
    ]
