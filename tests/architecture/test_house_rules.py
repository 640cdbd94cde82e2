"""Rules of the house that no linter knows."""

import ast
import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from evalsys.store import migrations
from tests.architecture.checkout import ROOT, named, our_files

LONGEST_FILE = 400
SCRIPTS = our_files("", under="scripts/")

# A letter in brackets keeps each pattern from finding itself.
OF_ONE_MACHINE = re.compile(
    r"/wor[k]/|/roo[t]/|\.\./share[d]"
    r"|py[p]i\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|deb\.debia[n]\.org"
)
OUTSIDE = re.compile(
    r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//"""
    r"""|(?:url\(|from|@import)\s*["']?(?:https?:)?//"""
)


def test_no_file_grows_past_four_hundred_lines() -> None:
    code = our_files(".py", ".html", ".css", ".mjs", "", under="")
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in code}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_nothing_tells_where_it_was_made_or_from_which_mirror_it_came() -> None:
    files = [*our_files(), *ROOT.glob("requirements*.lock")]
    found = [
        f"{named(path)}: {match.group()}"
        for path in files
        for match in OF_ONE_MACHINE.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_pages_load_nothing_from_other_machines() -> None:
    pages = [*our_files(under="templates/"), *our_files(under="static/")]
    assert [named(path) for path in pages if OUTSIDE.search(path.read_text("utf-8"))] == []


def test_pages_hold_no_inline_script_style_or_handler() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle\s*=|\son[a-z]+=[\"']")
    data = re.compile(r"""<script[^>]*type=["']application/json["'][^>]*>""")
    found = [
        f"{named(path)}: {match.group().strip()}"
        for path in our_files(".html", under="templates/")
        for match in inline.finditer(path.read_text("utf-8"))
        if not data.match(match.group())
    ]
    assert found == []


def test_vendored_files_are_listed_and_unchanged() -> None:
    manifest = json.loads((ROOT / "static/vendor/MANIFEST.json").read_text("utf-8"))
    listed = {name: digest for part in manifest for name, digest in part["files"].items()}
    present = {
        str(path.relative_to(ROOT / "static")): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("vendor", "fonts")
        for path in (ROOT / "static" / folder).rglob("*")
        if path.is_file() and path.name not in {"MANIFEST.json", "README.md"}
    }
    assert listed == present


def test_vendored_files_that_had_to_be_changed_lead_back_to_the_package() -> None:
    manifest = json.loads((ROOT / "static/vendor/MANIFEST.json").read_text("utf-8"))
    by_path = re.compile(
        r'^(import .* from )"(?:\.\./)+noble-hashes-[0-9.]+/([a-z0-9]+\.js)";$', re.MULTILINE
    )
    before = {name: digest for part in manifest for name, digest in part.get("before", {}).items()}
    assert before
    for name, digest in before.items():
        ours = (ROOT / "static" / name).read_text("utf-8")
        theirs = by_path.sub(r"\1'@noble/hashes/\2';", ours)
        assert hashlib.sha256(theirs.encode()).hexdigest() == digest, name


def test_every_excuse_to_a_checker_gives_its_reason() -> None:
    silent = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?!.*\s[-#]\s\S).*$", re.MULTILINE)
    found = [
        f"{named(path)}: {match.group()}"
        for path in our_files(".py")
        if path != Path(__file__)
        for match in silent.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_imports_stand_at_the_top_of_their_file() -> None:
    inside = [
        f"{named(path)}:{node.lineno}"
        for path in our_files(".py", under="evalsys/")
        for scope in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(scope)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_the_county_s_day_is_reckoned_in_one_place() -> None:
    spelled_out = re.compile(r"\.astimezone\([^()\n]+\)\.date\(\)")
    found = [
        named(path)
        for path in our_files(".py", under="evalsys/")
        if spelled_out.search(path.read_text("utf-8"))
    ]
    assert found == ["evalsys/domain/local_date.py"]


def test_migrations_form_one_numbered_chain() -> None:
    (folder,) = migrations.__path__
    chain = list(ScriptDirectory(folder).walk_revisions())
    numbers = [Path(revision.path).name[:4] for revision in reversed(chain)]
    assert numbers == [f"{n:04}" for n in range(1, len(chain) + 1)]


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_every_script_is_short_says_what_it_does_and_can_be_run(script: Path) -> None:
    lines = script.read_text("utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1].startswith("# ")
    assert len(lines) < 80
    assert script.stat().st_mode & 0o111 == 0o111


def test_the_lock_pins_every_dependency_with_hashes_and_names_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for lock, wanted in (
        ("requirements.lock", [*project["dependencies"], *extras["dev"]]),
        ("requirements-bench.lock", extras["bench"]),
        ("requirements-sip.lock", extras["sip"]),
    ):
        text = (ROOT / lock).read_text("utf-8")
        pins = re.findall(r"^([a-z0-9._-]+)==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
        assert {_normal(requirement) for requirement in wanted} <= {_normal(pin) for pin in pins}
        assert len(pins) == len(re.findall(r"^\S+==", text, re.MULTILINE))
        assert "://" not in text


def _normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[._-]+", "-", name.group()).lower()
