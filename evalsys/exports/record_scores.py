"""What a cycle takes over from the county's own records: every subject with n, source and fate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalsys.domain.component_scores import ComponentScore, Subject
from evalsys.domain.cycles import CycleCode
from evalsys.domain.record_scores import Outcome, Recorded
from evalsys.domain.scoring import BAND_WORDS
from evalsys.exports.table import Column, Table, Tenths, tabulate

TITLE = "取自县内记录"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One component of one cadre or unit, by name."""

    outcome: Outcome
    name: str


def record_scores_table(
    outcomes: Sequence[Outcome],
    names: Mapping[tuple[Subject, str], str],
    cycle: CycleCode,
    as_of: str,
) -> Table:
    """Tabulate the list of the page; the line above says of which cycle and day it is."""
    rows = [
        RecordRow(one, names.get((one.recorded.subject, one.recorded.code), "")) for one in outcomes
    ]
    return tabulate(TITLE, (f"考核周期 {cycle}　截至 {as_of}",), COLUMNS, rows)


COLUMNS: tuple[Column[RecordRow], ...] = (
    Column("对象", 6, "干部或单位", lambda r: r.outcome.recorded.subject),
    Column("编号", 12, "干部编号或单位编码", lambda r: r.outcome.recorded.code),
    Column("名称", 18, "姓名或单位名称", lambda r: r.name),
    Column("考核项目", 14, "考核由哪些部分组成", lambda r: r.outcome.recorded.component),
    Column("事项数", 8, "记录中的事项、承诺、诉求或作答户数", lambda r: r.outcome.recorded.facts),
    Column(
        "按记录得分",
        10,
        "有结论的事项中办得好的比例，百分制；尚无定论的为空",
        lambda r: _score(r.outcome.recorded),
    ),
    Column("来源", 46, "由哪些记录得出，各有多少", lambda r: r.outcome.recorded.told),
    Column(
        "现有得分",
        10,
        "本周期现在有效的得分；没有的为空",
        lambda r: _score(r.outcome.standing) if r.outcome.standing else None,
    ),
    Column(
        "现有依据",
        30,
        "现有得分的依据；没有的为空",
        lambda r: r.outcome.standing.document if r.outcome.standing else None,
    ),
    Column(
        "处理",
        14,
        "取用时新增、变更、不变；录入或更正过的得分保留",
        lambda r: r.outcome.fate,
    ),
)


def _score(one: Recorded | ComponentScore) -> Tenths | str | None:
    if one.band is not None:
        return BAND_WORDS[one.band]
    return None if one.tenths is None else Tenths(one.tenths)
