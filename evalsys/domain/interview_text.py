"""Reading an interview script from TOML; one that a household could not answer is refused."""

import tomllib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from evalsys.domain.interview import Dialect, Ending, Hint, Question, Script, Topic
from evalsys.domain.interview_checks import script_problems
from evalsys.errors import InvalidInput

_NO_KEYS: Final[Mapping[str, str]] = {}
_PIN_DIGITS = 6
_PIN_TRIES = 3
_REMEDY = "请按所指的行修改访谈脚本；写法见 docs/formats/interviews.md。"


def parse_script(raw: bytes, place: str = "") -> Script:
    """Read a script from TOML, and refuse one that a household could not answer.

    Args:
        raw: the file, UTF-8; its SHA-256 becomes the script's identity.
        place: the file's name, for messages.

    Raises:
        InvalidInput: lists everything that is wrong with the script, with line and field.
    """
    try:
        text = raw.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"访谈脚本不是有效的 TOML：{error}", place=place) from error
    problems = [problem.told(text) for problem in script_problems(table)]
    if problems:
        raise InvalidInput("；".join(problems) + "。", remedy=_REMEDY, place=place)
    return Script(
        name=table["name"],
        version=table["version"],
        sha256=sha256(raw).hexdigest(),
        language=table["language"],
        reprompts=table["reprompts"],
        answer_within_s=table["answer_within_s"],
        comment_within_s=table["comment_within_s"],
        questions=tuple(_question(Topic(each["topic"]), each) for each in table["questions"]),
        again=_again(table["again"]),
        farewells=_farewells(table["farewells"]),
        not_free_key=table.get("not_free_key", ""),
        never_key=table.get("never_key", ""),
        pin_digits=table.get("pin_digits", _PIN_DIGITS),
        pin_tries=table.get("pin_tries", _PIN_TRIES),
        rotates=tuple(Topic(each) for each in table.get("rotates", ())),
        dialects={
            code: Dialect(
                each["language"],
                _again(each.get("again", {})),
                _farewells(each.get("farewells", {})),
                each.get("key", ""),
                each.get("offer", ""),
                each.get("name", "").strip(),
            )
            for code, each in table.get("dialects", {}).items()
        },
        raw=raw,
        own_words=_own_words(table["language"], **table.get("own_words", {})),
    )


def _question(
    topic: Topic, table: Mapping[str, Any], keys: Mapping[str, str] = _NO_KEYS
) -> Question:
    keys = dict(table.get("keys", keys))
    turned = table.get("turned")
    return Question(
        topic,
        table["say"],
        table.get("say_known", ""),
        keys,
        None if turned is None else _question(topic, turned),
        {code: _question(topic, each, keys) for code, each in table.get("dialects", {}).items()},
    )


def _own_words(language: str, key: str = "", offer: str = "") -> Dialect:
    return Dialect(language, {}, {}, key, offer)


def _again(table: Mapping[str, str]) -> dict[Hint, str]:
    return {Hint(hint): text for hint, text in table.items()}


def _farewells(table: Mapping[str, str]) -> dict[Ending, str]:
    return {Ending(ending): text for ending, text in table.items()}
