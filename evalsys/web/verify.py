"""The browser's verifier: a page that checks a draw by itself, and the same as one file to keep."""

from hashlib import sha256
from pathlib import Path

from flask import Blueprint, current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from evalsys.ids import LiveId
from evalsys.web.guards import public
from evalsys.web.rooms import rooms
from evalsys.web.single_file import single_file
from evalsys.web.verify_words import verify_words

blueprint = Blueprint("verify", __name__)

_KEPT_AS = "evalsys-verify.html"


@blueprint.get("/verify")
@public
def page() -> str:
    """Show the verifier; with `?live=` it fetches that session's bundle by itself."""
    live = request.args.get("live", "")
    if live:
        rooms().live.state(LiveId(live))  # no such session: say so, instead of an empty page
    return render_template(
        "verify/page.html",
        live=live,
        kept=sha256(_offline_page().encode()).hexdigest(),
        words=verify_words(),
        config_block={
            "live": live,
            "bundle_url": url_for("live.bundle", live=live) if live else "",
        },
    )


@blueprint.get("/verify/offline.html")
@public
def offline() -> Response:
    """Return the verifier as one file, which needs neither us nor a network."""
    # As a download: our own pages may not run scripts that stand inside them.
    return Response(
        _offline_page(),
        mimetype="text/html",
        headers={"Content-Disposition": f'attachment; filename="{_KEPT_AS}"'},
    )


def _offline_page() -> str:
    page = render_template(
        "verify/offline.html", words=verify_words(), config_block={"live": "", "bundle_url": ""}
    )
    return single_file(page, Path(str(current_app.static_folder)))
