"""Dossiers as PDF: ours, each a file, beside a bare typst document of the same words."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import typst

from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.personnel import Cadre
from evalsys.domain.personnel_county import CountyFacts, Evaluation, evaluate
from evalsys.domain.roster_ranks import StaffType
from evalsys.exports.dossiers import Dossier, dossier_values, dossiers_pdf
from evalsys.exports.fonts import FAMILY, typefaces
from evalsys.exports.pdf import Value
from evalsys.ids import CadreNumber, UnitCode
from evalsys.store.rulebooks import shipped_rulebook
from scripts.benches.figure import Figure, in_turn

PEOPLE = 100
COUNTY = 10_180
DAY = date(2026, 11, 26)
ZONE = ZoneInfo("Asia/Shanghai")


def dossier_figures(repeat: int) -> list[Figure]:
    """Set a hundred different dossiers one by one; the county takes 101.8 times as long."""
    typefaces()  # unpacked once a process, not once a dossier
    evaluation = _evaluation()
    papers = [dossier_values(evaluation, [Dossier(one, ())], ZONE) for one in evaluation.assessed]
    with TemporaryDirectory() as name:
        folder = Path(name)
        plain = [_plain(folder, number, values) for number, values in enumerate(papers)]
        ours, bare = in_turn(
            repeat,
            lambda: [dossiers_pdf(evaluation, values) for values in papers],
            lambda: list(map(_bare, plain)),
        )
    what = f"{COUNTY:,} dossiers as PDF, from {PEOPLE}"
    scale = COUNTY / PEOPLE
    peer = "bare typst, the same words in plain paragraphs"
    return [Figure("personnel", what, ours * scale, "s", peer, bare * scale)]


def _evaluation() -> Evaluation:
    cadres = tuple(
        Cadre(
            number=CadreNumber(f"{i:08d}"),
            name=f"王{chr(0x5000 + i)}",
            unit=UnitCode(f"U{i % 9}"),
            unit_name=f"县第{i % 9}局",
            township="龙家圈街道",
            post="股长",
            rank="副科级",
            staff_type=StaffType.CIVIL_SERVANT,
            on_probation=i % 7 == 0,
            is_principal=i < 9,
        )
        for i in range(PEOPLE)
    )
    inputs = tuple(
        AssessmentInput(c.number, 2026, 500 + 3 * i, 30, 20 + i % 10, 800, 700 + i)
        for i, c in enumerate(cadres)
    )
    return evaluate(CountyFacts(cadres, inputs), shipped_rulebook(), as_of=DAY, year=2026)


def _plain(folder: Path, number: int, values: dict[str, Value]) -> Path:
    """Lay the words of a dossier down as a document without any layout."""
    words = "\n\n".join(f'#"{_escaped(text)}"' for text in _texts(values) if text)
    path = folder / f"{number}.typ"
    path.write_text(f'#set text(font: "{FAMILY}", lang: "zh")\n{words}\n', "utf-8")
    return path


def _texts(value: Value) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for inner in value.values() for text in _texts(inner)]
        case list():
            return [text for inner in value for text in _texts(inner)]
        case _:
            return []


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _bare(path: Path) -> object:
    return typst.compile(path, font_paths=typefaces().fonts, ignore_system_fonts=True, format="pdf")
