"""Words for what the audit log says in codes: roles, kinds, outcomes, by the name of the value."""

from collections.abc import Mapping

from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.campaign.policy import Contact
from evalsys.domain.household_page import Via
from evalsys.domain.issues import Source
from evalsys.domain.live.proposal import Answer
from evalsys.web.campaign_words import campaign_words
from evalsys.web.followups import report_words
from evalsys.web.grid_head import deed_words
from evalsys.web.household_words import outcome_words, wish_words
from evalsys.web.link_term import scope_words
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
            **report_words(),
        },
        "outcome": {one.value: words for one, words in outcome_words().items()},
        "stage": {one.value: words for one, words in stage_words().items()},
        "via": {Via.MESSAGE.value: _("短信"), Via.LETTER.value: _("信件")},
        "source": {Source.READ.value: _("阅读"), Source.HEAP.value: _("待归类")},
        "scope": {one.value: words for one, words in scope_words().items()},
        "answer": {
            Answer.WAITING.value: _("待答复"),
            Answer.TAKEN.value: _("采纳"),
            Answer.DISMISSED.value: _("不采纳"),
        },
        "deed": {one.value: words for one, words in deed_words().items()},
    }
