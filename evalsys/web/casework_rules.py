"""The editor's page of what the clocks run by: calendar, limits, which unit has which class."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.casework.rule_changes import read_days
from evalsys.errors import InvalidInput
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_query import day, needed
from evalsys.web.rooms import rooms

blueprint = Blueprint("casework_rules", __name__, url_prefix="/casework/rules")

EDITORS = (Role.OFFICE, Role.PERSONNEL)
readers = allow(*EDITORS, Role.OPERATOR, Role.DISCIPLINE, Role.AUDITOR)
editors = allow(*EDITORS)


@blueprint.get("/")
@readers
def page() -> str:
    """Show calendar, values and routes, each with its history."""
    return _page()


@blueprint.post("/calendar")
@editors
def calendar() -> Response | tuple[str, int]:
    """Keep another calendar: one day a line."""
    form = request.form
    try:
        changed = rooms().casework.rules.set_calendar(
            read_days(form.get("holidays", ""), _("节假日")),
            read_days(form.get("make_up", ""), _("调休上班日")),
            by=signed_in().name,
        )
    except InvalidInput as refusal:
        return _page(refusal=refusal), refusal.status
    flash(_("日历已保存，下一次 tick 重算各件的时限。") if changed else _("和现在的日历一样。"))
    return redirect(url_for("casework_rules.page"), 303)


@blueprint.post("/values")
@editors
def value() -> Response | tuple[str, int]:
    """Give a limit another value from a day on."""
    form = request.form
    try:
        rooms().casework.rules.set_value(
            form.get("name", ""),
            _whole(form.get("value", "")),
            _since(),
            form.get("document", ""),
            by=signed_in().name,
        )
    except InvalidInput as refusal:
        return _page(refusal=refusal), refusal.status
    flash(_("已保存；只管从那天起收到的诉求。"))
    return redirect(url_for("casework_rules.page"), 303)


@blueprint.post("/routes")
@editors
def route() -> Response | tuple[str, int]:
    """Send a class to another unit from a day on."""
    form = request.form
    try:
        rooms().casework.rules.set_route(
            form.get("class_code", "").strip(),
            form.get("unit", "").strip(),
            _since(),
            by=signed_in().name,
        )
    except InvalidInput as refusal:
        return _page(refusal=refusal), refusal.status
    flash(_("已保存；已经交办的不变。"))
    return redirect(url_for("casework_rules.page"), 303)


def _page(refusal: InvalidInput | None = None) -> str:
    return render_template(
        "casework/rules.html",
        rules=rooms().casework.rules.page(),
        may_act=signed_in().role in EDITORS,
        refusal=refusal,
        given=request.form,
    )


def _since() -> date:
    return needed(day(request.form, "since"), _("生效日"))


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InvalidInput(
            _("“%(text)s”不是整数。", text=text[:20]), remedy=_("请填整数。"), place=_("数值")
        )
    return int(text)
