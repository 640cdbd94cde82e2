"""The grid's page: its levels and roles, and changes previewed, proposed, approved and done."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.grid_change import ChangeKind, GridChange, Part
from evalsys.domain.ruling import Ruling
from evalsys.errors import InvalidInput, NotFound, RuleViolation
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_query import day, needed
from evalsys.web.rooms import rooms

blueprint = Blueprint("grid", __name__, url_prefix="/grid")

EDITORS = (Role.PERSONNEL, Role.OFFICE)
readers = allow(*EDITORS, Role.OPERATOR, Role.DISCIPLINE, Role.AUDITOR)
editors = allow(*EDITORS)
_RULINGS = (Ruling.ACCEPTED, Ruling.DECLINED, Ruling.WITHDRAWN)
_FIELDS_OF_PART = 4


@blueprint.get("/")
@readers
def page() -> str:
    """Show levels, classes, roles, and the changes of the grid."""
    return _page()


@blueprint.post("/changes")
@editors
def change() -> Response | tuple[str, int] | str:
    """Say what a change would do, or propose it."""
    changes = rooms().grid.changes
    try:
        asked = _change(request.form)
        if request.form.get("deed") != "propose":
            return _page(preview=changes.preview(asked))
        changes.propose(asked, by=signed_in().name)
    except (InvalidInput, RuleViolation) as refusal:
        return _page(refusal=refusal), refusal.status
    flash(_("已提出，等另一位同志批准。"))
    return redirect(url_for("grid.page"), 303)


@blueprint.post("/changes/<int:number>/ruling")
@editors
def rule(number: int) -> Response:
    """Approve, decline or withdraw a change."""
    asked = request.form.get("ruling", "")
    if asked not in _RULINGS:
        raise InvalidInput(_("没有说明是批准、退回还是撤回。"), remedy=_("请用页面上的按钮。"))
    why, by = request.form.get("why", ""), signed_in().name
    ruled = rooms().grid.changes.rule(number, Ruling(asked), why, by=by)
    flash(_state_words()[ruled.state])
    return redirect(url_for("grid.page"), 303)


def _page(**parts: object) -> str:
    layout = rooms().grid.presets.layout()
    nothing: dict[str, object] = {"preview": None, "refusal": None}
    return render_template(
        "grid/grid.html",
        layout=layout,
        levels=layout.levels or layout.preset.levels,
        changes=rooms().grid.changes.every(),
        kinds=kind_words(),
        states=_state_words(),
        who=signed_in().name,
        may_act=signed_in().role in EDITORS,
        today=rooms().grid.changes.today(),
        given=request.form,
        told=_detail,
        **(nothing | parts),
    )


def _change(form: Mapping[str, str]) -> GridChange:
    kind = form.get("kind", "")
    if kind not in set(ChangeKind):
        raise NotFound(_("没有这种调整。"), remedy=_("请从列出的几种里选。"))
    is_split = kind == ChangeKind.SPLIT
    return GridChange(
        ChangeKind(kind),
        form.get("grid", "").strip(),
        needed(day(form, "on"), "on"),
        form.get("reason", ""),
        form.get("name", "") if kind == ChangeKind.RENAME else "",
        form.get("bounds", "") if kind == ChangeKind.BOUNDS else "",
        form.get("grid_class", "") if kind == ChangeKind.BOUNDS else "",
        form.get("target", "").strip() if kind in {ChangeKind.MOVE, ChangeKind.MERGE} else "",
        tuple(_parts(form.get("parts", ""))) if is_split else (),
    )


def _parts(text: str) -> list[Part]:
    """Read one new grid a line: code, name, head, members, with commas between them."""
    found = []
    for n, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        fields = [each.strip() for each in line.replace("，", ",").split(",")]
        if len(fields) != _FIELDS_OF_PART:
            raise InvalidInput(
                _("这一行有 %(n)s 项，应有四项。", n=len(fields)),
                remedy=_("请写：编码，名称，负责人编号，划入的编码（用空格隔开）。"),
                place=_("新网格第%(n)s行", n=n),
            )
        code, name, head, members = fields
        found.append(Part(code, name, head, tuple(members.split())))
    return found


def _detail(change: GridChange) -> str:
    """Say in one line what a change is."""
    said = [
        *([_("改名为%(name)s", name=change.name)] if change.name else []),
        *([_("%(kind)s 类", kind=change.grid_class)] if change.grid_class else []),
        *([_("四至：%(bounds)s", bounds=change.bounds)] if change.bounds else []),
        *([_("去向：%(grid)s", grid=change.target)] if change.target else []),
        *(_("新设 %(name)s（%(code)s）", name=one.name, code=one.code) for one in change.parts),
    ]
    return " · ".join(said)


def kind_words() -> Mapping[ChangeKind, str]:
    """Name the kinds of changes."""
    return {
        ChangeKind.RENAME: _("更名"),
        ChangeKind.BOUNDS: _("四至或类别"),
        ChangeKind.MOVE: _("改隶上级"),
        ChangeKind.MERGE: _("并入"),
        ChangeKind.SPLIT: _("拆分"),
    }


def _state_words() -> Mapping[Ruling, str]:
    return {
        Ruling.PROPOSED: _("待批准"),
        Ruling.ACCEPTED: _("已批准，到日生效"),
        Ruling.DONE: _("已生效"),
        Ruling.DECLINED: _("已退回"),
        Ruling.WITHDRAWN: _("已撤回"),
    }
