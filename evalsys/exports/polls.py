"""A project poll as a table: what stands on its public page, and the list for the letters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalsys.domain.polls import STAGE_WORDS, Plan, PollStage, StageResult, Voiced
from evalsys.exports.table import Column, Table, tabulate

ANSWER_WORDS = {
    PollStage.SUPERVISE: {"yes": "按说好的在做", "no": "没有按说好的做", "unsure": "说不清"},
    PollStage.APPRAISE: {"5": "5 分", "4": "4 分", "3": "3 分", "2": "2 分", "1": "1 分"},
    PollStage.MAINTAIN: {"yes": "愿意参加管护", "no": "不参加管护"},
}


@dataclass(frozen=True, slots=True)
class _Row:
    result: StageResult
    answer: str
    count: int | None
    note: str


def answer_word(plan: Plan, stage: PollStage, answer: str) -> str:
    """Spell an answer out."""
    if stage is PollStage.CHOOSE:
        return plan.options[int(answer) - 1].title
    return ANSWER_WORDS[stage][answer]


def poll_table(
    plan: Plan, lines: Sequence[str], results: Sequence[StageResult], built: Sequence[int]
) -> Table:
    """Tabulate a poll, one line an answer; `lines` say of which grid and day."""
    return tabulate("群众点菜", lines, _COLUMNS, list(_rows(plan, results, built)))


def letters_table(rows: Sequence[tuple[str, str, str]]) -> Table:
    """Tabulate households with their PINs, for the sealed letters."""
    columns: tuple[Column[tuple[str, str, str]], ...] = (
        Column("户编号", 18, "花名册中的编号", lambda r: r[0]),
        Column("户主", 12, "信封上写的姓名", lambda r: r[1]),
        Column("密码", 12, "这一户在这个项目中的密码", lambda r: r[2]),
    )
    return tabulate("信件密码", (f"共 {len(rows)} 户",), columns, rows)


def _rows(plan: Plan, results: Sequence[StageResult], built: Sequence[int]) -> Iterator[_Row]:
    for one in results:
        if one.counts is None:
            yield _Row(one, "", None, hidden_word(one))
            continue
        for answer, count in one.counts.items():
            is_built = one.span.stage is PollStage.CHOOSE and int(answer) in built
            word = answer_word(plan, one.span.stage, answer)
            yield _Row(one, word, count, "中选" if is_built else "")


def hidden_word(result: StageResult) -> str:
    """Say why a stage's numbers are not told."""
    if result.is_unanimous:
        return "各户回答一致，不逐项公布"
    return "未截止，或答复不足 5 户，不公布"


_COLUMNS: tuple[Column[_Row], ...] = (
    Column("阶段", 12, "点菜、监督、评议、管护", lambda r: STAGE_WORDS[r.result.span.stage]),
    Column("开始", 11, "第一天", lambda r: r.result.span.opens),
    Column("截止", 11, "最后一天", lambda r: r.result.span.closes),
    Column("应答户", 8, "按基准日花名册属于这个网格的户", lambda r: r.result.eligible),
    Column("已答户", 8, "已经回答的户，一户一票", lambda r: r.result.voices),
    Column("其中网页", 9, "自己在网页上答的户", lambda r: r.result.ways.get(Voiced.PAGE, 0)),
    Column("其中代记", 9, "工作人员代记的户", lambda r: r.result.ways.get(Voiced.PHONE, 0)),
    Column("其中电话", 9, "在电话里按键的户", lambda r: r.result.ways.get(Voiced.CALL, 0)),
    Column("其中短信", 9, "点开短信链接答的户", lambda r: r.result.ways.get(Voiced.LINK, 0)),
    Column("回答", 30, "备选项目或答案", lambda r: r.answer or None),
    Column("户数", 8, "这样回答的户", lambda r: r.count),
    Column("说明", 24, "中选的项目，或为何不公布", lambda r: r.note or None),
)
