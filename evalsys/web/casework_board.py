"""The boards of the request loop: a grid's lines as a picture and as a list, with its export."""

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.casework.board import Cadence, Division, Line, Share, Sort
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.board import COLUMNS, tenths_of
from evalsys.exports.table import read_cell
from evalsys.services.casework_board import Board
from evalsys.services.casework_board_export import table_of
from evalsys.web.casework_words import kind_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("casework_board", __name__, url_prefix="/casework/board")

readers = allow(
    Role.OFFICE, Role.OPERATOR, Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR, Role.CADRE
)
"""A cadre sees the boards of the grids that he heads, and of those below them."""

_ASKED = ("by", "period", "on", "kind")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@blueprint.get("/")
@blueprint.get("/<grid>")
@readers
def board(grid: str = "") -> str:
    """Show the board of a grid; `?by=`, `?period=` and `?on=` say of what."""
    if not grid and not rooms().casework_boards.has_grids():
        return render_template("casework/board_empty.html", heads_none=False)
    if not grid and _within() == frozenset():
        # The navigation leads everybody here, and most cadres head nothing.
        return render_template("casework/board_empty.html", heads_none=True)
    found = _board(grid)
    return render_template(
        "casework/board.html",
        board=found,
        period=_period(found),
        asked=_asked(),
        columns=COLUMNS,
        lines=[Line("", _("合计"), found.total), *found.lines],
        show=read_cell,
        share=lambda share: read_cell(tenths_of(found.total.share(Share(share)))),
        divisions={
            Division.GRID: _("下级网格"),
            Division.UNIT: _("单位"),
            Division.CADRE: _("联系干部"),
        },
        kinds={None: _("全部类型"), **kind_words(), Sort.PETITION: _("来信来访")},
        cadences={
            Cadence.ALL: _("全部"),
            Cadence.YEAR: _("本年"),
            Cadence.QUARTER: _("本季"),
            Cadence.MONTH: _("本月"),
            Cadence.DAY: _("本日"),
        },
    )


@blueprint.get("/<grid>/lines.json")
@readers
def lines(grid: str) -> Mapping[str, object]:
    """Give the lines to the picture: solved, open in time, overdue, and the rest of the closed."""
    found, query = _board(grid), urlencode(_asked())
    return {
        "lines": [
            {
                "name": each.name,
                "open": f"{url_for('casework_board.board', grid=each.code)}?{query}"
                if each.is_open
                else "",
                "counts": [
                    each.counts.solved,
                    each.counts.closed - each.counts.solved,
                    each.counts.open - each.counts.overdue,
                    each.counts.overdue,
                ],
            }
            for each in found.lines
        ]
    }


@blueprint.get("/<grid>/board.<form>")
@readers
def take(grid: str, form: str) -> Response:
    """Send the board as a file."""
    kind, found = list_format(form), _board(grid)
    return send_table(table_of(found, rooms().zone), kind, f"board-{grid}")


def _board(grid: str) -> Board:
    asked = _asked()
    try:
        division = Division(asked.get("by", Division.GRID))
        cadence = Cadence(asked.get("period", Cadence.ALL))
        sort = Sort(asked["kind"]) if "kind" in asked else None
    except ValueError as error:
        raise NotFound(_("没有这种看板。"), remedy=_("请用页面上的按钮选。")) from error
    on = _day(asked.get("on", ""))
    return rooms().casework_boards.board(grid, division, cadence, on, sort=sort, within=_within())


def _within() -> frozenset[str] | None:
    """Name the grids whose boards whoever looks may see; None for all."""
    person = signed_in()
    if person.role is not Role.CADRE:
        return None
    return rooms().casework_boards.own_grids(person.name)


def _period(found: Board) -> str:
    first, last = found.period.first, found.period.last
    if first is None or last is None:
        return _("全部诉求")
    if first == last:
        return _("%(day)s 提出的诉求", day=first)
    return _("%(first)s 至 %(last)s 提出的诉求", first=first, last=last)


def _asked() -> dict[str, str]:
    return {key: request.args[key] for key in _ASKED if request.args.get(key)}


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidInput(
        _("日期不对：%(text)s。", text=text), remedy=_("请写成 2026-11-30 的样子。"), place="on"
    )
