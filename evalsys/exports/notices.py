"""Notices on paper: the words of the house around the grounds of the advice (Y53-Y65)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from evalsys.domain.eligibility import RuleOutcome
from evalsys.domain.notices import Notice, NoticeKind
from evalsys.domain.personnel_county import Evaluation
from evalsys.exports.decisions import heading
from evalsys.exports.pdf import Value
from evalsys.exports.table import Column, Table, tabulate

DRAFT = "本通知由系统按规则拟稿，是附理由的建议；经签发人签字盖章后生效。"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a kind of notice says, with {year}, {day}, {unit} and {post} to be filled in."""

    title: str
    series: str
    """Begins its number 文号."""
    requirement: str
    opening: str
    demands: tuple[str, ...]
    signers: tuple[str, ...]


@cache
def wordings() -> Mapping[NoticeKind, Wording]:
    """Return the words of every kind of notice."""
    text = (files("evalsys.rulebooks") / "notices.toml").read_text("utf-8")
    return {
        NoticeKind(kind): Wording(
            said["title"],
            said["series"],
            said["requirement"],
            said["opening"],
            tuple(said["demands"]),
            tuple(said["signers"]),
        )
        for kind, said in tomllib.loads(text).items()
    }


def opening_of(notice: Notice, evaluation: Evaluation) -> str:
    """Fill the first sentence in. Names of units are values: braces in them mean nothing."""
    day = evaluation.as_of
    return wordings()[notice.kind].opening.format(
        year=evaluation.year,
        day=f"{day.year}年{day.month}月{day.day}日",
        unit=notice.cadre.unit_name,
        post=notice.cadre.post,
    )


def notice_paper(
    notice: Notice, evaluation: Evaluation, organ: str, number: str = ""
) -> dict[str, Value]:
    """Say what the paper holds, as blocks of the template `paper`; a draft has no number."""
    said = wordings()[notice.kind]
    cadre, day = notice.cadre, evaluation.as_of
    grounds: list[Value] = []
    for outcome in notice.grounds:
        grounds += _ground(outcome, evaluation)
    demands: list[Value] = [
        {"kind": "paragraph", "text": f"{i}、{demand}"} for i, demand in enumerate(said.demands, 1)
    ]
    return {
        "title": said.title,
        "organ": organ,
        "number": number,
        "footer": f"基准日 {day.isoformat()}　评估批次 {evaluation.run}　{cadre.number}",
        "parts": [
            {"kind": "salutation", "text": f"{cadre.unit_name}{cadre.post} {cadre.name}同志"},
            {"kind": "paragraph", "text": opening_of(notice, evaluation)},
            {"kind": "heading", "text": "依据"},
            *grounds,
            {"kind": "heading", "text": "要求"},
            *demands,
            {"kind": "note", "text": DRAFT},
            {"kind": "signatures", "names": list(said.signers)},
            {"kind": "closing", "organ": organ, "day": f"{day.year}年{day.month}月{day.day}日"},
        ],
    }


def notice_fields(notice: Notice, evaluation: Evaluation, organ: str) -> dict[str, Value]:
    """Give the fields that a department's own Word template may name."""
    said = wordings()[notice.kind]
    cadre, day = notice.cadre, evaluation.as_of
    return {
        "标题": said.title,
        "机关": organ,
        "姓名": cadre.name,
        "编号": cadre.number,
        "单位": cadre.unit_name,
        "职务": cadre.post,
        "职级": cadre.rank,
        "正文": opening_of(notice, evaluation),
        "依据": [
            {
                "规则号": outcome.rule.number,
                "规则": outcome.rule.title,
                "数值": _values(outcome),
                "原文": outcome.rule.source.words,
                "文件": evaluation.book.documents[outcome.rule.source.document],
            }
            for outcome in notice.grounds
        ],
        "要求": list(said.demands),
        "说明": DRAFT,
        "日期": f"{day.year}年{day.month}月{day.day}日",
        "考核年度": evaluation.year,
        "评估批次": evaluation.run,
    }


def _ground(outcome: RuleOutcome, evaluation: Evaluation) -> list[Value]:
    rule = outcome.rule
    source = rule.source
    parts = (evaluation.book.documents[source.document], source.requirement, source.basis)
    told = f"{rule.number} {rule.title}：{_values(outcome)}"
    quoted: list[Value] = [
        {
            "kind": "quote",
            "text": f"“{source.words}”" if source.words else "",
            "source": " · ".join(part for part in parts if part),
        }
    ]
    return [{"kind": "paragraph", "text": told}, *quoted]


def _values(outcome: RuleOutcome) -> str:
    return "，".join(str(seen) for seen in outcome.seen if seen.met)


def notices_table(due: Sequence[Notice], evaluation: Evaluation) -> Table:
    """Tabulate the notices that are due, with their grounds."""
    return tabulate("应发通知", (*heading(evaluation), DRAFT), COLUMNS, due)


COLUMNS: tuple[Column[Notice], ...] = (
    Column("通知", 22, "应发的通知，由规则的结果产生", lambda n: wordings()[n.kind].title),
    Column("编号", 10, "干部的永久公开编号", lambda n: n.cadre.number),
    Column("姓名", 10, "干部姓名", lambda n: n.cadre.name),
    Column("单位", 18, "所在单位", lambda n: n.cadre.unit_name),
    Column("职务", 14, "现任职务", lambda n: n.cadre.post),
    Column("规则号", 14, "引出通知的规则", lambda n: "；".join(o.rule.number for o in n.grounds)),
    Column("依据", 60, "规则和它看到的数值", lambda n: "；".join(o.reason for o in n.grounds)),
)
