"""Pages of loads and heads as of a day; what is exported equals what is shown."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.roster_load import CadreLoad, LoadStanding
from evalsys.errors import NotFound
from evalsys.exports.roster_load import HEAD_COLUMNS, head_table, load_columns, load_table
from evalsys.exports.table import read_cell
from evalsys.services.roster_load import HeadsOfGrids, Loads
from evalsys.web.personnel_query import day
from evalsys.web.rooms import rooms
from evalsys.web.roster import readers
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("roster_load", __name__, url_prefix="/roster")

SHOWN = 500


@blueprint.get("/load")
@readers
def loads() -> str:
    """List the cadres with their households; `?on=` a day, `?standing=` only some."""
    found = rooms().grid.loads.loads(day(request.args, "on"))
    chosen = _chosen(found)
    return render_template(
        "roster/load.html",
        found=found,
        standing=_standing(),
        words=_words(),
        columns=load_columns(found.limits),
        rows=chosen[:SHOWN],
        count=len(chosen),
        today=rooms().grid.loads.today(),
        asked=_asked(),
        show=read_cell,
    )


@blueprint.get("/load.<form>")
@readers
def take_loads(form: str) -> Response:
    """Send the list of the page as a file."""
    kind, found = list_format(form), rooms().grid.loads.loads(day(request.args, "on"))
    limits, cover = found.limits, found.coverage
    said = [
        _("截至 %(time)s", time=found.day),
        _("标准 %(n)s 户，上下 %(off)s 户", n=limits.target, off=limits.tolerance),
        _(
            "%(all)s 户中 %(linked)s 户有联系干部，%(none)s 户没有，%(two)s 户有两名以上",
            all=cover.households,
            linked=cover.linked,
            none=cover.unlinked,
            two=cover.doubled,
        ),
    ]
    return send_table(load_table(_chosen(found), found.limits, said), kind, f"load-{found.day}")


@blueprint.get("/heads")
@readers
def heads() -> str:
    """List the grids whose heads are not as their level asks."""
    found = rooms().grid.loads.heads(day(request.args, "on"))
    return render_template(
        "roster/heads.html",
        found=found,
        columns=HEAD_COLUMNS,
        rows=found.faulty[:SHOWN],
        today=rooms().grid.loads.today(),
        asked=_asked(),
        show=read_cell,
    )


@blueprint.get("/heads.<form>")
@readers
def take_heads(form: str) -> Response:
    """Send the list of the page as a file."""
    kind, found = list_format(form), rooms().grid.loads.heads(day(request.args, "on"))
    return send_table(head_table(found.faulty, _said(found)), kind, f"heads-{found.day}")


def _said(found: HeadsOfGrids) -> list[str]:
    counts = {"all": len(found.grids), "bad": len(found.faulty)}
    return [
        _("截至 %(time)s", time=found.day),
        _("%(all)s 个网格中 %(bad)s 个有问题", **counts),
    ]


def _chosen(found: Loads) -> Sequence[CadreLoad]:
    wanted = _standing()
    if wanted is None:
        return found.cadres
    return [one for one in found.cadres if found.limits.standing(one.households) is wanted]


def _standing() -> LoadStanding | None:
    asked = request.args.get("standing", "")
    if asked and asked not in set(LoadStanding):
        raise NotFound(_("没有这一项。"), remedy=_("请用页面上的按钮选。"))
    return LoadStanding(asked) if asked else None


def _asked() -> dict[str, str]:
    return {key: request.args[key] for key in ("on", "standing") if request.args.get(key)}


def _words() -> Mapping[LoadStanding, str]:
    return {
        LoadStanding.NONE: _("没有联系户"),
        LoadStanding.BELOW: _("偏少"),
        LoadStanding.WITHIN: _("适中"),
        LoadStanding.ABOVE: _("偏多"),
        LoadStanding.UNLIMITED: _("不比较"),
    }
