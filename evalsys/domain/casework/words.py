"""Closed sets of the request loop: what is asked, how it came, who holds it, how it ended."""

from dataclasses import dataclass
from enum import StrEnum


class RequestKind(StrEnum):
    """What a household brings; problems and suggestions are counted apart (L15)."""

    PROBLEM = "problem"
    """问题."""
    SUGGESTION = "suggestion"
    """意见建议."""
    DISPUTE = "dispute"
    """矛盾纠纷."""
    GOOD_DEED = "good_deed"
    """好人好事、实事."""


class Channel(StrEnum):
    """How it reached the county (L19-L21)."""

    WEB = "web"
    SMS = "sms"
    PHONE = "phone"
    VISIT = "visit"
    """走访."""
    HANDHELD = "handheld"
    """手持终端，社管通."""
    BOX = "box"
    """受理箱."""
    OPEN311 = "open311"
    PETITION = "petition"
    """来信来访."""
    ROSTER = "roster"
    """随花名册导入的台账."""


class PartyKind(StrEnum):
    """What kind of party holds a request or answers for it."""

    CADRE = "cadre"
    GRID = "grid"
    """The heads of a grid 网格长; the county's grid stands for the county office (Y18)."""
    UNIT = "unit"


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """Somebody who may hold a request: a cadre's number, a grid's or a unit's code."""

    kind: PartyKind
    code: str


class Step(StrEnum):
    """Where the loop stands; what each is called is data, see `stages`."""

    COLLECTED = "collected"
    """收到, not yet checked: verified by the end of the next day (L23)."""
    ASSIGNED = "assigned"
    """核实属实, 交办, being worked on."""
    HANDING_OVER = "handing_over"
    """Offered to somebody else, who has not accepted: the former owner answers for it (Y41)."""
    DISPUTED = "disputed"
    """"Not ours" 不属本部门: somebody above has to decide, once."""
    PAUSED = "paused"
    REPLIED = "replied"
    """A reply is on record, the close is still to come."""
    APPROVAL = "approval"
    """Waits for the second person (Y72)."""
    CLOSED = "closed"
    """办结; the household has not been asked yet."""
    CONFIRMED = "confirmed"
    """The household answered the callback, whichever way."""


class CloseReason(StrEnum):
    """Why a request is closed."""

    SOLVED = "solved"
    """已解决."""
    EXPLAINED = "explained"
    """解释说明：对意见、咨询已作答复."""
    UNFOUNDED = "unfounded"
    """经核实不属实."""
    DUPLICATE = "duplicate"
    """与另一件重复，并案办理."""
    WITHDRAWN = "withdrawn"
    """群众撤回."""
    LEGACY = "legacy"
    """历史遗留 (Y72)."""
    POLICY = "policy"
    """政策限制 (Y72)."""


class Confirmation(StrEnum):
    """What the household says of a close when it is asked."""

    YES = "yes"
    NO = "no"
    UNANSWERED = "unanswered"
    """It could not be reached or did not say: unverified, never satisfied."""


class Lamp(StrEnum):
    """The lamp of a clock 亮灯警示 (L26)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"
    OFF = "off"
    """Closed."""


class Duty(StrEnum):
    """What is due next, in the order in which equal times are told."""

    VERIFY = "verify"
    """次日核实."""
    ACCEPT = "accept"
    """A hand-over waits to be accepted or refused with a name."""
    SETTLE = "settle"
    """A dispute waits for the level above."""
    ATTEND = "attend"
    """A summoned department has to come (J12)."""
    APPROVE = "approve"
    """A close waits for its second person."""
    REOPEN = "reopen"
    """The household says that it is not done: open it again, or say why not (Y54)."""
    RESUME = "resume"
    """A pause ends."""
    REPORT = "report"
    """The level has held it as long as it may: escalate or say why not."""
    INTERIM = "interim"
    """暂未办结的及时回复 (L16)."""
    ANSWER = "answer"
    """限时办结."""
