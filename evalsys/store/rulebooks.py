"""The rulebooks that come with the software."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from evalsys.domain.personnel import FIELDS
from evalsys.domain.rulebook import Rulebook
from evalsys.domain.rulebook_text import parse_rulebook
from evalsys.domain.rulesheet import FIELDS as FIELDS_SHEET
from evalsys.domain.rulesheet import RULES, SAMPLES
from evalsys.errors import NotFound

YISHUI_2013 = "yishui-2013"
RULE_SETS: Mapping[str, str] = {"沂水2013": YISHUI_2013, "国家默认": "national"}
"""The rule sets that come as spreadsheets, and the folder of each."""
_FILES = {RULES: "rules.csv", FIELDS_SHEET: "fields.csv", SAMPLES: "samples.csv"}


@cache  # they come with the code
def shipped_rulebook(name: str = YISHUI_2013) -> Rulebook:
    """Read a rulebook of the package by the name of its file, without `.toml`.

    Raises:
        NotFound: none has this name.
        InvalidInput: it is faulty; every fault is listed.
    """
    folder = files("evalsys.rulebooks")
    names = sorted(file.name.removesuffix(".toml") for file in folder.iterdir())
    if name not in names or not (source := folder / f"{name}.toml").is_file():
        known = "、".join(name for name in names if (folder / f"{name}.toml").is_file())
        raise NotFound(f"没有名为“{name}”的规则集。", remedy=f"可用的规则集：{known}。")
    return parse_rulebook(source.read_text(encoding="utf-8"), FIELDS)


def shipped_rule_set(name: str) -> dict[str, list[list[str]]]:
    """Read the three sheets of a rule set that comes with the software, as rows of texts.

    Raises:
        NotFound: none has this name.
    """
    if name not in RULE_SETS:
        raise NotFound(
            f"没有名为“{name}”的规则集。", remedy=f"可用的规则集：{'、'.join(RULE_SETS)}。"
        )
    folder = files("evalsys.rulebooks") / "sheets" / RULE_SETS[name]
    return {
        sheet: list(csv.reader((folder / file).read_text(encoding="utf-8").splitlines()))
        for sheet, file in _FILES.items()
    }


def shipped_casework(name: str) -> list[list[str]]:
    """Read a table of the package for casework by the name of its file, without `.csv`.

    Raises:
        NotFound: none has this name.
    """
    source = files("evalsys.rulebooks") / "casework" / f"{name}.csv"
    if not name.replace("-", "").isalnum() or not source.is_file():
        raise NotFound(f"没有名为“{name}”的表。", remedy="请核对名称。")
    return list(csv.reader(source.read_text(encoding="utf-8").splitlines()))
