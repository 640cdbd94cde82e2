"""The table in which requests are handed in as a ledger 诉求台账, apart from the roster's."""

from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.casework.words import Channel, RequestKind
from evalsys.domain.roster import RequestState
from evalsys.domain.roster_sheets import Column, Kind, Sheet

KIND_WORDS: Final = {
    "问题": RequestKind.PROBLEM.value,
    "诉求": RequestKind.PROBLEM.value,
    "意见建议": RequestKind.SUGGESTION.value,
    "建议": RequestKind.SUGGESTION.value,
    "矛盾纠纷": RequestKind.DISPUTE.value,
    "纠纷": RequestKind.DISPUTE.value,
    "好人好事": RequestKind.GOOD_DEED.value,
    "实事": RequestKind.GOOD_DEED.value,
}
KIND_NAMES: Final = {
    kind: next(word for word, value in KIND_WORDS.items() if value == kind) for kind in RequestKind
}
"""What each kind is called in files."""
CHANNEL_WORDS: Final = {
    "网站": Channel.WEB.value,
    "短信": Channel.SMS.value,
    "电话": Channel.PHONE.value,
    "走访": Channel.VISIT.value,
    "手持终端": Channel.HANDHELD.value,
    "社管通": Channel.HANDHELD.value,
    "受理箱": Channel.BOX.value,
    "来信来访": Channel.PETITION.value,
    "信访": Channel.PETITION.value,
}

REQUESTS: Final = Sheet(
    Kind.REQUESTS,
    "诉求台账",
    (
        Column("code", "诉求编号", cells.code, other_headers=("编号",)),
        Column("household", "户编码", cells.household_code),
        Column("kind", "诉求类型", cells.one_of(KIND_WORDS), needed=False, blank="problem"),
        Column("channel", "渠道", cells.one_of(CHANNEL_WORDS), needed=False, blank="visit"),
        Column("raised_on", "提出日期", cells.day),
        Column("text", "诉求内容", cells.long_text),
        Column("class_code", "分类编码", cells.code, needed=False, blank=""),
        Column("place", "地点", cells.label, needed=False, blank=""),
        Column(
            "state",
            "办理状态",
            cells.one_of({state.value: state.value for state in RequestState}),
            needed=False,
            blank=RequestState.OPEN.value,
        ),
        Column("solved_on", "办结日期", cells.day, needed=False),
        Column("answer", "办理结果", cells.long_text, needed=False, blank=""),
    ),
    key=("code",),
    spans=(("raised_on", "solved_on"),),
)
"""One row a request. What is new is taken in; the same rows again change nothing."""
