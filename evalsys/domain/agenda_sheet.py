"""The table in which an assembly's agenda is handed in, one issue a row (Y69)."""

from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.agenda import MOST_COUNTED, Issue
from evalsys.domain.roster_cells import Cell, CellFault, Parsed, Parser
from evalsys.domain.roster_sheets import Column, Kind, Sheet
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput

_COUNT: Final = cells.whole(0, MOST_COUNTED)


def _line_of(longest: int, parse: Parser) -> Parser:
    """Make a reader of texts that a presenter can read out, one line each."""

    def read(cell: Cell) -> Parsed:
        try:
            return one_line(str(parse(cell)), "", longest=longest)
        except InvalidInput as error:
            raise CellFault(error.what.removesuffix("。"), error.remedy) from None

    return read


AGENDA: Final = Sheet(
    Kind.AGENDA,
    "承诺大会议程",
    (
        Column("title", "议题", _line_of(LONGEST_NAME, cells.label), other_headers=("共性问题",)),
        Column(
            "question",
            "群众提问",
            _line_of(LONGEST_TEXT, cells.long_text),
            other_headers=("提问", "问题", "诉求内容"),
        ),
        Column("unit", "答复单位", cells.label, other_headers=("责任单位", "单位")),
        Column(
            "speaker", "答复人", cells.person_name, other_headers=("负责人", "主要负责人", "姓名")
        ),
        Column("post", "职务", cells.label, needed=False, blank=""),
        Column(
            "requests", "诉求件数", _COUNT, needed=False, blank=0, other_headers=("件数", "诉求数")
        ),
        Column(
            "places",
            "涉及村居",
            _COUNT,
            needed=False,
            blank=0,
            other_headers=("涉及村居数", "村居数"),
        ),
    ),
    key=("title",),
)


def issue_of(values: dict[str, Parsed]) -> Issue:
    """Make an issue of a row that was read without a fault; columns that are missing are blank."""

    def text(name: str) -> str:
        return str(values.get(name) or "")

    def count(name: str) -> int:
        return int(str(values.get(name) or 0))

    return Issue(
        title=text("title"),
        question=text("question"),
        unit=text("unit"),
        speaker=text("speaker"),
        post=text("post"),
        requests=count("requests"),
        places=count("places"),
    )
