"""Reading an interview script, and the words it speaks to one household."""

import tomllib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from string import Formatter

from evalsys.domain.interview import (
    Ending,
    Farewell,
    Hint,
    Question,
    Script,
    Step,
    Topic,
)
from evalsys.domain.live.words import Reply
from evalsys.errors import InvalidInput

_DATES_SPOKEN = 3
_REQUEST_LETTERS = 30
_COMPOUND_SURNAMES = (
    "欧阳 上官 司马 司徒 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 轩辕 夏侯 端木 百里 "
    "东郭 南宫 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 独孤 西门"
)
_REPLY_KEYS: Mapping[Topic, AbstractSet[str]] = {
    Topic.CONSENT: {Reply.YES, Reply.NO},
    Topic.IDENTITY: {Reply.YES, Reply.NO},
    Topic.VISITED: {Reply.YES, Reply.NO, Reply.UNSURE},
    Topic.SOLVED: {Reply.YES, Reply.NO, Reply.UNSURE},
    Topic.SCORE: {"1", "2", "3", "4", "5"},
    Topic.COMMENT: set(),
}
_FIELDS = {"topic", "say", "say_known", "keys"}
_NEEDED = {Topic.CONSENT, Topic.IDENTITY, Topic.SCORE}


@dataclass(frozen=True, slots=True)
class Brief:
    """What may be said to one household: whom it is asked about, and what that cadre recorded."""

    cadre: str
    """Post and name, as spoken."""
    surname: str = ""
    """Of the head of the household; empty when unknown."""
    visits: tuple[date, ...] = ()
    """Dates on which the cadre says to have come."""
    requests: tuple[str, ...] = ()
    """Requests of the household that the cadre marked solved."""

    def knows(self, topic: Topic) -> bool:
        """Say whether the record holds something to ask about; for a claim, whether it exists."""
        match topic:
            case Topic.IDENTITY:
                return bool(self.surname)
            case Topic.VISITED:
                return bool(self.visits)
            case Topic.SOLVED:
                return bool(self.requests)
            case _:
                return False


_PLACEHOLDERS = frozenset(field.name for field in fields(Brief))


def words(script: Script, brief: Brief, step: Step) -> str:
    """Return what is spoken at a step, one line, without characters that no voice can read."""
    if isinstance(step, Farewell):
        return script.farewells[step.ending]
    question = script.question(step.topic)
    if question is None:
        return script.farewells[Ending.FAULT]
    known = question.say_known and brief.knows(step.topic)
    spoken = script.again.get(step.hint, "") + (question.say_known if known else question.say)
    spoken = spoken.format(
        cadre=brief.cadre,
        surname=brief.surname,
        visits=_dates(brief.visits),
        requests=_requests(brief.requests),
    )
    return "".join(letter for letter in spoken if letter.isprintable())


def surname_of(name: str) -> str:
    """Return the part of a person's name by which a stranger would address the household."""
    name = name.strip()
    if "·" in name:  # names such as 买买提·艾力 have no Chinese surname
        return name
    return name[:2] if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else name[:1]


def _dates(days: tuple[date, ...]) -> str:
    latest = sorted(set(days))[-_DATES_SPOKEN:]
    said = "、".join(f"{day.year}年{day.month}月{day.day}日" for day in latest)
    more = len(set(days)) > _DATES_SPOKEN
    return f"{said}等{len(set(days))}次" if more else said


def _requests(texts: tuple[str, ...]) -> str:
    if not texts:
        return ""
    text = texts[-1].strip()
    short = text if len(text) <= _REQUEST_LETTERS else text[:_REQUEST_LETTERS] + "等"
    return f"“{short}”" + (f"等{len(texts)}件事" if len(texts) > 1 else "这件事")


def parse_script(raw: bytes, place: str = "") -> Script:
    """Read a script from TOML, and refuse one that a household could not answer.

    Args:
        raw: the file, UTF-8; its SHA-256 becomes the script's identity.
        place: the file's name, for messages.

    Raises:
        InvalidInput: lists everything that is wrong with the script.
    """
    try:
        table = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"访谈脚本不是有效的 TOML：{error}", place=place) from error
    problems = list(_problems(table))
    if problems:
        raise InvalidInput("；".join(problems) + "。", remedy="请修改访谈脚本。", place=place)
    return Script(
        name=table["name"],
        version=table["version"],
        sha256=sha256(raw).hexdigest(),
        language=table["language"],
        reprompts=table["reprompts"],
        answer_within_s=table["answer_within_s"],
        comment_within_s=table["comment_within_s"],
        questions=tuple(
            Question(
                Topic(each["topic"]),
                each["say"],
                each.get("say_known", ""),
                dict(each.get("keys", {})),
            )
            for each in table["questions"]
        ),
        again={Hint(hint): text for hint, text in table["again"].items()},
        farewells={Ending(ending): text for ending, text in table["farewells"].items()},
    )


def _problems(table: Mapping[str, object]) -> Iterator[str]:
    yield from _head_problems(table)
    yield from _text_problems(table.get("again"), "again", {Hint.SILENT, Hint.WRONG}, set())
    yield from _text_problems(table.get("farewells"), "farewells", set(Ending), set())
    questions = table.get("questions")
    if not isinstance(questions, list) or not all(isinstance(each, dict) for each in questions):
        yield "缺少 questions"
        return
    topics = [each.get("topic") for each in questions]
    if topics != [topic for topic in Topic if topic in topics]:
        yield f"问题必须按 {'、'.join(Topic)} 的次序，且各只问一次"
        return
    if not set(topics) >= _NEEDED:
        yield f"缺少问题 {'、'.join(sorted(_NEEDED - set(topics)))}"
    for each in questions:
        yield from _question_problems(each)


def _head_problems(table: Mapping[str, object]) -> Iterator[str]:
    for name in ("name", "language"):
        if not isinstance(table.get(name), str) or not table[name]:
            yield f"缺少 {name}"
    for name, least in (
        ("version", 1),
        ("reprompts", 0),
        ("answer_within_s", 1),
        ("comment_within_s", 1),
    ):
        value = table.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            yield f"{name} 必须是不小于 {least} 的整数"


def _question_problems(question: Mapping[str, object]) -> Iterator[str]:
    topic = Topic(str(question["topic"]))
    unknown = set(question) - _FIELDS
    if unknown:
        yield f"{topic}：不认识的字段 {'、'.join(sorted(unknown))}"
    texts = {name: text for name, text in question.items() if name in {"say", "say_known"}}
    if "say" not in texts:
        yield f"{topic}：缺少 say"
    yield from _text_problems(texts, topic, set(texts), _PLACEHOLDERS)
    keys = question.get("keys", {})
    if not isinstance(keys, dict) or set(map(str, keys.values())) != _REPLY_KEYS[topic]:
        yield f"{topic}：按键必须正好对应 {'、'.join(sorted(_REPLY_KEYS[topic])) or '无'}"
    elif not all(len(key) == 1 and key in "0123456789*#" for key in keys):
        yield f"{topic}：按键只能是 0-9、* 或 #"


def _text_problems(
    table: object, place: str, names: AbstractSet[str], placeholders: AbstractSet[str]
) -> Iterator[str]:
    texts = table if isinstance(table, dict) else {}
    if set(texts) != names:
        yield f"{place} 必须正好有 {'、'.join(sorted(names))}"
        return
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            yield f"{place}.{name} 必须是文字"
            continue
        try:
            used = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        except ValueError:
            used = {"{"}
        if not used <= placeholders:
            yield f"{place}.{name}：不认识的占位符 {'、'.join(sorted(used - placeholders))}"
