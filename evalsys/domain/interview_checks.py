"""What is wrong with an interview script, told with line and field."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from string import Formatter

from evalsys.domain.interview import Choice, Ending, Hint, Topic
from evalsys.domain.interview_script import PLACEHOLDERS
from evalsys.domain.live.words import Reply
from evalsys.domain.polls import MOST_OPTIONS

KEYS = "0123456789*#"
_CLAIM = {Reply.YES, Reply.NO, Reply.UNSURE}
_REPLY_KEYS: Mapping[Topic, AbstractSet[str]] = {
    Topic.CONSENT: {Reply.YES, Reply.NO},
    Topic.IDENTITY: {Reply.YES, Reply.NO},
    Topic.PIN: set(),
    Topic.PLEDGE: _CLAIM,
    Topic.VISITED: _CLAIM,
    Topic.SOLVED: _CLAIM,
    Topic.SATISFIED: _CLAIM,
    Topic.CHOOSE: {str(n) for n in range(1, MOST_OPTIONS + 1)},
    Topic.SUPERVISE: _CLAIM,
    Topic.APPRAISE: {"1", "2", "3", "4", "5"},
    Topic.MAINTAIN: {Reply.YES, Reply.NO},
    Topic.SCORE: {"1", "2", "3", "4", "5"},
    Topic.COMMENT: set(),
    Topic.REVIEW: set(Choice),
}
_TEXTS = {"say", "say_known"}
_WORDING = _TEXTS | {"keys"}
_CHOICE = {"key", "offer"}
_DIALECT = _CHOICE | {"name", "language", "again", "farewells"}
_LONGEST_NAME = 16
_PROOFS = (Topic.IDENTITY, Topic.PIN)
_VOTES = tuple(topic for topic in Topic if topic.is_vote)
_MATTERS = (Topic.SCORE, Topic.PLEDGE, *_VOTES)
_ROTATING = (Topic.PLEDGE, Topic.VISITED, Topic.SOLVED)
_ALWAYS = set(Ending) - {Ending.NOT_FREE, Ending.NEVER, Ending.PIN_FAILED}
_TEXT_FIELDS = ("name", "language")
_LONGEST_WORD = 40
_WORD = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_NUMBER_FIELDS = (
    ("version", 1, 9999),
    ("reprompts", 0, 9),
    ("answer_within_s", 1, 60),
    ("comment_within_s", 1, 600),
)
_PIN_FIELDS = (("pin_digits", 4, 8), ("pin_tries", 1, 9))
_WAYS_OUT = (("not_free_key", Ending.NOT_FREE), ("never_key", Ending.NEVER))
_HEAD = {name for name, *_ in (*_NUMBER_FIELDS, *_PIN_FIELDS, *_WAYS_OUT)} | {
    *_TEXT_FIELDS,
    *("again", "farewells", "questions", "rotates", "dialects", "own_words"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where: the topic of a question or "", and a field or ""."""

    topic: str
    field: str
    what: str

    def told(self, text: str) -> str:
        """Say it with the line of the script's `text` in which to look."""
        line = _line(text, self.topic, self.field)
        return f"第 {line} 行 {self.what}" if line else self.what


def script_problems(table: Mapping[str, object]) -> Iterator[Problem]:
    """Name everything that keeps a household from answering the script in `table`."""
    yield from _head_problems(table)
    questions = table.get("questions")
    if not isinstance(questions, list) or not all(isinstance(each, dict) for each in questions):
        yield from _spoken_problems(table, [])
        yield Problem("", "questions", "缺少 questions")
        return
    topics = [each.get("topic") for each in questions]
    if topics != [topic for topic in Topic if topic in topics]:
        order = "、".join(Topic)
        yield from _spoken_problems(table, [])
        yield Problem("", "questions", f"问题必须按 {order} 的次序，且各只问一次")
        return
    yield from _spoken_problems(table, topics)
    for needed in ((Topic.CONSENT,), _PROOFS, _MATTERS):
        if not set(topics) & set(needed):
            yield Problem("", "questions", f"缺少问题 {' 或 '.join(needed)}")
    if Topic.REVIEW in topics and Topic.COMMENT not in topics:
        yield Problem("review", "topic", "review：没有 comment 就没有可以回放的评语")
    yield from _vote_problems(topics)
    ways_out = {str(table[name]) for name, _ in _WAYS_OUT if table.get(name)}
    dialects = table.get("dialects")
    known = frozenset(dialects) if isinstance(dialects, dict) else frozenset()
    yield from _choice_problems(table, questions[0], ways_out)
    for each in questions:
        yield from _question_problems(each, ways_out, known)


def _vote_problems(topics: list[Topic]) -> Iterator[Problem]:
    for vote in _VOTES:
        # A voice counts as it is keyed: nothing may follow by which it would be taken back.
        if vote in topics[:-1]:
            yield Problem(vote, "topic", f"{vote}：一按就计入，只能是最后一问")


def _head_problems(table: Mapping[str, object]) -> Iterator[Problem]:
    for name in sorted(set(table) - _HEAD):
        yield Problem("", name, f"不认识的字段 {name}")
    for name in _TEXT_FIELDS:
        if not isinstance(table.get(name), str) or not table[name]:
            yield Problem("", name, f"缺少 {name}")
        elif len(str(table[name])) > _LONGEST_WORD or not _WORD.fullmatch(str(table[name])):
            yield Problem("", name, f"{name} 只能用字母、数字和连字符")
    given = tuple(each for each in _PIN_FIELDS if each[0] in table)
    for name, least, most in (*_NUMBER_FIELDS, *given):
        value = table.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield Problem("", name, f"{name} 必须是 {least} 到 {most} 的整数")
    yield from _way_out_problems(table)


def _way_out_problems(table: Mapping[str, object]) -> Iterator[Problem]:
    for name, _ in _WAYS_OUT:
        key = table.get(name, "")
        if key != "" and not _is_key(key):
            yield Problem("", name, f"{name} 只能是 0-9、* 或 # 中的一个键")
    if table.get("not_free_key") and table.get("not_free_key") == table.get("never_key"):
        yield Problem("", "never_key", "never_key 不能与 not_free_key 相同")


def _spoken_problems(table: Mapping[str, object], topics: list[Topic]) -> Iterator[Problem]:
    asks_pin = Topic.PIN in topics
    hints = {Hint.SILENT, Hint.WRONG} | ({Hint.WRONG_PIN} if asks_pin else set())
    endings = {ending for name, ending in _WAYS_OUT if table.get(name)}
    endings |= _ALWAYS | ({Ending.PIN_FAILED} if asks_pin else set())
    yield from _text_problems("", table.get("again"), "again", hints)
    yield from _text_problems("", table.get("farewells"), "farewells", endings)
    rotates = table.get("rotates", [])
    neighbours = [topic for topic in topics if isinstance(rotates, list) and topic in rotates]
    if neighbours != rotates or not set(neighbours) <= set(_ROTATING):
        allowed = "、".join(topic for topic in _ROTATING if topic in topics)
        yield Problem("", "rotates", f"rotates 只能按次序列出 {allowed} 中的几问")
    dialects = table.get("dialects", {})
    if not isinstance(dialects, dict):
        yield Problem("", "dialects", "dialects 必须是一张表")
        return
    for code, each in dialects.items():
        place = f"dialects.{code}"
        if not isinstance(each, dict) or not isinstance(each.get("language"), str):
            yield Problem("", place, f"{place} 缺少 language")
            continue
        for name in sorted(set(each) - _DIALECT):
            yield Problem("", place, f"{place}：不认识的字段 {name}")
        called = each.get("name", code)
        if not isinstance(called, str) or not 0 < len(called.strip()) <= _LONGEST_NAME:
            yield Problem("", place, f"{place}.name 必须是 1 到 {_LONGEST_NAME} 个字")
        for part, names in (("again", hints), ("farewells", endings)):
            texts = each.get(part, {})
            spoken = set(texts) & names if isinstance(texts, dict) else names
            yield from _text_problems("", texts, f"{place}.{part}", spoken)


def _choice_problems(
    table: Mapping[str, object], first: Mapping[str, object], ways_out: AbstractSet[str]
) -> Iterator[Problem]:
    """Name what keeps a household from choosing its dialect at the first question, and back."""
    dialects = table.get("dialects")
    offered = {
        f"dialects.{code}": each
        for code, each in (dialects.items() if isinstance(dialects, dict) else ())
        if isinstance(each, dict) and set(each) & _CHOICE
    }
    own = table.get("own_words", {})
    if bool(offered) != bool(own) or not isinstance(own, dict):
        yield Problem(
            "", "own_words", "own_words 和方言的 key、offer 要有就都有，才能换过去又换回来"
        )
        return
    turned = first.get("turned")
    wordings = (first, turned if isinstance(turned, dict) else {})
    answers = (wording.get("keys") for wording in wordings)
    taken = {*ways_out, *(key for keys in answers if isinstance(keys, dict) for key in keys)}
    for place, each in {**offered, "own_words": own}.items() if offered else ():
        key, offer = each.get("key"), each.get("offer")
        if place == "own_words" and set(each) - _CHOICE:
            yield Problem("", place, f"{place} 只能有 key 和 offer")
        if not _is_key(key):
            yield Problem("", place, f"{place}.key 必须是 0-9、* 或 # 中的一个键")
        elif key in taken:
            yield Problem("", place, f"{place}.key：{key} 键在第一问已有别的用处")
        else:
            taken.add(str(key))
        if not isinstance(offer, str) or not offer.strip() or _placeholders(offer):
            yield Problem("", place, f"{place}.offer 必须是文字，不带占位符")


def _question_problems(
    question: Mapping[str, object], ways_out: AbstractSet[str], dialects: AbstractSet[str]
) -> Iterator[Problem]:
    topic = Topic(str(question["topic"]))
    yield from _wording_problems(topic, question, ways_out, {"topic", "turned", "dialects"})
    turned = question.get("turned")
    if turned is not None:
        if not isinstance(turned, dict) or not _REPLY_KEYS[topic]:
            yield Problem(topic, "turned", f"{topic}：turned 只能是有按键的问题的另一种问法")
        else:
            yield from _wording_problems(topic, turned, ways_out, {"dialects"}, "turned.")
            yield from _dialect_problems(topic, turned, dialects, "turned.")
    yield from _dialect_problems(topic, question, dialects)


def _dialect_problems(
    topic: Topic, question: Mapping[str, object], known: AbstractSet[str], inside: str = ""
) -> Iterator[Problem]:
    written = question.get("dialects", {})
    if not isinstance(written, dict):
        yield Problem(topic, "dialects", f"{topic}：{inside}dialects 必须是一张表")
        return
    for code, texts in written.items():
        place = f"{inside}dialects.{code}"
        if code not in known:
            yield Problem(topic, "dialects", f"{topic}：脚本开头没有说明方言 {code}")
        elif not isinstance(texts, dict) or "say" not in texts or set(texts) - _TEXTS:
            yield Problem(topic, "dialects", f"{topic}：{place} 必须有 say，另可有 say_known")
        else:
            yield from _text_problems(topic, texts, f"{topic}：{place}", set(texts), PLACEHOLDERS)


def _wording_problems(
    topic: Topic,
    table: Mapping[str, object],
    ways_out: AbstractSet[str],
    also: AbstractSet[str],
    inside: str = "",
) -> Iterator[Problem]:
    unknown = set(table) - _WORDING - also
    if unknown:
        named = "、".join(sorted(unknown))
        yield Problem(topic, min(unknown), f"{topic}：{inside}不认识的字段 {named}")
    texts = {name: text for name, text in table.items() if name in _TEXTS}
    if "say" not in texts:
        yield Problem(topic, "", f"{topic}：{inside}缺少 say")
    yield from _text_problems(
        topic, texts, f"{topic}：{inside}".rstrip("："), set(texts), PLACEHOLDERS
    )
    keys = table.get("keys", {})
    replies = _REPLY_KEYS[topic]
    if not isinstance(keys, dict) or sorted(map(str, keys.values())) != sorted(replies):
        named = "、".join(sorted(replies)) or "无"
        yield Problem(topic, "keys", f"{topic}：按键必须正好对应 {named}，各一个（{inside}keys）")
    elif not all(map(_is_key, keys)):
        yield Problem(topic, "keys", f"{topic}：按键只能是 0-9、* 或 #（{inside}keys）")
    elif set(keys) & ways_out:
        taken = "、".join(sorted(set(keys) & ways_out))
        yield Problem(
            topic, "keys", f"{topic}：{taken} 键随时用于退出，不能再作答案（{inside}keys）"
        )


def _text_problems(
    topic: str,
    table: object,
    place: str,
    names: AbstractSet[str],
    placeholders: AbstractSet[str] = frozenset(),
) -> Iterator[Problem]:
    texts = table if isinstance(table, dict) else {}
    if set(texts) != names:
        yield Problem(topic, place, f"{place} 必须正好有 {'、'.join(sorted(names))}")
        return
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            yield Problem(topic, name, f"{place}.{name} 必须是文字")
            continue
        used = _placeholders(text)
        if not used <= placeholders:
            named = "、".join(sorted(used - placeholders))
            yield Problem(topic, name, f"{place}.{name}：不认识的占位符 {named}")


def _placeholders(text: str) -> set[str]:
    """Name the placeholders of a text; one with a format of its own, or half of one, is none."""
    try:
        return {
            field if not spec and not conversion else f"{field}!{conversion or ''}:{spec or ''}"
            for _, field, spec, conversion in Formatter().parse(text)
            if field is not None
        }
    except ValueError:
        return {"{"}


def _is_key(key: object) -> bool:
    return isinstance(key, str) and len(key) == 1 and key in KEYS


def _line(text: str, topic: str, field: str) -> int | None:
    """Find the line of a field of a question, or of the head; else where the question begins."""
    lines = text.splitlines()
    first, last = 0, len(lines)
    if topic:
        said = re.compile(rf"\s*topic\s*=\s*[\"']{re.escape(topic)}[\"']")
        begins = (number for number, line in enumerate(lines) if said.match(line))
        first = next(begins, -1)
        if first < 0:
            return None
        nexts = (n for n in range(first + 1, last) if lines[n].strip() == "[[questions]]")
        last = next(nexts, last)
    name = re.escape(field.rpartition(".")[2])
    found = re.compile(rf"\s*(\"?{name}\"?\s*=|\[+{re.escape(field)}[\].])")
    for number in range(first, last):
        if field and found.match(lines[number]):
            return number + 1
    return first + 1 if topic else None
