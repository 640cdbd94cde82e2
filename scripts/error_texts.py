"""Finds the Chinese texts of floors that know no language: errors, remedies, lines of a checklist.

Babel calls it for the files that `babel.cfg` names. A text with values in it becomes a sentence
with their names, as `evalsys/english.py` looks it up: f"{len(seats)} 个评议席" is "{0} 个评议席".
Rulebooks give their titles.
"""

import ast
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO

from babel.messages.extract import extract_python

_CHINESE = re.compile("[\u4e00-\u9fff]")
_BOTH = re.compile(r"· ?(?!\{)[!-~]")
_Found = tuple[int, str | None, str | tuple[str, ...], list[str]]


def extract(
    file: IO[bytes],
    keywords: Mapping[str, object],
    comment_tags: Collection[str],
    options: dict[str, str],
) -> Iterator[_Found]:
    """Yield line, function, text and comments of what is marked, and of each Chinese text."""
    marked = extract_python(file, keywords, comment_tags, options)  # type: ignore[arg-type]  # Babel's own aliases
    yield from marked  # type: ignore[misc]  # Babel is annotated otherwise than it yields
    file.seek(0)
    for line, text in sorted(_texts(ast.parse(file.read()))):
        yield line, None, text, []


def said(
    file: IO[bytes],
    keywords: Mapping[str, object],  # noqa: ARG001 - Babel gives it to every extractor
    comment_tags: Collection[str],  # noqa: ARG001 - as above
    options: dict[str, str],  # noqa: ARG001 - as above
) -> Iterator[_Found]:
    """Yield what a command says, but for its help and what stands there in both languages."""
    tree = ast.parse(file.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list.clear()
    for line, text in sorted(_texts(tree)):
        if not _BOTH.search(text):
            yield line, None, text, []


def titles(
    file: IO[bytes],
    keywords: Mapping[str, object],  # noqa: ARG001 - Babel gives it to every extractor
    comment_tags: Collection[str],  # noqa: ARG001 - as above
    options: dict[str, str],
) -> Iterator[_Found]:
    """Yield what a rulebook calls rules, parameters, levels and units; documents keep theirs.

    The option `notes` adds its notes, where a page shows them.
    """
    keys = {"title", "unit", "name"} | ({"note"} if options.get("notes") else set())
    for text in sorted(set(_called(tomllib.load(file), keys))):
        if _CHINESE.search(text) and not text.startswith("《"):
            yield 1, None, text, []


def _called(value: object, keys: Collection[str], key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _called(inner, keys, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _called(inner, keys, key)
    elif key in keys:
        yield str(value)


def _texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    if _is_gettext(node) or _is_pattern(node) or _is_log(node):
        return
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _sentence(node)
        if _CHINESE.search(text):
            yield node.lineno, text
    for child in ast.iter_child_nodes(node):
        inner = isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)
        # A docstring, of a module or of an attribute
        alone = isinstance(node, ast.Expr) and isinstance(child, ast.Constant)
        if not (inner or alone):
            yield from _texts(child)


def _is_gettext(node: ast.AST) -> bool:
    """Whether it is a `_(...)`, which Babel's own extraction finds."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"


def _is_pattern(node: ast.AST) -> bool:
    """Whether it compiles a regular expression, which is no text."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"


def _is_log(node: ast.AST) -> bool:
    """Whether it writes into the log, which stays as it is."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log.")


def _sentence(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    names: list[str] = []
    text = ""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            names.append(_name(part.value, names))
            text += f"{{{names[-1]}}}"
        elif isinstance(part, ast.Constant):
            text += str(part.value)
    return text


def _name(value: ast.expr, taken: list[str]) -> str:
    """Name a value: as the code does where it has a name of its own, else by its place."""
    plain = {ast.Name: "id", ast.Attribute: "attr"}.get(type(value), "")
    name = str(getattr(value, plain)) if plain else str(len(taken))
    return name if name not in taken else str(len(taken))
