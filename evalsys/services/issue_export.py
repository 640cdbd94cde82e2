"""Taking common issues out as a file: the list, or the agenda of a pledge assembly."""

from enum import StrEnum
from typing import IO

from evalsys.exports.csv import write_csv
from evalsys.exports.issues import IssueLine, agenda_table, issues_table
from evalsys.exports.table import at_level
from evalsys.exports.xlsx import write_xlsx
from evalsys.services.issues import Issues
from evalsys.services.personnel_export import ListFormat

_TOWNSHIPS = 5
"""Townships that a line names."""


class IssueList(StrEnum):
    """What is taken out."""

    ISSUES = "issues"
    AGENDA = "agenda"


def export_issues(room: Issues, kind: IssueList, form: ListFormat, out: IO[bytes]) -> int:
    """Write the list that is on the screen, in its order; give how many lines."""
    overview = room.overview()
    speakers, townships = room.speakers(overview), room.townships()
    lines: list[IssueLine] = []
    for rank, issue in enumerate(overview.issues, start=1):
        speaker = speakers.get(issue.said.lead)
        asked = townships.get(issue.id, ())[:_TOWNSHIPS]
        lines.append(
            IssueLine(
                rank,
                issue,
                overview.units,
                speaker.name if speaker else "",
                speaker.post if speaker else "",
                "、".join(f"{name} {count}" for name, count in asked),
                overview.today,
            )
        )
    if kind is IssueList.AGENDA:
        table = agenda_table(lines)
    else:
        table = issues_table(lines, overview.today, overview.requests, overview.assigned)
    table = at_level(table, room.second_level())
    if form is ListFormat.CSV:
        write_csv(table, out)
    else:
        write_xlsx([table], out, made_at=room.now())
    return table.count
