"""An agenda as the sheet that `evalsys import agenda` reads."""

from collections.abc import Sequence

from evalsys.domain.agenda import Issue
from evalsys.domain.agenda_sheet import AGENDA
from evalsys.exports.table import Column, Table, tabulate


def agenda_table(issues: Sequence[Issue]) -> Table:
    """Fill the sheet, one line an issue; what was not counted is empty."""
    return tabulate(AGENDA.title, (), _COLUMNS, issues)


_COLUMNS: tuple[Column[Issue], ...] = (
    Column("议题", 24, "共性问题的名称", lambda one: one.title),
    Column("群众提问", 60, "主持人照此宣读", lambda one: one.question),
    Column("答复单位", 20, "由哪个单位答复", lambda one: one.unit),
    Column("答复人", 10, "单位主要负责人", lambda one: one.speaker),
    Column("职务", 14, "答复人的职务", lambda one: one.post),
    Column("诉求件数", 8, "归入本议题的诉求", lambda one: one.requests or None),
    Column("涉及村居", 8, "涉及的村和社区", lambda one: one.places or None),
)
