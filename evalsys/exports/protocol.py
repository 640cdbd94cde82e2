"""The protocol 会议纪要 of a session as a paper: what the page says, in the same order.

What is hidden on screens is not in it: a mean that is masked is left out, never guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from evalsys.domain.assessment import show_tenths
from evalsys.domain.live.events import Recorded
from evalsys.domain.live.names import ASSEMBLY_PHASE_NAMES, EVENT_NAMES, PHASE_NAMES
from evalsys.domain.live.state import LiveState, Pledge, Round, hears_programmes, is_assembly
from evalsys.domain.live.words import AgendaOrder, Presence
from evalsys.domain.local_date import local_date
from evalsys.domain.panel import Choice
from evalsys.domain.roster import CadreCard
from evalsys.domain.scoring import Band
from evalsys.domain.standby import TEAM_NAMES
from evalsys.exports import pdf
from evalsys.exports.sessions import SESSION_VERDICTS
from evalsys.ids import CadreNumber

Block = Mapping[str, pdf.Value]

NOT_OF_PEOPLE = ("system:", "carrier")
"""How the actors of steps begin that no person took: they are in the record, not on paper."""

_PRESENCES = {
    Presence.IN_PERSON: "到场作答",
    Presence.BY_PHONE: "电话作答",
    Presence.ABSENT: "未到场",
}
_CHOICES = {
    Choice.SATISFIED: "满意",
    Choice.BASICALLY_SATISFIED: "基本满意",
    Choice.NOT_SATISFIED: "不满意",
}
_BANDS = {
    Band.TOO_FEW: "答复不足，不公布",
    Band.UNANIMOUS_HIGH: "全部评为 4 分以上",
    Band.UNANIMOUS_LOW: "全部评为 3 分以下",
}


def protocol_pdf(
    live: str,
    state: LiveState,
    cards: Mapping[CadreNumber, CadreCard],
    records: Sequence[Recorded],
    zone: tzinfo,
) -> bytes:
    """Set the protocol of a session as PDF; days and times are the county's."""
    title = state.plan.title if state.plan else ""
    marked = f"{title}（彩排）" if state.plan and state.plan.rehearsal else title
    dated = local_date(records[-1].at, zone)
    values: dict[str, pdf.Value] = {
        "title": f"{marked} 会议纪要",
        "footer": f"会议编号 {live}",
        "parts": [*_blocks(state, cards, records, zone)],
    }
    return pdf.render("paper", values, dated=dated)


def steps_of_people(records: Sequence[Recorded]) -> list[Recorded]:
    """Leave out of the record what programs and the carrier noted."""
    return [one for one in records if not one.actor.startswith(NOT_OF_PEOPLE)]


def _blocks(
    state: LiveState,
    cards: Mapping[CadreNumber, CadreCard],
    records: Sequence[Recorded],
    zone: tzinfo,
) -> Iterator[Block]:
    yield {"kind": "facts", "columns": 1, "rows": _facts(state, records, zone)}
    for n, one in enumerate(state.rounds, start=1):
        yield from _round(n, one, cards.get(one.cadre), heard=hears_programmes(state))
    if not state.rounds:
        yield {"kind": "note", "text": "还没有完成的轮次。"}
    yield {"kind": "heading", "text": "过程"}
    yield {
        "kind": "table",
        "titles": ["序号", "时间", "步骤", "经手"],
        "widths": [1, 3, 4, 3],
        "numbers": [0],
        "rows": [
            [str(one.seq), _moment(one.at, zone), EVENT_NAMES[type(one.event)], one.actor]
            for one in steps_of_people(records)
        ],
    }
    yield {"kind": "signatures", "names": ["主持人", "会务记录员", "见证人"]}


def _facts(state: LiveState, records: Sequence[Recorded], zone: tzinfo) -> list[list[str]]:
    phase = (ASSEMBLY_PHASE_NAMES if is_assembly(state) else PHASE_NAMES)[state.phase]
    rows = [["阶段", "已中止" if state.aborted else phase]]
    if state.opened_at:
        rows.append(["开始", _moment(state.opened_at, zone)])
    if state.closed_at:
        rows.append(["结束", _moment(state.closed_at, zone)])
    if is_assembly(state):
        drawn = state.plan is not None and state.plan.agenda is AgendaOrder.DRAWN
        dice = f"，骰点 {state.master_digits}" if state.master_digits else ""
        order = f"次序由骰点抽定{dice}" if drawn else "次序按议程，不抽"
        rows += [
            ["议题", f"{len(state.agenda)} 个，{order}"],
            ["议程校验值", state.manifest_sha256 or "–"],
        ]
    else:
        rows += [
            ["名册", f"{state.roster_cadres:,} 名干部，{state.roster_households:,} 户"],
            ["名册校验值", state.roster_sha256 or "–"],
            ["抽签清单校验值", state.manifest_sha256 or "–"],
        ]
    rows.append(["记录条数", str(len(records))])
    if state.head:
        rows.append(["末行校验值", state.head])
    return rows


def _round(n: int, one: Round, card: CadreCard | None, *, heard: bool) -> Iterator[Block]:
    yield {"kind": "heading", "text": f"{n}. {_title(one, card)}"}
    yield from (_paragraph(text) for text in (*_subject(one, heard=heard), *_judged(one)))
    for pledge in one.pledges:
        yield {"kind": "callout", "text": _promise(pledge), "note": _terms(pledge)}
    for opened in one.investigations:
        team = "、".join(f"{TEAM_NAMES[each.category]} {each.name}" for each in opened.team)
        yield _paragraph(f"派出调查组：{opened.reason}（{team}）")
    if one.referral:
        yield _paragraph(f"移送 {one.referral.to}：{one.referral.reason}")


def _title(one: Round, card: CadreCard | None) -> str:
    if one.issue is not None:
        return one.issue.title
    known = [card.name, card.unit_name, card.post] if card else []
    return " ".join(filter(None, [one.cadre, *known]))


def _subject(one: Round, *, heard: bool) -> Iterator[str]:
    if one.issue is not None:
        counted = f"（诉求 {one.issue.requests:,} 件）" if one.issue.requests else ""
        yield f"群众提问：{one.issue.question}{counted}"
        yield f"答复：{one.issue.unit} {one.issue.speaker} {one.issue.post}".strip()
        if one.left:
            yield f"当场未作承诺：{one.left}"
        return
    if one.naming:
        yield f"点名，不是抽取：{one.naming.who}；{one.naming.reason}"
    presence = f"{_PRESENCES[one.presence]}。" if one.presence else ""
    asked = f"求证 {one.completed} 户"
    yield (
        f"{presence}{asked}。"
        if heard
        else (f"{presence}{asked}，其中 {one.contradictions} 户与记录不一致。")
    )


def _judged(one: Round) -> Iterator[str]:
    released = one.released
    if released is not None:
        hidden = released.mean_tenths is None
        mean = _BANDS.get(released.band, "") if hidden else show_tenths(released.mean_tenths or 0)
        yield f"群众评分：{mean}（{released.answered} 户）。"
    votes = one.votes
    if votes is not None:
        yield (
            f"评议团：满意 {votes.satisfied}，基本满意 {votes.basically_satisfied}，"
            f"不满意 {votes.not_satisfied}；到场 {votes.seats} 席。"
        )
    if one.chair:
        yield f"主要负责人末位表态：{_CHOICES[one.chair]}。"
    if one.verdict:
        yield f"认定：{SESSION_VERDICTS[one.verdict]}"


def _promise(pledge: Pledge) -> str:
    target = pledge.target
    return f"承诺：{target.what} {target.amount} {target.unit}" if target else "限时承诺"


def _terms(pledge: Pledge) -> str:
    return f"{pledge.measure}（{pledge.due_on} 前完成 · 责任：{pledge.responsible}）"


def _paragraph(text: str) -> Block:
    return {"kind": "paragraph", "text": text}


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
