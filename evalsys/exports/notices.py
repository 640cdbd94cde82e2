"""Notices on paper: the words of the house around the grounds of the advice (Y53-Y65)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from evalsys.domain.eligibility import RuleOutcome
from evalsys.domain.notices import Notice, NoticeKind
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.roster import CadreCard
from evalsys.domain.talks import Talk
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
    words: str = ""
    """Of the source, where no rule brings them along."""


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
            said.get("words", ""),
        )
        for kind, said in tomllib.loads(text).items()
    }


def opening_of(notice: Notice, evaluation: Evaluation) -> str:
    """Fill the first sentence in. Names of units are values: braces in them mean nothing."""
    day = evaluation.as_of
    return wordings()[notice.kind].opening.format(
        year=evaluation.year,
        day=_day(day),
        unit=notice.cadre.unit_name,
        post=notice.cadre.post,
    )


def notice_paper(
    notice: Notice, evaluation: Evaluation, organ: str, number: str = ""
) -> dict[str, Value]:
    """Say what the paper holds, as blocks of the template `paper`; a draft has no number."""
    cadre, day = notice.cadre, evaluation.as_of
    grounds: list[Value] = []
    for outcome in notice.grounds:
        grounds += _ground(outcome, evaluation)
    return _paper(
        wordings()[notice.kind],
        _Letter(
            to=f"{cadre.unit_name}{cadre.post} {cadre.name}同志",
            opening=opening_of(notice, evaluation),
            grounds=grounds,
            organ=organ,
            number=number,
            day=day,
            footer=f"基准日 {day.isoformat()}　评估批次 {evaluation.run}　{cadre.number}",
        ),
    )


def interview_paper(
    talk: Talk, to: CadreCard, organ: str, number: str, day: date
) -> dict[str, Value]:
    """Say what the notice of a talk after a first petition holds (Y75, Y76)."""
    said = wordings()[NoticeKind.INTERVIEW]
    grounds: list[Value] = [
        {"kind": "paragraph", "text": f"{talk.ordered.kind}：{talk.ordered.reason}"},
        {"kind": "quote", "text": f"“{said.words}”", "source": said.requirement},
    ]
    return _paper(
        said,
        _Letter(
            to=f"{to.unit_name}{to.post} {to.name}同志",
            opening=_called_in(talk, to),
            grounds=grounds,
            organ=organ,
            number=number,
            day=day,
            footer=f"签发日 {day.isoformat()}　谈话 {talk.id}　{to.number}",
        ),
    )


def _called_in(talk: Talk, to: CadreCard) -> str:
    return wordings()[NoticeKind.INTERVIEW].opening.format(
        unit=to.unit_name, post=to.post, due=_day(talk.ordered.due_on)
    )


@dataclass(frozen=True, slots=True)
class _Letter:
    """What differs from one notice to another of its kind."""

    to: str
    opening: str
    grounds: Sequence[Value]
    organ: str
    number: str
    day: date
    footer: str


def _paper(said: Wording, letter: _Letter) -> dict[str, Value]:
    demands: list[Value] = [
        {"kind": "paragraph", "text": f"{i}、{demand}"} for i, demand in enumerate(said.demands, 1)
    ]
    return {
        "title": said.title,
        "organ": letter.organ,
        "number": letter.number,
        "footer": letter.footer,
        "parts": [
            {"kind": "salutation", "text": letter.to},
            {"kind": "paragraph", "text": letter.opening},
            {"kind": "heading", "text": "依据"},
            *letter.grounds,
            {"kind": "heading", "text": "要求"},
            *demands,
            {"kind": "note", "text": DRAFT},
            {"kind": "signatures", "names": list(said.signers)},
            {"kind": "closing", "organ": letter.organ, "day": _day(letter.day)},
        ],
    }


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def notice_fields(notice: Notice, evaluation: Evaluation, organ: str) -> dict[str, Value]:
    """Give the fields that a department's own Word template may name."""
    said = wordings()[notice.kind]
    cadre, day = notice.cadre, evaluation.as_of
    return {
        "标题": said.title,
        "机关": organ,
        "文号": "",
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
        "日期": _day(day),
        "考核年度": evaluation.year,
        "评估批次": evaluation.run,
    }


def interview_fields(
    talk: Talk, to: CadreCard, organ: str, number: str, day: date
) -> dict[str, Value]:
    """Give a department's own Word template the fields of a notice of a talk.

    They have the names of any notice's fields; no run of the rules stands behind a talk.
    """
    said = wordings()[NoticeKind.INTERVIEW]
    return {
        "标题": said.title,
        "机关": organ,
        "文号": number,
        "姓名": to.name,
        "编号": to.number,
        "单位": to.unit_name,
        "职务": to.post,
        "职级": to.rank,
        "正文": _called_in(talk, to),
        "依据": [
            {
                "规则号": said.requirement,
                "规则": talk.ordered.kind.value,
                "数值": talk.ordered.reason,
                "原文": said.words,
                "文件": "",
            }
        ],
        "要求": list(said.demands),
        "说明": DRAFT,
        "日期": _day(day),
        "考核年度": talk.ordered.due_on.year,
        "评估批次": "",
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
    Column("要求编号", 9, "所依据要求的编号", lambda n: wordings()[n.kind].requirement),
)
