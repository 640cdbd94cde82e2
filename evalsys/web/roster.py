"""The roster's pages: how well the county is covered, and the households that are not."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.roster_coverage import Gap
from evalsys.errors import NotFound
from evalsys.services.roster import CONCERNED_A_PAGE
from evalsys.web.guards import allow
from evalsys.web.rooms import rooms

blueprint = Blueprint("roster", __name__, url_prefix="/roster")

readers = allow(Role.OPERATOR, Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)


@blueprint.get("/")
@readers
def coverage() -> str:
    """Show the coverage of the county and the last imports."""
    return render_template(
        "roster/coverage.html",
        coverage=rooms().roster.coverage(),
        imports=rooms().roster.imports(),
        gaps=_gap_words(),
    )


@blueprint.get("/gaps/<gap>")
@readers
def gap(gap: str) -> str:
    """List whom one gap concerns by code and place; `?after=CODE` goes on."""
    if gap not in set(Gap):
        raise NotFound(_("没有这一项。"), remedy=_("请从覆盖情况页进入。"))
    found = rooms().roster.concerned(Gap(gap), after=request.args.get("after", ""))
    return render_template(
        "roster/gap.html",
        gap=Gap(gap),
        title=_gap_words()[Gap(gap)],
        concerned=found,
        after=found[-1].code if len(found) == CONCERNED_A_PAGE else None,
    )


def _gap_words() -> Mapping[Gap, str]:
    return {
        Gap.NO_CADRE: _("没有联系干部的户"),
        Gap.TWO_CADRES: _("有两名以上联系干部的户"),
        Gap.NO_HOUSEHOLD: _("没有联系户的干部"),
        Gap.PHONE_MISSING: _("没有电话的户"),
        Gap.PHONE_INVALID: _("电话不合格的户"),
        Gap.PHONE_SHARED: _("与别户共用电话的户"),
        Gap.PHONE_OF_CADRE: _("留了干部电话的户"),
        Gap.PHONE_OF_OFFICE: _("留了单位电话的户"),
        Gap.PROTECTED: _("受保护、不参加直播的户"),
    }
