"""Replies, and how a request ends: never without a reply (Y19), some only by two people."""

from collections.abc import Iterable

from evalsys.domain.casework import events as e
from evalsys.domain.casework.acting import Acting
from evalsys.domain.casework.decide import Done, must_be_another, must_be_in, reason_of
from evalsys.domain.casework.policy import Policy
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Channel, CloseReason, Confirmation, Step
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase

_OPEN = frozenset({Step.COLLECTED, Step.ASSIGNED, Step.REPLIED, Step.PAUSED})
_READY = frozenset({Step.ASSIGNED, Step.REPLIED})
_ENDED = frozenset({Step.CLOSED, Step.CONFIRMED})


def reply_interim(file: RequestFile, by: Acting, text: str, channel: Channel) -> Done:
    """Tell the household how far it is 暂未办结的及时回复 (L16)."""
    by.must_handle(file)
    must_be_in(file, _OPEN | {Step.HANDING_OVER, Step.DISPUTED, Step.APPROVAL}, "回复")
    return [(e.InterimReplied(channel.value), reason_of(text, "回复内容"))]


def reply(
    file: RequestFile,
    by: Acting,
    text: str,
    channel: Channel,
    *,
    explained: bool,
    concluded: bool,
) -> Done:
    """Record the reply to the household, and whether it explains 说法 and concludes 结论 (G02)."""
    by.must_handle(file)
    must_be_in(file, _OPEN, "答复")
    if not (explained or concluded):
        raise InvalidInput(
            "答复要有说法或有结论。",
            remedy="两样都没有的，请记为“暂未办结的回复”。",
            place="说法和结论",
        )
    event = e.Replied(explained, concluded, channel.value)
    return [(event, reason_of(text, "答复内容"))]


def close(file: RequestFile, by: Acting, reason: CloseReason, note: str, policy: Policy) -> Done:
    """Close it, or propose to where the reason needs a second person (Y72)."""
    by.must_handle(file)
    _must_be_answered(file)
    must_be_in(file, _READY, "办结")
    rule = policy.reasons[reason]
    written = reason_of(note, "办结情况")
    if file.verified_at is None:
        raise WrongPhase("还没有核实，不能办结。", remedy="请先核实。")
    if rule.needs_approval:
        return [(e.CloseProposed(reason), written)]
    return [(e.Closed(reason, file.level), written)]


def approve_close(file: RequestFile, by: Acting, note: str) -> Done:
    """Agree to a close, as the second person."""
    must_be_in(file, frozenset({Step.APPROVAL}), "复核")
    by.must_be_above(file)
    must_be_another(by, file.proposed_by)
    _must_be_answered(file)
    reason = file.proposed
    if reason is None:
        raise WrongPhase("没有等待复核的办结。", remedy="请刷新页面。")
    return [(e.Closed(reason, file.level, file.proposed_by), reason_of(note, "复核意见"))]


def refuse_close(file: RequestFile, by: Acting, note: str) -> Done:
    """Send it back: the reason does not hold."""
    must_be_in(file, frozenset({Step.APPROVAL}), "复核")
    by.must_be_above(file)
    must_be_another(by, file.proposed_by)
    return [(e.CloseRefused(), reason_of(note, "复核意见"))]


def reopen(file: RequestFile, by: Acting | None, why: str) -> Done:
    """Open it again, on the household's word (nobody acting) or a head's; against who closed it."""
    must_be_in(file, _ENDED, "重新打开")
    if by is not None and not (by.may_handle(file) or by.is_above(file)):
        by.must_handle(file)
    against = "" if file.close is None else file.close.by
    return [(e.Reopened(against, by is None), reason_of(why, "重新打开的原因"))]


def decline_reopening(file: RequestFile, by: Acting, why: str) -> Done:
    """Leave it closed although the household said no: somebody above, and another, says why."""
    if not file.waits_for_reopening or file.close is None:
        raise WrongPhase("群众没有说没办好，或已经处理过。", remedy="请刷新页面，看清现状。")
    by.must_be_above(file)
    must_be_another(by, file.close.by)
    return [(e.ReopenDeclined(), reason_of(why, "不重新打开的理由"))]


def confirm(file: RequestFile, answer: Confirmation, source: str) -> Done:
    """Put the household's answer beside the cadre's claim; silence stays unverified."""
    must_be_in(file, _ENDED, "回访")
    if file.confirmation in {Confirmation.YES, Confirmation.NO}:
        raise RuleViolation("群众已经答过。", remedy="一次办结只记一次回答。")
    return [(e.Confirmed(answer, source), "")]


def handlers(history: Iterable[e.Recorded]) -> frozenset[str]:
    """Name who verified, answered and closed a request: not theirs to say what its household says.

    Whoever only approved a close handled nothing.
    """
    return frozenset(
        record.actor
        for record in history
        if isinstance(record.event, e.Verified | e.Replied | e.InterimReplied | e.CloseProposed)
        or (isinstance(record.event, e.Closed) and not record.event.proposed_by)
    )


def is_mismatch(file: RequestFile, answer: Confirmation) -> bool:
    """Say whether the household contradicts the claim that it is solved (Y54)."""
    return (
        answer is Confirmation.NO
        and file.close is not None
        and file.close.reason in {CloseReason.SOLVED, CloseReason.EXPLAINED}
    )


def _must_be_answered(file: RequestFile) -> None:
    if not file.has_reply:
        raise RuleViolation(
            "还没有答复群众，不能办结。", remedy="请先记录给群众的答复：事事有回音、件件有落实。"
        )
