"""Common issues as a list for everybody concerned, and as the agenda of a pledge assembly (Y69)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evalsys.domain.issues import CommonIssue
from evalsys.exports.table import Column, Table, tabulate

TITLE = "共性问题"
AGENDA = "承诺大会议程"


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue with what its line needs beside it."""

    rank: int
    issue: CommonIssue
    units: Mapping[str, str]
    speaker: str
    post: str
    townships: str
    """The townships that ask most, with their counts."""
    today: date

    @property
    def question(self) -> str:
        """What the host reads out: as the public asks it, else the name."""
        return self.issue.said.question or self.issue.said.name

    @property
    def lead(self) -> str:
        """Name of the unit that answers."""
        return self.units.get(self.issue.said.lead, self.issue.said.lead)

    @property
    def assisting(self) -> str:
        """Names of the units that help."""
        return "、".join(self.units.get(code, code) for code in self.issue.said.assisting)

    @property
    def target(self) -> str:
        """The target in one phrase."""
        target = self.issue.said.target
        return f"{target.what} {target.amount} {target.unit}" if target else ""

    @property
    def progress(self) -> str:
        """How much of the target is reached."""
        target = self.issue.said.target
        return f"{self.issue.done or 0} {target.unit}" if target else ""

    @property
    def last(self) -> str:
        """The last entry on it, with its day."""
        entries = self.issue.progress
        return f"{entries[-1].day.isoformat()} {entries[-1].note}" if entries else ""

    @property
    def standing(self) -> str:
        """Whether the pledge is kept, running or overdue."""
        if not self.issue.said.is_pledged:
            return ""
        if (self.issue.share or 0.0) >= 1.0:
            return "已兑现"
        return "已逾期" if self.issue.is_overdue(self.today) else "推进中"


def issues_table(lines: list[IssueLine], today: date, requests: int, assigned: int) -> Table:
    """Lay out every issue; the lines above give day and denominators."""
    about = (
        f"截至 {today.isoformat()}：诉求 {requests} 件，已归入共性问题 {assigned} 件",
        "排序：先急后缓、先集中后分散",
    )
    return tabulate(TITLE, about, COLUMNS, lines)


def agenda_table(lines: list[IssueLine]) -> Table:
    """Lay out the issues that somebody answers for, as an assembly's agenda is handed in."""
    return tabulate(AGENDA, (), AGENDA_COLUMNS, [line for line in lines if line.issue.said.lead])


COLUMNS: tuple[Column[IssueLine], ...] = (
    Column("次序", 6, "按紧急程度、再按件数", lambda line: line.rank),
    Column("编号", 6, "共性问题的编号", lambda line: line.issue.id),
    Column("共性问题", 24, "名称", lambda line: line.issue.said.name),
    Column("群众提问", 40, "群众怎样问", lambda line: line.issue.said.question),
    Column("紧急程度", 8, "最急的五分之一诉求的程度", lambda line: line.issue.figures.urgency),
    Column("诉求件数", 8, "归入的诉求", lambda line: line.issue.figures.requests),
    Column("其中自动归类", 8, "分类器有把握的", lambda line: line.issue.figures.proposed),
    Column("办理中", 8, "尚未办结的", lambda line: line.issue.figures.open),
    Column("已解决", 8, "办结并解决的", lambda line: line.issue.figures.solved),
    Column("涉及网格", 8, "来自多少个网格", lambda line: line.issue.figures.places),
    Column("主要乡镇", 40, "诉求最多的乡镇和件数", lambda line: line.townships),
    Column("牵头单位", 20, "由谁答复", lambda line: line.lead),
    Column("配合单位", 24, "谁来配合", lambda line: line.assisting),
    Column("资源统筹", 30, "需要多少、从哪里来", lambda line: line.issue.said.budget),
    Column("承诺措施", 40, "公开承诺做什么", lambda line: line.issue.said.measure),
    Column("目标", 20, "可衡量的目标", lambda line: line.target),
    Column("完成期限", 12, "承诺的日子", lambda line: line.issue.said.deadline),
    Column("完成数量", 12, "目标已完成多少", lambda line: line.progress),
    Column("状态", 8, "已兑现、推进中或已逾期", lambda line: line.standing),
    Column("最近进展", 40, "最近一条进展", lambda line: line.last),
)
AGENDA_COLUMNS: tuple[Column[IssueLine], ...] = (
    Column("议题", 24, "共性问题的名称", lambda line: line.issue.said.name),
    Column("群众提问", 60, "主持人照此宣读；没有写的用名称", lambda line: line.question),
    Column("答复单位", 20, "由哪个单位答复", lambda line: line.lead),
    Column("答复人", 10, "单位主要负责人", lambda line: line.speaker),
    Column("职务", 14, "答复人的职务", lambda line: line.post),
    Column("诉求件数", 8, "归入本议题的诉求", lambda line: line.issue.figures.requests or None),
    Column("涉及村居", 8, "涉及的网格", lambda line: line.issue.figures.places or None),
)
