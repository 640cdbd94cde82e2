"""Every text that people see has its English, and both say the same placeholders."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.architecture.checkout import ROOT

ENGLISH = ROOT / "evalsys/translations/en/LC_MESSAGES/messages"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
AGAIN = "run scripts/translate"


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.with_suffix(".po").open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every text marked with `_(...)` in code and templates."""
    found = tmp_path_factory.mktemp("texts") / "texts.pot"
    babel = (sys.executable, "-m", "babel.messages.frontend")
    subprocess.run(  # noqa: S603 - a fixed command
        [*babel, "-q", "extract", "--mapping", "babel.cfg", "--output-file", str(found), "."],
        cwd=ROOT,
        check=True,
    )
    return _ids(found)


def test_every_text_has_its_english(english: Catalog, texts: set[str]) -> None:
    translated = {str(message.id) for message in english if message.id and message.string}
    assert texts - translated == set(), AGAIN
    assert translated - texts == set(), AGAIN


def test_translations_fill_in_the_same_values(english: Catalog) -> None:
    differing = [
        message.id
        for message in english
        if message.id
        and sorted(PLACEHOLDER.findall(str(message.id)))
        != sorted(PLACEHOLDER.findall(str(message.string)))
    ]
    assert differing == []


def test_nothing_is_left_in_chinese_but_what_people_type(english: Catalog) -> None:
    left = {message.id for message in english if message.id and CHINESE.search(str(message.string))}
    assert left == {
        "例如 00004211 或 王",
        "只能填“是”或“否”",
        "请改为“是”或“否”。",
        "请填 是 或 否",
        "“{name}”是布尔字段，“{text}”不是“是”或“否”",
        "“有”“无”后面不写值，其他运算必须写值",
    }


def test_the_compiled_catalogue_is_that_of_the_source(english: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, english)
    assert ENGLISH.with_suffix(".mo").read_bytes() == compiled.getvalue(), AGAIN


def _ids(path: Path) -> set[str]:
    with path.open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}
