"""The rules by which cadres are judged, for everybody: those that the county marked as public."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from evalsys.exports.rules import published_table
from evalsys.web.guards import public
from evalsys.web.personnel_words import LOOKS, conditions_in_words, personnel_words
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("published_rules", __name__, url_prefix="/rules")


@blueprint.get("/")
@public
def every() -> str:
    """Show each public rule with what it looks at, what follows, and on which article it rests."""
    return render_template(
        "personnel/published_rules.html",
        found=rooms().rule_sets.published(rooms().personnel.book),
        conditions_in_words=conditions_in_words,
        name=personnel_words(),
        looks=LOOKS,
    )


@blueprint.get("/list.<form>")
@public
def take(form: str) -> Response:
    """Send what everybody sees as a file."""
    kind = list_format(form)
    table = published_table(rooms().rule_sets.published(rooms().personnel.book))
    return send_table(table, kind, "rules")
