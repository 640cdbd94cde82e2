"""What may be done to an open request, and what it makes happen: file and wish in, events out.

Every function returns the events with the text that goes with each, or refuses and changes
nothing. Parties that are named were looked up by the caller: here they exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from evalsys.domain.casework import events as e
from evalsys.domain.casework.acting import Acting
from evalsys.domain.casework.clocks import Clockwork
from evalsys.domain.casework.route import COUNTY_LEVEL
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Duty, Party, PartyKind, Step
from evalsys.domain.written import one_line
from evalsys.errors import InvalidInput, NotAllowed, RuleViolation, WrongPhase

Done: TypeAlias = list[tuple[e.CaseworkEvent, str]]
"""Events, each with its free text; none for an empty one."""


@dataclass(frozen=True, slots=True)
class PauseWish:
    """Why a clock should wait, until which day, and what there is to say about it."""

    why: str
    until: date
    note: str


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class of a taxonomy and the limit class that it brings."""

    class_code: str
    taxonomy: int
    limit_class: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting decided of one request: number `n` of that meeting (Y17)."""

    meeting: str
    n: int
    measure: str
    deadline: date
    responsible: Party


SHORTEST_REASON = 4
"""Characters: "ok" is no reason."""
LONGEST_REASON = 500

_WORKING = frozenset({Step.COLLECTED, Step.ASSIGNED, Step.REPLIED})
UNVERIFIED = _WORKING | {Step.PAUSED, Step.HANDING_OVER, Step.DISPUTED}
"""The steps at which a request may be that nobody has verified."""


def reason_of(text: str, place: str) -> str:
    """Return a reason that says something.

    Raises:
        InvalidInput: it is missing, too short to be one, too long, or holds control characters.
    """
    written = one_line(" ".join(text.split()), place, longest=LONGEST_REASON)
    if len(written) < SHORTEST_REASON:
        raise InvalidInput(
            f"“{place}”不能少于 {SHORTEST_REASON} 个字。", remedy="请写清楚具体情况。", place=place
        )
    return written


def must_be_in(file: RequestFile, steps: frozenset[Step], what: str) -> None:
    """Pass a request at one of `steps`.

    Raises:
        WrongPhase: it is not there.
    """
    if file.step not in steps:
        raise WrongPhase(f"这件诉求现在不能{what}。", remedy=_WHAT_NEXT[file.step])


_WHAT_NEXT = {
    Step.COLLECTED: "请先核实。",
    Step.ASSIGNED: "请先办理并答复群众。",
    Step.HANDING_OVER: "移交还没有接收：请等对方接收，或由对方退回并写明应由谁办。",
    Step.DISPUTED: "正在争议：请等上级网格裁定。",
    Step.PAUSED: "时限已暂停：请先恢复。",
    Step.REPLIED: "已经答复：请办结，或继续办理。",
    Step.APPROVAL: "正等第二人复核。",
    Step.CLOSED: "已经办结：如有变化请重新打开。",
    Step.CONFIRMED: "已经办结并回访：如有变化请重新打开。",
}


def verify(file: RequestFile, by: Acting, *, genuine: bool, finding: str) -> Done:
    """Record whether it is so 次日核实 (L23). What is not so is still answered and closed.

    Whoever has it may do so at any step, once: handing it over or up takes the duty along, since
    nothing is closed that nobody looked at.
    """
    by.must_handle(file)
    if file.verified_at is not None:
        raise WrongPhase("已经核实过。", remedy="请办理并答复群众。")
    must_be_in(file, UNVERIFIED, "核实")
    return [(e.Verified(genuine), reason_of(finding, "核实情况"))]


def hand_over(file: RequestFile, by: Acting, to: Party, reason: str) -> Done:
    """Offer it to somebody else; until they accept, whoever has it answers for it (Y41)."""
    by.must_handle(file)
    must_be_in(file, _WORKING, "移交")
    if file.is_settled:
        raise RuleViolation(
            "承办人已经裁定，不得再移交。", remedy="请办理；确实办不了的，逐级上报并写明原因。"
        )
    if to == file.holder:
        raise InvalidInput("它已经由对方承办。", remedy="请选择另一方。", place="移交给")
    return [(e.HandedOver(to.kind, to.code), reason_of(reason, "移交原因"))]


def accept(file: RequestFile, by: Acting) -> Done:
    """Take what was offered: from now on this party answers for it."""
    must_be_in(file, frozenset({Step.HANDING_OVER}), "接收")
    by.must_be(_offered(file))
    return [(e.HandOverAccepted(), "")]


def refuse(file: RequestFile, by: Acting, whose: Party | None, reason: str) -> Done:
    """Say "not ours", and whose it is; the level above then decides, once."""
    must_be_in(file, frozenset({Step.HANDING_OVER}), "退回")
    offered = _offered(file)
    by.must_be(offered)
    if offered == Party(PartyKind.GRID, file.grid):
        raise RuleViolation(
            "逐级上报的诉求，上级网格不得退回。",
            remedy="请接收；可以移交给责任单位，或再上报一级。",
        )
    if whose is None or whose == offered:
        raise InvalidInput(
            "退回必须写明应由谁办。", remedy="请填写应当承办的单位、网格或干部。", place="应由谁办"
        )
    return [(e.HandOverRefused(whose.kind, whose.code), reason_of(reason, "退回理由"))]


def settle(
    file: RequestFile, by: Acting, holder: Party, reason: str, now: datetime, clocks: Clockwork
) -> Done:
    """Decide a dispute, or a hand-over that nobody accepted in its time, once and for good.

    Raises:
        WrongPhase: there is no dispute, or the other side still has time to accept.
        NotAllowed: they head no grid above.
    """
    must_be_in(file, frozenset({Step.DISPUTED, Step.HANDING_OVER}), "裁定")
    by.must_be_above(file)
    accept_by = next((d.at for d in clocks.duties(file) if d.duty is Duty.ACCEPT), now)
    if now < accept_by:
        last = clocks.days.day_of(accept_by) - timedelta(days=1)
        raise WrongPhase(
            f"对方还在接收的时限内，到 {last} 为止。",
            remedy="过期仍不接收也不退回的，再裁定由谁承办。",
        )
    return [(e.DisputeSettled(holder.kind, holder.code), reason_of(reason, "裁定理由"))]


def escalate(file: RequestFile, by: Acting, reason: str) -> Done:
    """Bring it one level up, with a reason; the county office is the last (Y15, Y18)."""
    by.must_handle(file)
    must_be_in(file, _WORKING, "上报")
    above = by.tree.above(file.grid)
    if above is None or file.level <= COUNTY_LEVEL:
        raise RuleViolation(
            "已经在县总网格，没有上一级了。",
            remedy="请由县联系群众工作办公室确定措施、时限和责任单位。",
        )
    moved = e.Escalated(file.level, above.depth, above.code)
    return [(moved, reason_of(reason, "上报原因"))]


def consult(
    file: RequestFile, by: Acting, lead: str, assisting: Sequence[str], reason: str
) -> Done:
    """Call departments together: one leads, the others assist (L25)."""
    _must_lead(file, by)
    must_be_in(file, _WORKING, "会商")
    others = tuple(dict.fromkeys(unit for unit in assisting if unit and unit != lead))
    if not lead or not others:
        raise InvalidInput(
            "联合会商要有一个牵头单位和至少一个协办单位。", remedy="请补齐单位。", place="会商单位"
        )
    return [(e.ConsultationCalled(lead, others), reason_of(reason, "会商事项"))]


def give_opinion(file: RequestFile, by: Acting, unit: str, opinion: str) -> Done:
    """Record what one unit of a consultation says."""
    by.must_be(Party(PartyKind.UNIT, unit))
    if unit not in {file.lead, *file.assisting}:
        raise InvalidInput("这个单位没有参加会商。", remedy="请核对单位。", place="单位")
    return [(e.OpinionGiven(unit), reason_of(opinion, "会商意见"))]


def summon(
    file: RequestFile, by: Acting, unit: str, reason: str, now: datetime, clocks: Clockwork
) -> Done:
    """Call a department to the spot; it has to come in time 吹哨报到 (J12)."""
    _must_lead(file, by)
    must_be_in(file, _WORKING | {Step.PAUSED}, "召集部门")
    if any(each.unit == unit and each.came_at is None for each in file.summonses):
        raise RuleViolation("这个部门已经召集，还没有到场。", remedy="请等它到场，或提请上级督办。")
    today = clocks.days.day_of(now)
    began = clocks.days.day_of(file.filed.received_at)
    days = clocks.policy.number("attend_workdays", began)
    by_when = clocks.days.end_of(clocks.days.add(today, days))
    return [(e.Summoned(unit, by_when.isoformat()), reason_of(reason, "召集事由"))]


def attend(file: RequestFile, by: Acting, unit: str, report: str) -> Done:
    """Record that a summoned department came; whoever called it may say so too."""
    if not (by.is_party(Party(PartyKind.UNIT, unit)) or by.leads(file.grid)):
        raise NotAllowed("到场由被召集的部门或召集的网格记录。", remedy="请由双方之一操作。")
    if not any(each.unit == unit and each.came_at is None for each in file.summonses):
        raise InvalidInput("没有等这个部门到场的召集。", remedy="请核对单位。", place="单位")
    return [(e.Attended(unit), reason_of(report, "到场情况"))]


def pause(file: RequestFile, by: Acting, wish: PauseWish, now: datetime, clocks: Clockwork) -> Done:
    """Let the clock wait for a named reason, until a day, within what is left of its cap."""
    by.must_handle(file)
    must_be_in(file, frozenset({Step.ASSIGNED, Step.REPLIED}), "暂停")
    if wish.why not in clocks.policy.pauses:
        known = "、".join(each.title for each in clocks.policy.pauses.values())
        raise InvalidInput("没有这种暂停理由。", remedy=f"可用的理由：{known}。", place="暂停理由")
    today = clocks.days.day_of(now)
    if wish.until <= today:
        raise InvalidInput("暂停的截止日要在今天之后。", remedy="请改日期。", place="暂停至")
    if clocks.clock(file).due_at <= now:
        raise RuleViolation("已经超期，不能再暂停。", remedy="请尽快办理，或逐级上报并写明原因。")
    wanted, left = clocks.days.between(today, wish.until), clocks.pause_left(file, wish.why)
    if wanted > left:
        raise RuleViolation(
            f"这一理由还可以暂停 {left} 个工作日，要求了 {wanted} 个。",
            remedy="请缩短暂停；已用过的暂停天数不会重新计算。",
        )
    return [(e.Paused(wish.why, wish.until.isoformat()), reason_of(wish.note, "暂停说明"))]


def resume(file: RequestFile, by: Acting) -> Done:
    """Let the clock run again."""
    by.must_handle(file)
    must_be_in(file, frozenset({Step.PAUSED}), "恢复")
    return [(e.Resumed(), "")]


def extend(file: RequestFile, by: Acting, reason: str, clocks: Clockwork) -> Done:
    """Put the deadline off once, where its class allows it; the level above decides."""
    by.must_be_above(file)
    must_be_in(file, _WORKING | {Step.PAUSED}, "延期")
    limit = clocks.policy.limit(file.limit_class)
    if limit.extension is None:
        raise RuleViolation(f"“{limit.title}”时限不能延期。", remedy="请尽快办理，或逐级上报。")
    if file.extended_days:
        raise RuleViolation("已经延期一次，不能再延。", remedy="请尽快办理并答复。")
    days = limit.extension.on(clocks.days.day_of(file.filed.received_at))
    return [(e.Extended(days), reason_of(reason, "延期理由"))]


def reclassify(
    file: RequestFile, by: Acting, to: ClassChoice, reason: str, clocks: Clockwork
) -> Done:
    """Put it into another class. The clock goes on; more time needs a second person."""
    by.must_handle(file)
    must_be_in(file, _WORKING | {Step.PAUSED}, "改分类")
    # A petition's limit does not depend on what it is about.
    limit = file.limit_class if file.filed.is_petition else to.limit_class
    longer = clocks.is_longer(limit, file)
    event = e.Reclassified(to.class_code, to.taxonomy, limit, longer)
    return [(event, reason_of(reason, "改分类的理由"))]


def approve_reclass(file: RequestFile, by: Acting) -> Done:
    """Let the longer limit of a new class hold; not by whoever asked for it."""
    if not file.longer_limit:
        raise WrongPhase("没有等待批准的改分类。", remedy="请刷新页面。")
    by.must_be_above(file)
    must_be_another(by, file.longer_asked_by)
    return [(e.ReclassApproved(), "")]


def decide_in_meeting(file: RequestFile, by: Acting, decision: Decision, today: date) -> Done:
    """Set measure, deadline and responsible party in a meeting: all three (Y17)."""
    if not by.leads(file.grid):
        by.must_be_above(file)
    must_be_in(file, _WORKING | {Step.PAUSED, Step.HANDING_OVER, Step.DISPUTED}, "在会上研判")
    if decision.deadline < today:
        raise InvalidInput("解决时限已经过去。", remedy="请填今天或以后的日期。", place="解决时限")
    event = e.MeetingDecided(
        decision.meeting,
        decision.n,
        decision.deadline.isoformat(),
        decision.responsible.kind,
        decision.responsible.code,
    )
    return [(event, reason_of(decision.measure, "解决措施"))]


def note_root_cause(file: RequestFile, by: Acting, text: str) -> Done:
    """Say why it came about 求根溯源 (Y14)."""
    by.must_handle(file)
    return [(e.RootCauseNoted(), reason_of(text, "根源"))]


def note_resources(file: RequestFile, by: Acting, text: str) -> Done:
    """Say what it needs of the county's resources (Y40)."""
    by.must_handle(file)
    return [(e.ResourceNoted(), reason_of(text, "所需资源"))]


def name_agent(file: RequestFile, by: Acting, cadre: str) -> Done:
    """Name the cadre who sees to it in the household's name 全程代理 (L18)."""
    by.must_handle(file)
    return [(e.AgentNamed(cadre), "")]


def _offered(file: RequestFile) -> Party:
    if file.offered_to is None:
        raise WrongPhase("没有等待接收的移交。", remedy="请刷新页面。")
    return file.offered_to


def _must_lead(file: RequestFile, by: Acting) -> None:
    if not by.leads(file.grid):
        raise NotAllowed("会商和召集由网格长发起。", remedy="请由这一级或上级网格的网格长操作。")


def must_be_another(by: Acting, name: str) -> None:
    """Pass anybody but `name`.

    Raises:
        NotAllowed: it is the same person.
    """
    if by.name == name or name in by.alike:
        raise NotAllowed("提出的人不能自己批准。", remedy="请由第二个人批准。")
