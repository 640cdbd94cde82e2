"""The interface's words for talks and published lists, and how they look."""

from collections.abc import Callable
from enum import StrEnum

from flask_babel import gettext as _

from evalsys.domain.listings import ListingKind, ListingStage
from evalsys.domain.talks import TalkKind, TalkStage

CONSEQUENCE_LOOKS: dict[StrEnum, str] = {
    TalkStage.TO_NOTIFY: "warn",
    TalkStage.TO_HOLD: "info",
    TalkStage.OVERDUE: "bad",
    TalkStage.HELD: "ok",
    TalkStage.WITHDRAWN: "",
    ListingStage.PROPOSED: "warn",
    ListingStage.REJECTED: "",
    ListingStage.WAITING: "info",
    ListingStage.PUBLIC: "ok",
    ListingStage.EXPIRED: "",
    ListingStage.REMOVED: "",
}
"""The badge of each stage."""


def consequence_words() -> Callable[[str], str]:
    """Return a function that names any word of these pages in the visitor's language."""
    words: dict[str, str] = {
        TalkKind.ADMONITION: _("诫勉谈话"),
        TalkKind.PETITION: _("初访约谈"),
        TalkKind.ABOVE: _("约谈上级"),
        TalkStage.TO_NOTIFY: _("待送达"),
        TalkStage.TO_HOLD: _("待谈话"),
        TalkStage.OVERDUE: _("逾期"),
        TalkStage.HELD: _("已谈话"),
        TalkStage.WITHDRAWN: _("已撤销"),
        ListingKind.EXPOSURE: _("曝光"),
        ListingKind.HONOUR: _("表彰"),
        ListingStage.PROPOSED: _("待批准"),
        ListingStage.REJECTED: _("已退回"),
        ListingStage.WAITING: _("待公布"),
        ListingStage.PUBLIC: _("公布中"),
        ListingStage.EXPIRED: _("已到期"),
        ListingStage.REMOVED: _("已撤下"),
    }
    return lambda word: words.get(word, word)
