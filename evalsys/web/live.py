"""What anybody may see of a session: the stage, the public page, and the files to verify it."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

import segno
from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from evalsys.assets import build_mark
from evalsys.domain.live.screen_kinds import RULES, ScreenKind
from evalsys.domain.live.views import View
from evalsys.domain.live.views_control import is_screen_dark
from evalsys.domain.live.words import Output
from evalsys.errors import NotFound
from evalsys.ids import LiveId, is_id
from evalsys.services.screens import AIRED, OUTSIDE
from evalsys.web.desk_words import desk_words
from evalsys.web.guards import is_in_the_hall, public, refuse_revoked_link, visitor
from evalsys.web.live_words import live_words
from evalsys.web.output_words import output_words
from evalsys.web.rooms import rooms
from evalsys.web.watch import watch_address

blueprint = Blueprint("live", __name__)

_TYPES = {"json": "application/json", "jsonl": "application/x-ndjson", "SHA256SUMS": "text/plain"}


def screen_page(
    template: str,
    live: LiveId,
    audience: str,
    config: Mapping[str, object] | None = None,
    **more: object,
) -> str:
    """Render the page of a live screen; its script subscribes as `audience`.

    `config` is what the script needs beside the usual, `more` what the template needs.
    """
    view = _picture_for(live, audience)
    now = datetime.fromisoformat(str(view["server_time"])).astimezone(rooms().zone)
    return render_template(
        template,
        live=live,
        view=view,
        words={**live_words(), **output_words(), **desk_words()},
        public_address=watch_address(live),
        config_block={
            "live": live,
            "view_url": _view_url(live, audience),
            "audience": audience,
            "characters_url": url_for("live.characters", live=live),
            "font_url": url_for("static", filename="fonts/noto-sans-sc-regular.woff2"),
            "qr_url": url_for("live.qr", live=live),
            "head_url": url_for("live.head_qr", live=live),
            "zone": f"{now:%z}"[:3] + ":" + f"{now:%z}"[3:],
            "zone_name": rooms().zone.key,
            **(config or {}),
        },
        may_act=bool(config and config.get("may_act")),
        **more,
    )


def output_page(
    template: str,
    live: LiveId,
    kind: ScreenKind,
    config: Mapping[str, object] | None = None,
    **more: object,
) -> str:
    """Render the page of an output: a live screen that tells the engineers' wall how it is.

    It tells its name when it holds a signed link, or when staff who are signed in open it.
    """
    refuse_revoked_link(live, kind)
    rule, person = RULES[kind], visitor()
    audience = rule.audience
    if audience == "public" and not is_in_the_hall(live):
        audience = AIRED
    name, key = request.args.get("screen", ""), request.args.get("key", "")
    if not rooms().links.admits(live, kind, name, key):
        key = ""
        name = person.name if person and not rule.is_open else ""
    held = {"screen": name, "key": key} if key else {}
    mine = {
        "kind": kind,
        "name": name,
        "key": key,
        "build": build_mark(),
        "on_air": rule.on_air,
        "output": rule.output,
        "dark": bool(name) and is_screen_dark(rooms().live.state(live), kind, name),
    }
    return screen_page(
        template,
        live,
        audience,
        {
            "view_url": _view_url(live, audience, **held),
            "head_url": url_for("live.head_qr", live=live, **held),  # type: ignore[arg-type]  # text
            "screen": mine,
            **(config or {}),
        },
        kind=kind,
        screen_name=name if key else "",
        **more,
    )


def _picture_for(live: LiveId, audience: str) -> View:
    return (
        rooms().screens.aired(live) if audience == AIRED else rooms().screens.view(live, audience)
    )


def of_the_hall(live: LiveId) -> dict[str, object]:
    """Let a device of the hall, whose holder the caller has made sure of, be ahead of the web."""
    key = rooms().links.hall_key(live)
    return {"hall": key, "view_url": url_for("live.view", live=live, hall=key)}


def _view_url(live: LiveId, audience: str, **held: str) -> str:
    if audience == "console":
        return url_for("console.view", live=live, **held)  # type: ignore[arg-type]  # all are text
    if audience == AIRED:
        return url_for("live.view", live=live, outside=1)
    return url_for("live.view", live=live, **held)  # type: ignore[arg-type]  # all are text


def _bundle(live: LiveId) -> dict[str, bytes]:
    """Give the proof as far as whoever asks may know the session (decision 21)."""
    limit = None if is_in_the_hall(live) else rooms().aired.limit(live)
    if limit is None:
        return rooms().show.bundle(live)
    if not rooms().aired.state(live).manifest_sha256:
        raise NotFound("抽签清单还没有公布。", remedy="名册冻结后即可下载核验包。")
    return rooms().show.bundle(live, limit.provable)


@blueprint.before_app_request
def know_the_session() -> None:
    """Turn away addresses that no session can have, in every room, before they reach a database."""
    live = (request.view_args or {}).get("live")
    if live is not None and not is_id(live):
        raise NotFound("没有这场会议。", remedy="请从首页的会议列表进入。")


@blueprint.get("/stage/<live>")
@public
def stage(live: str) -> str:
    """Show the stage screen of the hall."""
    return output_page("stage/stage.html", LiveId(live), ScreenKind.STAGE)


@blueprint.get("/live/here")
@public
def here() -> tuple[str, int]:
    """Tell a screen that lost its socket that the server of the screens is back."""
    return "", 204


@blueprint.get("/live/<live>")
@public
def page(live: str) -> str:
    """Show the session to everybody at home, with what is needed to verify it."""
    signer = rooms().heads.key_id[:8]
    config = {"output": Output.PUBLIC}
    return screen_page("live/page.html", LiveId(live), AIRED, config, signer=signer)


@blueprint.get("/live/<live>/view.json")
@public
def view(live: str) -> dict[str, object]:
    """Return the public picture, for screens whose socket is away; late to those outside."""
    near = OUTSIDE not in request.args and is_in_the_hall(LiveId(live))
    picture = _picture_for(LiveId(live), "public" if near else AIRED)
    return {**picture, **own_curtain(LiveId(live))}


def own_curtain(live: LiveId) -> dict[str, object]:
    """Tell a screen that asks with its link whether it alone is black; nothing to all others."""
    name, key = request.args.get("screen", ""), request.args.get("key", "")
    kind = rooms().links.opened_by(live, name, key)
    if kind is None:
        return {}
    return {"screen_dark": is_screen_dark(rooms().live.state(live), kind, name)}


@blueprint.get("/live/<live>/characters.json")
@public
def characters(live: str) -> dict[str, str]:
    """Return what names are written in, sorted, for a screen to prove that it can draw them."""
    return {"characters": rooms().screens.characters(LiveId(live))}


@blueprint.get("/live/<live>/qr.svg")
@public
def qr(live: str) -> Response:
    """Return the address of the watch page as a QR code: a whole nation may follow it."""
    rooms().live.state(LiveId(live))
    return _picture(watch_address(LiveId(live)))


@blueprint.get("/live/<live>/head.svg")
@public
def head_qr(live: str) -> Response:
    """Return the watch page and the hash of the last settled line as a QR code to keep."""
    may_know = is_in_the_hall(LiveId(live)) or not rooms().screens.is_late(LiveId(live))
    is_published = bool(rooms().live.state(LiveId(live)).manifest)
    head = rooms().heads.chain_head(LiveId(live)) if is_published and may_know else None
    if head is None:
        raise NotFound("实录还没有可以公布的末行。", remedy="清单公布、延时过后才有末行散列。")
    return _picture(f"{watch_address(LiveId(live))}#{head[0]}-{head[1]}")


def _picture(text: str) -> Response:
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=8, border=0)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.get("/live/<live>/bundle/<name>")
@public
def bundle_file(live: str, name: str) -> Response:
    """Return one file of the verification bundle."""
    files = _bundle(LiveId(live))
    if name not in files:
        raise NotFound("核验包中没有这个文件。", remedy=f"核验包由 {'、'.join(files)} 组成。")
    return Response(files[name], mimetype=_TYPES[name.rpartition(".")[2]])


@blueprint.get("/live/<live>/bundle.zip")
@public
def bundle(live: str) -> Response:
    """Return the verification bundle as one download."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _bundle(LiveId(live)).items():
            archive.writestr(f"bundle-{live}/{name}", data)
    packed.seek(0)
    return send_file(
        packed, "application/zip", as_attachment=True, download_name=f"bundle-{live}.zip"
    )
