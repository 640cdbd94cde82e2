"""Words for what the audit log says in codes: roles, kinds, outcomes, by the name of the value."""

from collections.abc import Mapping

from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.campaign.policy import Contact
from evalsys.domain.grid_head import HeadDeed
from evalsys.domain.household_page import Via
from evalsys.domain.issues import Source
from evalsys.domain.link_term import Scope
from evalsys.domain.live.proposal import Answer
from evalsys.domain.promises import ReportKind
from evalsys.web.campaign_words import campaign_words
from evalsys.web.household_words import outcome_words, wish_words
from evalsys.web.papers import notice_words
from evalsys.web.polls import stage_words
from evalsys.web.words import role_name


def code_words() -> Mapping[str, Mapping[str, str]]:
    """Name every code that the log may hold, in the visitor's language."""
    contacts = campaign_words()
    return {
        "role": {role.value: role_name(role) for role in Role},
        "contact": {one.value: contacts[f"contact_{one}"] for one in Contact},
        "kind": {
            **{kind.value: words for kind, words in notice_words().items()},
            **{kind.value: words for kind, words in wish_words().items()},
            ReportKind.PROOF.value: _("佐证"),
            ReportKind.KEPT.value: _("已兑现"),
            ReportKind.BROKEN.value: _("未兑现"),
        },
        "outcome": {one.value: words for one, words in outcome_words().items()},
        "stage": {one.value: words for one, words in stage_words().items()},
        "via": {Via.MESSAGE.value: _("短信"), Via.LETTER.value: _("信件")},
        "source": {Source.READ.value: _("阅读"), Source.HEAP.value: _("待归类")},
        "scope": {
            Scope.CADRE.value: _("干部"),
            Scope.GRID.value: _("网格"),
            Scope.HOUSEHOLD.value: _("户"),
        },
        "answer": {
            Answer.WAITING.value: _("待答复"),
            Answer.TAKEN.value: _("采纳"),
            Answer.DISMISSED.value: _("不采纳"),
        },
        "deed": {HeadDeed.APPOINT.value: _("任"), HeadDeed.END.value: _("免")},
    }
