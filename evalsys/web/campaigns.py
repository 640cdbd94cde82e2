"""The pages of campaigns: plan, run, watch, take lists out; and the interview scripts as text."""

import io
import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.campaign.calendar import WINDOWS, read_window
from evalsys.domain.campaign.cases import SHOWN_RATES
from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.plan import Kind, Rules
from evalsys.domain.campaign.policy import Contact, Policy
from evalsys.domain.campaign.wanted import Electorate, Wanted
from evalsys.domain.interview_prompts import dialect_names
from evalsys.domain.outcome_codes import OUTCOMES
from evalsys.domain.response_rates import Group
from evalsys.errors import InvalidInput, NotFound
from evalsys.ids import CampaignId, HouseholdCode
from evalsys.services.campaign_export import CampaignList, export_list
from evalsys.services.campaign_outcomes import ADOPTED
from evalsys.web.campaign_words import campaign_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

_PACE = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?", re.ASCII)
"""Not everything that `Fraction` reads: 1e999999999 would keep it busy for ever."""

blueprint = Blueprint("campaigns", __name__, url_prefix="/campaigns")

watchers = allow(Role.OPERATOR, Role.PERSONNEL, Role.AUDITOR)
operators = allow(Role.OPERATOR)

_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SECRET_LISTS = frozenset({CampaignList.VISITS, CampaignList.LETTERS})
_GROUPS = ("township", "unit", "about")


@blueprint.get("/")
@watchers
def every() -> str:
    """List the campaigns; offer a new one, the lines and the holidays."""
    plans = rooms().campaign.plans
    return render_template(
        "campaigns/every.html",
        campaigns=plans.every(),
        lines=plans.lines(),
        holidays=plans.holidays(),
        # A project poll is asked about from its own page.
        kinds=[kind for kind in Kind if kind is not Kind.POLL],
        windows="\n".join(f"{each.opens:%H:%M}-{each.closes:%H:%M}" for each in WINDOWS),
        words=campaign_words(),
        may_act=_may_act(),
    )


@blueprint.post("/plan")
@operators
def plan() -> Response:
    """Plan a campaign; nobody is called yet."""
    campaign, _reckoned = rooms().campaign.plans.plan(_wanted(), actor=signed_in().name)
    flash(_("活动已计划，尚未拨打。请核对户数和预计用时，再开始。"))
    return redirect(url_for("campaigns.one", campaign=campaign.id), 303)


@blueprint.get("/<campaign>")
@watchers
def one(campaign: str) -> str:
    """Show a campaign, counted at this moment."""
    room = rooms().campaign
    unspoken = room.plans.unspoken(CampaignId(campaign))
    called = dialect_names(room.calls.scripts.every()) if unspoken else {}
    return _board("campaigns/one.html", campaign, unspoken=unspoken, called=called)


@blueprint.get("/<campaign>/figures")
@watchers
def figures(campaign: str) -> str:
    """Return the part of the page that changes by itself."""
    return _board("campaigns/figures.html", campaign)


@blueprint.get("/<campaign>/rates")
@watchers
def rates(campaign: str) -> str:
    """Show the rates of each township, unit or cadre, with counts and denominators."""
    by = request.args.get("by", _GROUPS[0])
    if by not in _GROUPS:
        raise NotFound(_("没有这种分组。"), remedy=_("请用页面上的链接。"))
    plans = rooms().campaign.plans
    return render_template(
        "campaigns/rates.html",
        status=plans.status(CampaignId(campaign)),
        rows=plans.rates(CampaignId(campaign), by),
        by=by,
        groups=list(Group),
        shown=SHOWN_RATES,
        words=campaign_words(),
    )


@blueprint.get("/<campaign>/results")
@watchers
def results(campaign: str) -> str:
    """Show what a finished campaign published of each cadre, unit or township."""
    by = request.args.get("by", _GROUPS[-1])
    if by not in _GROUPS:
        raise NotFound(_("没有这种分组。"), remedy=_("请用页面上的链接。"))
    room = rooms().campaign
    found = room.plans.one(CampaignId(campaign))
    return render_template(
        "campaigns/results.html",
        campaign=found,
        rows=room.outcomes.standings(found.id, by),
        by=by,
        may_adopt=found.kind in ADOPTED and signed_in().role is Role.PERSONNEL,
        words=campaign_words(),
    )


@blueprint.post("/<campaign>/adopt")
@allow(Role.PERSONNEL)
def adopt(campaign: str) -> Response:
    """Enter the published result in the personnel room."""
    changed = rooms().campaign.outcomes.adopt(CampaignId(campaign), actor=signed_in().name)
    flash(_("已登记：%(n)d 名干部的结果有变化。", n=changed))
    return redirect(url_for("campaigns.results", campaign=campaign), 303)


@blueprint.post("/<campaign>/do")
@operators
def do(campaign: str) -> Response:
    """Start, pause or stop."""
    plans, actor = rooms().campaign.plans, signed_in().name
    actions = {"start": plans.start, "pause": plans.pause, "stop": plans.stop}
    action = actions.get(request.form.get("action", ""))
    if action is None:
        raise InvalidInput(_("没有这种操作。"), remedy=_("请用页面上的按钮。"), place="action")
    action(CampaignId(campaign), actor=actor)
    return redirect(url_for("campaigns.one", campaign=campaign), 303)


@blueprint.post("/<campaign>/by-hand")
@operators
def by_hand(campaign: str) -> Response:
    """Note what a person learnt from a household that had refused."""
    try:
        contact = Contact(request.form.get("contact", ""))
    except ValueError as error:
        raise InvalidInput(_("没有这种结果。"), remedy=_("请从列表中选择。")) from error
    rooms().campaign.plans.note_by_hand(
        CampaignId(campaign),
        HouseholdCode(request.form.get("household", "").strip()),
        contact,
        actor=signed_in().name,
    )
    flash(_("回访结果已登记。"))
    return redirect(url_for("campaigns.one", campaign=campaign), 303)


@blueprint.get("/<campaign>/export/<wanted>.<form>")
@watchers
def export(campaign: str, wanted: str, form: str) -> Response:
    """Send a list as a file; lists with names and PINs only to operators."""
    try:
        chosen = CampaignList(wanted)
        media = {"csv": _CSV, "xlsx": _XLSX}[form]
    except (ValueError, KeyError) as error:
        raise NotFound(_("没有这种导出。"), remedy=_("请用页面上的导出按钮。")) from error
    if chosen in _SECRET_LISTS and not _may_act():
        raise NotFound(_("没有这种导出。"), remedy=_("走访名单和信件密码只由操作员导出。"))
    out, room = io.BytesIO(), rooms().campaign
    actor, zone, level = signed_in().name, rooms().zone, rooms().grid.presets.second_level()
    about = CampaignId(campaign)
    export_list(room, about, chosen, out, form=form, actor=actor, zone=zone, level=level)
    out.seek(0)
    return send_file(
        out, mimetype=media, as_attachment=True, download_name=f"{chosen}.{form}", max_age=0
    )


@blueprint.post("/lines")
@operators
def lines() -> Response:
    """Set how many lines there are, how many stay reserved, and the pace."""
    form = request.form
    pace = form.get("calls_a_second", "")
    if not _PACE.fullmatch(pace):
        raise InvalidInput(
            _("每秒拨打数不是数字。"),
            remedy=_("请写成 5 或 0.5 这样的数。"),
            place="calls_a_second",
        )
    calls_a_second = Fraction(pace)
    wanted = Trunk(_count(form, "channels"), _count(form, "reserved"), calls_a_second)
    rooms().campaign.plans.set_lines(wanted, actor=signed_in().name)
    flash(_("线路已设置，从下一批拨打起生效。"))
    return redirect(url_for("campaigns.every"), 303)


@blueprint.post("/holidays")
@operators
def holidays() -> Response:
    """Replace the table of holidays: one a line, a day and a name."""
    days: dict[date, str] = {}
    for number, line in enumerate(request.form.get("days", "").splitlines(), 1):
        day, _space, name = line.strip().partition(" ")
        if not day:
            continue
        try:
            days[date.fromisoformat(day)] = name.strip() or _("节假日")
        except ValueError as error:
            raise InvalidInput(
                _("“%(day)s”不是日期。", day=day[:20]),
                remedy=_("每行一天，如 2027-01-01 元旦。"),
                place=_("第 %(number)d 行", number=number),
            ) from error
    rooms().campaign.plans.set_holidays(days, actor=signed_in().name)
    flash(_("节假日表已保存。"))
    return redirect(url_for("campaigns.every"), 303)


@blueprint.post("/wish")
@operators
def wish() -> Response:
    """Note what a household asked for."""
    form = request.form
    rooms().campaign.plans.note_wish(
        HouseholdCode(form.get("household", "").strip()),
        actor=signed_in().name,
        # A box that is not ticked, or a field left empty, takes nothing back.
        do_not_call=True if form.get("do_not_call") else None,
        window=form.get("window", "").strip() or None,
        dialect=form.get("dialect", "").strip() or None,
    )
    flash(_("已登记，未完成的活动从现在起照此办理。"))
    return redirect(url_for("campaigns.every"), 303)


@blueprint.get("/scripts/")
@watchers
def scripts() -> str:
    """List the interview scripts."""
    return render_template("campaigns/scripts.html", scripts=rooms().campaign.calls.scripts.every())


@blueprint.get("/scripts/<name>")
@watchers
def script(name: str) -> str:
    """Show a script as a page of text that the browser can read aloud."""
    every = rooms().campaign.calls.scripts.every()
    found = {f"{one.name}-{one.version}": one for one in every}.get(name)
    if found is None:
        raise NotFound(_("没有这份访谈脚本。"), remedy=_("请从列表中选择。"))
    dialect = request.args.get("dialect", "")
    if dialect and dialect not in found.dialects:
        raise NotFound(_("这份脚本没有这种方言。"), remedy=_("请从页上选择。"))
    return render_template(
        "campaigns/script.html",
        script=found,
        dialect=dialect,
        called=dialect_names(every),
        words=campaign_words(),
    )


def _board(template: str, campaign: str, **more: object) -> str:
    plans = rooms().campaign.plans
    status = plans.status(CampaignId(campaign))
    reckoned = plans.reckon(status.members, status.campaign.rules)
    return render_template(
        template,
        status=status,
        reckoned=reckoned,
        outcomes=OUTCOMES,
        groups=list(Group),
        shown=SHOWN_RATES,
        words=campaign_words(),
        may_act=_may_act(),
        **more,
    )


def _wanted() -> Wanted:
    form = request.form
    try:
        kind = Kind(form.get("kind", ""))
    except ValueError as error:
        raise InvalidInput(_("没有这种活动。"), remedy=_("请从列表中选择。")) from error
    windows = tuple(read_window(line) for line in form.get("windows", "").splitlines() if line)
    attempts = _count(form, "attempts")
    policy = Policy(most_attempts=attempts, least_days=min(3, attempts))
    return Wanted(
        kind,
        form.get("title", ""),
        Electorate(_listed("cadres"), _listed("units"), _listed("townships")),
        Rules(
            policy,
            windows or WINDOWS,
            _count(form, "quota"),
            unit_quota=_count(form, "unit_quota"),
            township_quota=_count(form, "township_quota"),
        ),
        form.get("department", "").strip(),
        form.get("about", ""),
        form.get("pledge", ""),
        _count(form, "sample"),
    )


def _listed(name: str) -> tuple[str, ...]:
    return tuple(request.form.get(name, "").replace("，", " ").replace(",", " ").split())


def _count(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidInput(
            _("“%(text)s”不是整数。", text=text[:20]), remedy=_("请填数字。"), place=name
        )
    return int(text)


def _may_act() -> bool:
    return signed_in().role is Role.OPERATOR
