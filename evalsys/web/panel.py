"""The page of a panel member's account: how to come to the seat, for votes come from seats."""

from flask import Blueprint, render_template

from evalsys.domain.access import Role
from evalsys.domain.live.words import Phase
from evalsys.web.guards import allow
from evalsys.web.live_words import live_words
from evalsys.web.rooms import rooms

blueprint = Blueprint("panel", __name__, url_prefix="/panel")

_OVER = frozenset({Phase.CLOSED, Phase.SEALED})


@blueprint.get("/")
@allow(Role.PANEL)
def page() -> str:
    """Show the sessions to come, how to take a seat and what the three buttons mean (Y47)."""
    every = rooms().aired.sessions()
    return render_template(
        "panel/page.html",
        coming=[one for one in every if one.phase not in _OVER],
        past=[one for one in every if one.phase in _OVER],
        words=live_words(),
    )
