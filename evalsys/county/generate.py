"""Making up a whole county from a seed: its papers, and apart from them the truth."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Final

from evalsys.county import names
from evalsys.county.dice import Dice
from evalsys.county.forms import FILLED_AN_OFFICIAL, Forms
from evalsys.county.homes import Home, Homes
from evalsys.county.land import COUNTY_CODE, YISHUI, Land, Shape, lay_out
from evalsys.county.people import Official, People, populate
from evalsys.county.programmes import Services
from evalsys.county.sinks import CsvSink, Sink, Value, XlsxSink
from evalsys.domain.household_form import FormField, Sensitivity
from evalsys.domain.household_form_sheet import form_sheet
from evalsys.domain.programme_sheet import SERVICES
from evalsys.domain.roster_ranks import RankBand
from evalsys.domain.roster_sheets import SHEETS, Kind, Sheet

TRUTH_FILE: Final = "truth.jsonl"
WORKBOOK: Final = "roster.xlsx"
PROGRAMME_WORKBOOK: Final = "programmes.xlsx"
PROGRAMME_SHEETS: Final = {Kind.SERVICES: SERVICES}
FORMS_WORKBOOK: Final = "household-forms.xlsx"
FORMS_TITLE: Final = "民情表"

_HEADS_SINCE: Final = date(2024, 3, 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to make up. The same values give the same county, byte for byte."""

    cadres: int
    households: int
    seed: int
    as_of: date
    """Visits and requests lie between the first day of this year and this day."""
    shape: Shape = YISHUI
    form: Sequence[FormField] = ()
    """What household forms ask; none are filled without it."""


@dataclass(slots=True)
class Made:
    """What was made up."""

    cadres: int = 0
    households: int = 0
    townships: int = 0
    work_areas: int = 0
    villages: int = 0
    units: int = 0
    visits: int = 0
    requests: int = 0
    services: int = 0
    forms: int = 0
    """Households with a filled form."""
    grids: tuple[tuple[str, int], ...] = ()
    """Name of each level below the county's, and how many grids it has."""
    dialable_numbers: int = 0
    cadres_with_false_claims: int = 0
    households_with_false_claims: int = 0


Write = Callable[..., None]
"""Takes a kind of sheet and the cells of a row."""

Progress = Callable[[int, int], None]
"""Told how many cadres' households of how many are written."""


def generate(
    wanted: Wanted, folder: Path, *, csv: bool, xlsx: bool, progress: Progress
) -> tuple[Made, list[Path]]:
    """Write the county into `folder`; give what is in it and the files of its roster.

    Whom programmes served stands in files of its own, services.csv and programmes.xlsx; so do the
    household forms, household_form.csv and household-forms.xlsx.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Mapping[Kind, Sheet]] = {
        WORKBOOK: SHEETS,
        PROGRAMME_WORKBOOK: PROGRAMME_SHEETS,
    }
    if wanted.form:
        fields = [one for one in wanted.form if one.sensitivity is not Sensitivity.SENSITIVE]
        tables[FORMS_WORKBOOK] = {Kind.HOUSEHOLD_FORM: form_sheet(FORMS_TITLE, fields)}
    sinks: defaultdict[Kind, list[Sink]] = defaultdict(list)
    with ExitStack() as open_files:
        for book, sheets in tables.items():
            opened: list[Sink] = []
            if csv:
                opened.append(open_files.enter_context(CsvSink(folder, sheets)))
            if xlsx:
                opened.append(open_files.enter_context(XlsxSink(folder / book, sheets)))
            for kind in sheets:
                sinks[kind] += opened
        made = _write(wanted, sinks, folder / TRUTH_FILE, progress)
    files = [folder / f"{kind}.csv" for kind in SHEETS] if csv else []
    return made, [*files, *([folder / WORKBOOK] if xlsx else [])]


def as_json(made: Made, files: list[Path]) -> dict[str, object]:
    """Give the figures and file names for a program."""
    return asdict(made) | {"files": [str(path) for path in files]}


def _write(
    wanted: Wanted, sinks: Mapping[Kind, Sequence[Sink]], truth_path: Path, progress: Progress
) -> Made:
    def write(kind: Kind, *row: Value) -> None:
        for sink in sinks[kind]:
            sink.write(kind, row)

    land = lay_out(Dice(wanted.seed, "land"), wanted.cadres, wanted.shape)
    people = populate(
        wanted.seed,
        land,
        wanted.cadres,
        wanted.households,
        wanted.as_of,
        own_grids=wanted.shape.has_own_grids,
    )
    _write_structure(write, land, people, wanted.shape)
    _write_staff(write, wanted, land)
    made = Made(
        cadres=len(people.officials),
        townships=len(land.townships),
        work_areas=len(land.work_areas),
        villages=len(land.villages),
        units=len(people.offices),
        grids=_grid_counts(land, people, wanted.shape),
    )
    papers = _Papers(write, wanted, made, people)
    with truth_path.open("w", encoding="utf-8") as truth:
        for done, official in enumerate(people.officials, start=1):
            truth.writelines(papers.of(official))
            if done % 200 == 0 or done == made.cadres:
                progress(done, made.cadres)
    return made


def _write_staff(write: Write, wanted: Wanted, land: Land) -> None:
    """Fill the least that the preset asks for of each role, on every grid of the role's level."""
    dice = Dice(wanted.seed, "staff")
    for role in wanted.shape.roles:
        for area in land.levels()[role.depth - 2]:
            for _ in range(role.least):
                person = names.person(dice)
                write(Kind.STAFF, area.code, role.name, person, role.source, _HEADS_SINCE, None)


def _grid_counts(land: Land, people: People, shape: Shape) -> tuple[tuple[str, int], ...]:
    counts = [len(areas) for areas in land.levels()]
    if shape.has_own_grids:
        counts.append(len(people.officials))
    return tuple((level.name, n) for level, n in zip(shape.levels[1:], counts, strict=True))


def _write_structure(write: Write, land: Land, people: People, shape: Shape) -> None:
    for level in shape.levels:
        write(
            Kind.LEVELS,
            level.depth,
            level.name,
            level.head_count,
            level.head_min_rank,
            "是" if level.holds_households else "否",
            "是" if level.holds_cadres else "否",
        )
    write(Kind.GRIDS, COUNTY_CODE, shape.patterns[0], 1, None, None)
    for depth, areas in enumerate(land.levels(), start=2):
        for area in areas:
            write(Kind.GRIDS, area.code, area.name, depth, area.parent, area.grid_class or None)
    for official in people.officials if shape.has_own_grids else ():
        name = f"{official.village.name}{official.grid[-2:]}号联系网格"
        write(Kind.GRIDS, official.grid, name, 5, official.village.code, None)
    principals = people.principals()
    for office in people.offices:
        write(Kind.UNITS, office.code, office.name, principals[office.code].number, None)
    for grid, official in _heads(land, people, two=shape.levels[1].head_count > 1):
        write(Kind.HEADS, grid, official.number, _HEADS_SINCE, None)


def _heads(land: Land, people: People, *, two: bool) -> Iterator[tuple[str, Official]]:
    """Name the heads of all grids above the cadres' own: ranks and places as in Y09-Y11."""
    officials = people.officials
    yield COUNTY_CODE, officials[0]
    leaders = cycle([one for one in officials if one.band >= RankBand.DEPUTY_DIVISION])
    senior = [one for one in officials if one.band >= RankBand.DEPUTY_SECTION]
    secretaries = {one.post.office.township: one for one in people.principals().values()}
    for town in land.townships:
        leader = next(leaders)
        yield town.code, leader
        secretary = secretaries.get(town.township, leader)
        if two and secretary is not leader:
            yield town.code, secretary
    by_town = {
        town.township: cycle(
            [one for one in senior if one.village.township == town.township] or senior
        )
        for town in land.townships
    }
    at_home: dict[str, Official] = {}
    for one in senior:
        at_home.setdefault(one.village.code, one)
    for area in land.work_areas:
        yield area.code, next(by_town[area.township])
    for village in land.villages:
        yield village.code, at_home.get(village.code) or next(by_town[village.township])


class _Papers:
    """Writes what one official hands in; gives the lines of truth about the households."""

    def __init__(self, write: Write, wanted: Wanted, made: Made, people: People) -> None:
        self._write = write
        self._made = made
        self._year = wanted.as_of.year
        width = max(4, len(str(wanted.households)) - 1)
        self._homes = Homes(wanted.seed, wanted.as_of, width)
        self._dice = Dice(wanted.seed, "assessment")
        self._forms = Forms(wanted.seed, wanted.form)
        self._services = Services(wanted.seed, people.offices, wanted.households, wanted.as_of)

    def of(self, official: Official) -> Iterator[str]:
        phone = self._homes.phone()
        self._write_official(official, phone)
        scores: list[int] = []
        wronged = 0
        for n, home in enumerate(self._homes.of(official, phone)):
            self._write_home(official, home)
            if self._forms.headers and n < FILLED_AN_OFFICIAL:
                self._write(Kind.HOUSEHOLD_FORM, home.code, *self._forms.of(home))
                self._made.forms += 1
            wronged += home.is_wronged
            if home.truth.answers >= 70:
                scores.append(home.truth.score)
            for number in home.dialable:
                self._made.dialable_numbers += 1
                yield _truth_line(official, home, number)
        self._made.households_with_false_claims += wronged
        self._made.cadres_with_false_claims += wronged > 0
        self._write_assessment(official, scores)

    def _write_official(self, official: Official, phone: str) -> None:
        since = official.probation_from
        post = official.post
        self._write(
            Kind.CADRES,
            official.number,
            official.name,
            post.office.code,
            post.title,
            post.rank,
            post.staff_type.value,
            official.grid,
            "是" if since else "否",
            since,
            _year_later(since) if since else None,
            None,
            None,
            phone,
        )

    def _write_home(self, official: Official, home: Home) -> None:
        write, made = self._write, self._made
        code, number = home.code, official.number
        village = official.village.code
        own = (home.protection, home.calling_time, None)
        phones = (home.phone, home.more_phones)
        write(Kind.HOUSEHOLDS, code, home.head, village, home.members, *phones, *own)
        write(Kind.LINKS, code, number, official.linked_since, None, None)
        made.households += 1
        for day, note in home.visits:
            write(Kind.VISITS, code, number, day, note)
            made.visits += 1
        if home.request is not None:
            raised, text, state, solved, answer = home.request
            made.requests += 1
            name = f"S{self._year}{made.requests:06d}"
            write(Kind.REQUESTS, name, code, number, raised, text, state.value, solved, answer)
        for offered, household, item, day in self._services.of(code):
            unit = offered.office.code
            write(Kind.SERVICES, offered.number, offered.name, unit, household, item, day)
            made.services += 1

    def _write_assessment(self, official: Official, scores: list[int]) -> None:
        """Write the year's marks as the county knows them: of 5 points the score, of 100 marks."""
        dice = self._dice
        rating = dice.uniform(45, 72) if official.is_weak else dice.uniform(76, 98)
        inspection = dice.uniform(50, 75) if official.is_weak else dice.uniform(78, 97)
        mark = round(20 * sum(scores) / len(scores), 1) if scores else None
        self._write(
            Kind.ASSESSMENT,
            official.number,
            self._year,
            mark,
            official.households,
            len(scores),
            None if dice.happens(10) else round(rating, 1),
            None if dice.happens(30) else round(inspection, 1),
        )


def _year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def _truth_line(official: Official, home: Home, number: str) -> str:
    truth = home.truth
    line = {
        "phone": number,
        "household": home.code,
        "cadre": official.number,
        "head": home.head,
        "visited": truth.visited,
        "solved": truth.solved,
        "score": truth.score,
        "comment": truth.comment,
        "answers": truth.answers,
        "linked": truth.linked,
    }
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
