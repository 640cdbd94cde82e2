"""What households said of the drawn cadres 评语: for discipline inspection only."""

from itertools import groupby

from flask import Blueprint, render_template

from evalsys.domain.access import Role
from evalsys.domain.live.state import FIRST_NAMING
from evalsys.ids import LiveId
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

blueprint = Blueprint("comments", __name__, url_prefix="/comments")


@blueprint.get("/")
@allow(Role.DISCIPLINE)
def sessions() -> str:
    """List the sessions whose comments may be read."""
    return render_template("comments/sessions.html", sessions=rooms().live.sessions())


@blueprint.get("/<live>")
@allow(Role.DISCIPLINE)
def comments(live: str) -> str:
    """Show a session's released comments by round; that they were read is audited."""
    state = rooms().live.state(LiveId(live))
    found = rooms().score.read_comments(LiveId(live), reader=signed_in().name)
    return render_template(
        "comments/comments.html",
        title=state.plan.title if state.plan else "",
        first_naming=FIRST_NAMING,
        rounds=[
            (j, cadre, list(said)) for (j, cadre), said in groupby(found, lambda c: (c.j, c.cadre))
        ],
    )
