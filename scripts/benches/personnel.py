"""Eligibility with every reason, and the workbook that the department takes away."""

import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random  # noqa: TID251 - people for a stopwatch, no draw

from evalsys.clock import utc_now
from evalsys.domain import personnel
from evalsys.domain.rulesheet import RuleSheet
from evalsys.domain.rulesheet_advice import ADVICE_TITLES, Adviser
from evalsys.domain.rulesheet_compile import compile_rules
from evalsys.domain.rulesheet_facts import ID, FactsReader
from evalsys.exports.rulesheet import write_rule_workbook
from evalsys.store.rulebooks import shipped_rule_set
from scripts.benches.figure import Figure, in_turn, once
from scripts.benches.personnel_dossiers import dossier_figures
from scripts.benches.personnel_numpy import without_reasons
from scripts.benches.personnel_workbook import workbook_figures
from scripts.benches.personnel_zen import with_zen

SET = "沂水2013"
DAY = date(2026, 11, 26)
COUNTY, PROVINCE = 10_180, 1_000_000
WORDS = {
    personnel.GRADE: ("合格", "合格", "合格", "不合格"),
    personnel.PROBATION: ("否", "否", "否", "是"),
    personnel.PRINCIPAL: ("否", "否", "是"),
    personnel.STAFF_TYPE: ("公务员", "事业"),
    personnel.UNIT_PERSON_TIMES: tuple("0000123"),
    personnel.NOTABLE: ("否", "否", "是"),
    personnel.APPRAISAL: ("满意", "未开展", "不满意"),
    personnel.FAKED: tuple("000001"),
    personnel.FAKED_UNSANCTIONED: tuple("0000001"),
    personnel.INVESTIGATIONS_OPEN: tuple("000001"),
    personnel.NOT_DONE: tuple("0000012"),
    personnel.BROKEN_PLEDGES: tuple("000001"),
    personnel.UNIT_BROKEN_PLEDGES: tuple("0000001"),
    personnel.IN_SANCTION: ("否", "否", "否", "否", "是"),
}
"""What each field of the set may say, more often what is usual; a new field needs its line."""


def run(repeat: int) -> list[Figure]:
    """Judge a county and a million people, in memory and from file to file."""
    sheet = compile_rules(shipped_rule_set(SET), DAY).sheet
    lines = list(_lines(sheet, COUNTY))
    ours, zen, numpy = in_turn(
        repeat,
        lambda: _advised(sheet, lines),
        with_zen(sheet, lines),
        without_reasons(sheet, lines),
    )
    what = f"eligibility of {COUNTY:,} with every reason"
    return [
        Figure("personnel", what, ours, "s", "zen-engine, batch with trace", zen, 0.3),
        Figure("personnel", what, ours, "s", "numpy, without reasons", numpy),
        *_million(sheet),
        *workbook_figures(repeat),
        *dossier_figures(repeat),
    ]


def _million(sheet: RuleSheet) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = list(_lines(sheet, PROVINCE))
        with (folder / "facts.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([[ID, *sheet.fields], *lines])
        with (folder / "rules.xlsx").open("wb") as out:
            write_rule_workbook(shipped_rule_set(SET), out, made_at=utc_now())
        (numpy,) = once(without_reasons(sheet, lines))
        (ours,) = once(lambda: _command(folder))
        with (folder / "out.csv").open(encoding="utf-8-sig") as file:
            written = sum(1 for _ in file) - 1
    if written != PROVINCE:
        message = f"{written} of {PROVINCE} people were judged"
        raise RuntimeError(message)
    what = f"eligibility of {PROVINCE:,} with every reason, CSV to CSV"
    peer = "numpy, in memory, without reasons"
    return [Figure("personnel", what, ours, "s", peer, numpy, 30)]


def _command(folder: Path) -> None:
    subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable, "-m", "evalsys", "rules", "evaluate", folder / "rules.xlsx",
            "--facts", folder / "facts.csv", "--as-of", DAY.isoformat(),
            "--out", folder / "out.csv",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def _advised(sheet: RuleSheet, lines: list[list[str]]) -> list[tuple[str, ...]]:
    """Read the texts of everybody and answer with conclusion, rules and reasons."""
    reader = FactsReader(sheet, [ID, *sheet.fields])
    advise = Adviser(sheet, DAY).advise
    rows: list[tuple[str, ...]] = []
    for cells in lines:
        person, faults = reader.read(cells)
        if person is None or faults:
            raise RuntimeError(faults)
        rows.append((person.number, *advise(person.facts)))
    if len(rows[0]) != 1 + len(ADVICE_TITLES):
        message = "an answer without its reasons"
        raise RuntimeError(message)
    return rows


def _lines(sheet: RuleSheet, count: int) -> Iterator[list[str]]:
    """Make up people as a facts file has them, one value in twenty missing, always alike."""
    dice = Random("bench")  # noqa: S311 - people for a stopwatch
    columns = [WORDS[name] for name in sheet.fields]
    for number in range(count):
        yield [
            f"{number:08}",
            *("" if dice.random() < 0.05 else dice.choice(words) for words in columns),
        ]
