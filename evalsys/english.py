"""What is said in Chinese, said in English: errors, lines of checklists, reports of commands.

The domain and the services know no language: their sentences are whole, with their values in
them. The catalogue holds each as a template, gathered by `scripts/error_texts.py`; here a sentence
is held against the templates and said again with the same values (decision 29). Doors ask, for
whoever reads English: web pages and socket acknowledgements, and the command line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.mofile import read_mo

_CATALOGUE: Final = Path(__file__).parent / "translations/en/LC_MESSAGES/messages.mo"
_VALUE: Final = re.compile(r"\{(\w+)\}")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_LEAST_WORDS: Final = 2
"""A template of fewer characters than this, such as "{place}：{what}", would fit everything."""
_DEEPEST: Final = 3
"""A value may be a sentence with values; nobody nests them deeper."""


_SENTENCES: Final = re.compile("[^。]+。?")
_CLAUSES: Final = re.compile("[^；]+")
_LISTED: Final = re.compile("[^、]+")
_JOINED: Final = re.compile("[^·]+")
_BRACKETED: Final = re.compile("[^（]+")
_LABELLED: Final = re.compile("[^：]+")
_COUNTED: Final = re.compile(r"^[\d.,]+(?= )|(?<=\d ).+")
"""A number with its unit."""
_PLACED: Final = re.compile(r"^\S+:(?= )|(?<=: ).+")
"""The line of an error: its place, what."""


@dataclass(frozen=True, slots=True)
class _Template:
    narrow: re.Pattern[str]
    """Fits it where each value is within one sentence or clause."""
    wide: re.Pattern[str]
    """Fits it whatever the values."""
    english: str
    telling: str
    """The longest piece that is the same whatever the values: without it, nothing fits."""
    rank: tuple[int, int, int]
    """Chinese characters outside the values, all characters, how few values: the highest first."""

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the English with its values."""
        return _VALUE.sub(lambda value: values[f"v_{value[1]}"], self.english)


def in_english(text: str, depth: int = 0) -> str:
    """Return the English of a Chinese sentence with its values, or the sentence itself."""
    if not _CHINESE.search(text):
        return text.replace("、", ", ").replace("，", ", ")
    if (exact := _catalogue().get(text)) or depth == _DEEPEST:
        return exact or text
    return (
        _fitted(text, depth, "narrow")
        or _without_its_stop(text, depth)
        or _one_by_one(text, depth, _SENTENCES, " ")
        or _one_by_one(text, depth, _CLAUSES, "; ")
        or _fitted(text, depth, "wide")
        or _one_by_one(text, depth, _LISTED, ", ")
        or _one_by_one(text, depth, _JOINED, "·")
        or _one_by_one(text, depth, _BRACKETED, "（")
        or _one_by_one(text, depth, _PLACED, " ")
        or _one_by_one(text, depth, _COUNTED, " ")
        or _one_by_one(text, depth, _LABELLED, ": ")
        or text
    )


def _fitted(text: str, depth: int, how: Literal["narrow", "wide"]) -> str:
    """Say a sentence by the most particular template that fits it; "" where none does."""
    for template in _templates():
        if template.telling not in text:
            continue
        pattern = template.narrow if how == "narrow" else template.wide
        # One template again and again, 第1季度、第2季度, rather than once around all of them.
        for several in (text.split("、"), [text]):
            found = [one for part in several if (one := pattern.fullmatch(part))]
            if len(found) == len(several):
                return ", ".join(template.filled(_values(one, depth)) for one in found)
    return ""


def _values(found: re.Match[str], depth: int) -> dict[str, str]:
    return {name: in_english(value, depth + 1) for name, value in found.groupdict().items()}


def _without_its_stop(text: str, depth: int) -> str:
    """Say a sentence whose full stop was put after it; "" where it has others or is not known."""
    bare = text.removesuffix("。")
    if bare == text or "。" in bare:
        return ""
    said = in_english(bare, depth + 1)
    return f"{said}." if said != bare else ""


def _one_by_one(text: str, depth: int, several: re.Pattern[str], between: str) -> str:
    """Say the parts of a text; "" where it has one, or one of them is not known."""
    parts = [part.strip() for part in several.findall(text)]
    said = [in_english(part, depth + 1) for part in parts]
    known = len(parts) > 1 and all(
        a != b or not _CHINESE.search(a) for a, b in zip(parts, said, strict=True)
    )
    return between.join(said) if known else ""


def sentences() -> Iterator[tuple[str, str]]:
    """Yield each text of the catalogue that holds values, with its English."""
    for chinese, english in _catalogue().items():
        if english and _VALUE.search(chinese):
            yield chinese, english


@cache
def _catalogue() -> Mapping[str, str]:
    with _CATALOGUE.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_mo(file) if one.id}


@cache
def _templates() -> tuple[_Template, ...]:
    found = (_template(chinese, english) for chinese, english in sentences())
    return tuple(sorted((one for one in found if one), key=lambda one: one.rank, reverse=True))


def _template(chinese: str, english: str) -> _Template | None:
    """Make a template, or none where a text is too short to tell it from others."""
    pieces = _VALUE.split(chinese)[::2]
    said = "".join(pieces)
    fixed = len(_CHINESE.findall(said))
    if fixed < _LEAST_WORDS:
        return None
    rank = (fixed, len(said), -len(pieces))
    return _Template(*_patterns(chinese), english, max(pieces, key=len), rank)


def _patterns(chinese: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a sentence of this template looks like, narrow and wide; values are short."""
    parts = _VALUE.split(chinese)
    fixed, names = parts[::2], parts[1::2]
    body = re.escape(fixed[0])
    for name, after in zip(names, fixed[1:], strict=True):
        again = f"(?P<v_{name}>" in body
        body += (f"(?P=v_{name})" if again else f"(?P<v_{name}>[^。；]*?)") + re.escape(after)
    return re.compile(body), re.compile(body.replace("[^。；]*?", ".*?"), re.DOTALL)
