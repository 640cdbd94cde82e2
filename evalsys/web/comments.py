"""What households said of the drawn cadres 评语: for discipline inspection only."""

from itertools import groupby

from flask import Blueprint, render_template
from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.campaign.plan import OVER
from evalsys.domain.live.state import FIRST_NAMING
from evalsys.errors import NotFound
from evalsys.ids import CampaignId, LiveId
from evalsys.web.campaign_words import campaign_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

blueprint = Blueprint("comments", __name__, url_prefix="/comments")


@blueprint.get("/")
@allow(Role.DISCIPLINE)
def sessions() -> str:
    """List the sessions whose comments may be read."""
    campaigns = [one for one, _ in rooms().campaign.plans.every() if one.state in OVER]
    return render_template(
        "comments/sessions.html",
        sessions=rooms().live.sessions(),
        campaigns=campaigns,
        words=campaign_words(),
    )


@blueprint.get("/campaigns/<campaign>")
@allow(Role.DISCIPLINE)
def of_campaign(campaign: str) -> str:
    """Show a finished campaign's released comments by cadre; that they were read is audited."""
    found = rooms().campaign.plans.one(CampaignId(campaign))
    if found.state not in OVER:
        raise NotFound(_("这次活动还没有结束，评语还没有放出。"), remedy=_("请等活动结束。"))
    score, kept_as = rooms().score, LiveId(campaign)
    said = score.read_comments(kept_as, reader=signed_in().name, of="campaign")
    by_cadre = groupby(sorted(said, key=lambda c: c.cadre), lambda c: c.cadre)
    return render_template(
        "comments/campaign.html",
        campaign=found,
        cadres=[(cadre, list(comments)) for cadre, comments in by_cadre],
        sealed=score.waiting_comments(kept_as),
        words=campaign_words(),
    )


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
