"""Every score of a cycle with its trail: who entered it, what it replaced, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from evalsys.domain.assessment import Standard
from evalsys.domain.component_scores import ComponentScore, Subject, latest, published
from evalsys.domain.local_date import local_date
from evalsys.domain.scoring import BAND_WORDS
from evalsys.exports.table import Column, Table, Tenths, tabulate

TITLE = "考核成绩"


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score, whose it is, and how it may be shown."""

    score: ComponentScore
    name: str
    shown: Tenths | str | None
    holds: bool
    zone: tzinfo


def scores_table(
    trail: Sequence[ComponentScore],
    names: Mapping[tuple[Subject, str], str],
    standard: Standard,
    *,
    zone: tzinfo,
) -> Table:
    """Tabulate a trail of scores, newest first; days of entering are those of `zone`."""
    holding = {score.id for score in latest(trail).values()}
    rows = [
        ScoreRow(
            score,
            names[score.subject, score.code],
            _shown(score, standard),
            score.id in holding,
            zone,
        )
        for score in reversed(trail)
    ]
    few = f"作答不足 {standard.hide_below} 的，不显示得分"
    return tabulate(TITLE, (few,), COLUMNS, rows)


def _shown(score: ComponentScore, standard: Standard) -> Tenths | str | None:
    tenths = published(score, standard)
    if tenths is None:
        return None
    return BAND_WORDS[score.band] if score.band else Tenths(tenths)


COLUMNS: tuple[Column[ScoreRow], ...] = (
    Column("对象", 6, "干部或单位", lambda r: r.score.subject),
    Column("编号", 12, "干部编号或单位编码", lambda r: r.score.code),
    Column("名称", 18, "姓名或单位名称", lambda r: r.name),
    Column("考核周期", 9, "年度或季度", lambda r: r.score.cycle),
    Column("考核项目", 14, "考核由哪些部分组成", lambda r: r.score.component),
    Column(
        "得分",
        8,
        "百分制；各户打分一致的只写分档；作答人数过少的不显示，更正取消的为空",
        lambda r: r.shown,
    ),
    Column("应询人数", 9, "应当询问多少人；没有登记的为空", lambda r: r.score.counts.asked),
    Column("拨打人数", 9, "拨打了多少人", lambda r: r.score.counts.called),
    Column("接通人数", 9, "有多少人应答", lambda r: r.score.counts.reached),
    Column("作答人数", 9, "有多少人作答", lambda r: r.score.counts.answered),
    Column("依据文件", 24, "所依据的文件或记录", lambda r: r.score.document),
    Column("测评日期", 11, "测评的日期", lambda r: r.score.held_on),
    Column("是否有效", 9, "被后来的成绩取代的为否", lambda r: "是" if r.holds else "否"),
    Column("取代理由", 18, "取代此前成绩的理由", lambda r: r.score.reason),
    Column("录入人", 12, "录入或批准更正的人", lambda r: r.score.entered_by),
    Column(
        "录入日期",
        11,
        "录入的日期",
        lambda r: local_date(r.score.entered_at, r.zone),
    ),
)
