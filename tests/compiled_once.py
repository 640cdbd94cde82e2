"""What the applications of one test run compile once instead of each for itself.

A test's application compiles 340 routes and a dozen templates: more work than most tests. The
results depend on the routes' and the templates' text alone.
"""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

_WHERE = "EVALSYS_TEST_COMPILED"
"""The folder of this test run, which the first of its processes makes and removes."""
_Build = Callable[..., tuple[str, str]]
_compile_builder: Callable[[Rule, bool], _Build] = Rule._compile_builder
_builders: dict[tuple[object, ...], _Build] = {}
_parse_rule: Callable[[Rule, str], Iterable[RulePart]] = Rule._parse_rule
_parsed: dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]] = {}


def _builder_of(rule: Rule, append_unknown: bool = True) -> _Build:  # noqa: FBT001, FBT002 - as Werkzeug's
    given = tuple((rule.defaults or {}).items())
    key = (append_unknown, rule.rule, *rule._trace, *given)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def _parts_of(rule: Rule, text: str) -> list[RulePart]:
    if text not in _parsed:
        before = len(rule._trace)
        parts = list(_parse_rule(rule, text))
        _parsed[text] = parts, rule._trace[before:], rule._converters
        return parts
    parts, trace, converters = _parsed[text]
    rule._trace += trace
    rule._converters |= converters
    rule.arguments |= converters.keys()
    return parts


def begin() -> None:
    """Let every application that this process builds from now on share."""
    folder = os.environ.get(_WHERE)
    if folder is None:
        folder = os.environ[_WHERE] = mkdtemp(prefix="evalsys-templates-")
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(folder)}
    Rule._parse_rule = _parts_of  # type: ignore[method-assign, assignment]  # as below
    Rule._compile_builder = _builder_of  # type: ignore[method-assign, assignment]  # remembers, as said above


def end() -> None:
    """Remove the folder, when no other process of this run is left."""
    shutil.rmtree(Path(os.environ.pop(_WHERE)))
