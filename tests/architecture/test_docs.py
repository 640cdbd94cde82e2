"""The documentation tells what the code does, and a test notices when it no longer does."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from evalsys.cli.main import cli
from evalsys.errors import EvalsysError
from evalsys.settings import Settings
from tests.architecture.checkout import ROOT, named, our_files

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def _errors(kind: type[EvalsysError] = EvalsysError) -> Iterator[type[EvalsysError]]:
    for one in kind.__subclasses__():
        if one.__module__ == "evalsys.errors":
            yield one
            yield from _errors(one)


def _commands(group: click.Group, name: str = "evalsys") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for part in group.list_commands(context):
        command = group.get_command(context, part)
        assert command is not None
        yield f"{name} {part}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{name} {part}")


def _rows(page: str, columns: int) -> list[list[str]]:
    """The table rows of a page, cells without their code marks."""
    lines = (DOCS / page).read_text("utf-8").splitlines()
    cells = [
        [cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines
        if line.startswith("|")
    ]
    return [row for row in cells if len(row) == columns and not set(row[0]) <= {"-"}]


def test_every_error_code_is_documented_with_its_status_and_exit_code() -> None:
    told = {row[0]: (row[1], row[2]) for row in _rows("errors.md", 4) if row[0] != "code"}
    known = {one.code: (str(one.status), str(one.exit_code)) for one in _errors()}
    assert told == known


def test_every_setting_is_documented() -> None:
    told = {row[0] for row in _rows("settings.md", 3) if row[0] != "variable"}
    derived = {"secure_cookies"}  # follows from the public address
    names = {field.name for field in fields(Settings)} - derived
    assert told == {f"EVALSYS_{name.upper()}" for name in names}


def test_every_command_explains_itself_and_is_listed() -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    for name, command in _commands(cli):
        assert f"`{name}" in page, name
        shown = CliRunner().invoke(command, ["--help"], prog_name=name)
        assert shown.exit_code == 0, shown.output
        assert command.help, name


def test_every_glossary_word_stands_in_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in our_files(".py", under="evalsys/"))
    terms = {row[2]: row[0] for row in _rows("glossary.md", 4) if row[2] != "in code"}
    absent = [
        f"{term} ({word})"
        for word, term in terms.items()
        for one in word.split(", ")
        if not re.search(rf"\b{re.escape(one)}", code, re.IGNORECASE)
    ]
    assert absent == []


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    requirements += project["optional-dependencies"]["bench"]
    requirements += project["optional-dependencies"]["sip"]
    names = {re.match(r"[\w.-]+", one).group() for one in requirements}  # type: ignore[union-attr]  # every requirement starts with a name
    vendored = json.loads((ROOT / "static/vendor/MANIFEST.json").read_text("utf-8"))
    names |= {part["name"] for part in vendored}
    told = {row[0] for row in _rows("dependencies.md", 3) if row[0] != "package"}
    assert told == names


@pytest.mark.parametrize("page", our_files(".md"), ids=named)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_paths_that_pages_name_exist() -> None:
    path = re.compile(r"`((?:evalsys|static|templates|scripts|tests|docs)/[\w./-]*\w/?)`")
    gone = [
        f"{named(page)}: {found}"
        for page in our_files(".md")
        for found in path.findall(page.read_text("utf-8"))
        if not (ROOT / found).exists()
    ]
    assert gone == []


def test_the_indexes_name_every_page() -> None:
    index = (DOCS / "formats.md").read_text("utf-8")
    assert [one.name for one in (DOCS / "formats").glob("*.md") if one.name not in index] == []
    front = (ROOT / "README.md").read_text("utf-8")
    assert [one.name for one in DOCS.glob("*.md") if f"docs/{one.name}" not in front] == []
    scripts = (DOCS / "commands.md").read_text("utf-8")
    assert [
        named(one) for one in our_files("", under="scripts/") if named(one) not in scripts
    ] == []


def test_decisions_are_numbered_without_a_gap_and_say_context_decision_and_price() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    for number, record in enumerate(records, start=1):
        text = record.read_text("utf-8")
        assert record.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        for part in ("**Context.**", "**Decision.**", "**Price.**"):
            assert part in text, f"{named(record)}: {part}"
