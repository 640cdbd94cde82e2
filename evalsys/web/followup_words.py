"""The interface's words for investigations and promises after the show, and how they look."""

from collections.abc import Callable
from enum import StrEnum

from flask_babel import gettext as _

from evalsys.domain.investigations import InvestigationStage
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.domain.pledge import PledgeStanding, RecheckSays

FOLLOWUP_LOOKS: dict[StrEnum, str] = {
    InvestigationStage.RUNNING: "info",
    InvestigationStage.OVERDUE: "bad",
    InvestigationStage.TO_SANCTION: "warn",
    InvestigationStage.DONE: "ok",
    PledgeStanding.RUNNING: "info",
    PledgeStanding.DUE_SOON: "warn",
    PledgeStanding.OVERDUE: "bad",
    PledgeStanding.KEPT: "ok",
    PledgeStanding.BROKEN: "bad",
}
"""The badge of each word."""


def followup_words() -> Callable[[str], str]:
    """Return a function that names any word of these pages in the visitor's language."""
    words: dict[str, str] = {
        InvestigationStage.RUNNING: _("调查中"),
        InvestigationStage.OVERDUE: _("逾期"),
        InvestigationStage.TO_SANCTION: _("待处理"),
        InvestigationStage.DONE: _("已办结"),
        InvestigationOutcome.FAKED: _("查实弄虚作假"),
        InvestigationOutcome.CLEARED: _("未查实"),
        InvestigationOutcome.CONFIRMED: _("属实"),
        PledgeStanding.RUNNING: _("进行中"),
        PledgeStanding.DUE_SOON: _("临近到期"),
        PledgeStanding.OVERDUE: _("到期待核"),
        PledgeStanding.KEPT: _("已兑现"),
        PledgeStanding.BROKEN: _("未兑现"),
        RecheckSays.KEPT: _("群众说办到了"),
        RecheckSays.NOT_KEPT: _("群众说没有办到"),
        RecheckSays.TOO_FEW: _("回答过少，不作判断"),
    }
    return lambda word: words.get(word, word)
