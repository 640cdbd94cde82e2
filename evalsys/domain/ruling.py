"""What one person proposes another one rules on: approved, sent back, or withdrawn.

The rooms of the grid that change who answers for whom share it: its own changes, its heads, and
terms of links.
"""

from enum import StrEnum

from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, NotAllowed, StaleState


class Ruling(StrEnum):
    """How far a proposal has come."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    """Approved; where it has a day, it waits for it."""
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({Ruling.PROPOSED, Ruling.ACCEPTED})
"""It may yet take effect."""


def check_ruling(state: Ruling, proposed_by: str, ruling: Ruling, by: str, why: str) -> None:
    """Say whether somebody may approve, send back or withdraw a proposal.

    What was approved and waits for its day can still be withdrawn by whoever proposed it.

    Raises:
        StaleState: it is settled.
        NotAllowed: who proposed it approves it, or somebody else withdraws it.
        InvalidInput: sent back without a reason.
    """
    is_first = state is Ruling.PROPOSED
    if state not in OPEN or (ruling is not Ruling.WITHDRAWN and not is_first):
        raise StaleState("这一件已有结论。", remedy="请刷新页面看结果。")
    if ruling is Ruling.WITHDRAWN:
        if by != proposed_by:
            raise NotAllowed("只有提出的人可以撤回。", remedy="您可以批准，或写明理由退回。")
        return
    if by == proposed_by:
        raise NotAllowed("提出的人不能自己批准。", remedy="请另一位同志批准。")
    if ruling is Ruling.DECLINED and not one_line(why, "理由", longest=LONGEST_TEXT):
        raise InvalidInput("退回要写明理由。", remedy="请写为什么不批。", place="理由")


def state_of(states: frozenset[Ruling]) -> Ruling:
    """Give the state of a proposal from all that was ruled on it."""
    order = (Ruling.DONE, Ruling.DECLINED, Ruling.WITHDRAWN, Ruling.ACCEPTED)
    return next((each for each in order if each in states), Ruling.PROPOSED)
