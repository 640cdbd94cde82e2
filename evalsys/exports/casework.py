"""The pack of a monthly meeting as tables: agenda, minutes, decisions (Y16, Y17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evalsys.exports.table import Column, Table, tabulate


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One open request on the agenda."""

    request: str
    text: str
    step: str
    holder: str
    due: str
    """Day and time in the county's zone."""
    lamp: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision: measure, deadline, responsible party."""

    n: int
    request: str
    measure: str
    deadline: date
    responsible: str
    by: str


@dataclass(frozen=True, slots=True)
class Papers:
    """What a pack holds, in words."""

    heading: tuple[str, ...]
    """Grid, month, day, chair, who was present: one a line."""
    minutes: str
    agenda: Sequence[AgendaRow]
    decisions: Sequence[DecisionRow]


_AGENDA: tuple[Column[AgendaRow], ...] = (
    Column("诉求编号", 22, "诉求编号", lambda r: r.request),
    Column("诉求内容", 60, "群众的话", lambda r: r.text),
    Column("现状", 16, "办到哪一步", lambda r: r.step),
    Column("承办", 24, "现在由谁承办", lambda r: r.holder),
    Column("办结时限", 18, "应在何时办结答复", lambda r: r.due),
    Column("灯", 8, "正常、将到期或超期", lambda r: r.lamp),
)
_DECISIONS: tuple[Column[DecisionRow], ...] = (
    Column("序号", 6, "第几项决定", lambda r: r.n),
    Column("诉求编号", 22, "诉求编号", lambda r: r.request),
    Column("解决措施", 60, "怎么解决", lambda r: r.measure),
    Column("解决时限", 12, "何时之前", lambda r: r.deadline),
    Column("责任单位或责任人", 24, "由谁负责", lambda r: r.responsible),
    Column("记录人", 16, "谁记录的", lambda r: r.by),
)
_MINUTES: tuple[Column[str], ...] = (Column("会议记录", 100, "会议记录", lambda r: r),)


def meeting_tables(papers: Papers) -> tuple[Table, ...]:
    """Lay the pack out: agenda, decisions, minutes."""
    return (
        tabulate("议程", papers.heading, _AGENDA, papers.agenda),
        tabulate("决定", papers.heading, _DECISIONS, papers.decisions),
        tabulate("会议记录", papers.heading, _MINUTES, papers.minutes.splitlines()),
    )
