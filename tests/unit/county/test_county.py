"""The made-up county is the same from the same seed, holds together, and its lies are lies."""

import csv
import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path

import phonenumbers
import pytest
from openpyxl import load_workbook

from evalsys.county.dice import Dice
from evalsys.county.generate import (
    PROGRAMME_WORKBOOK,
    TRUTH_FILE,
    WORKBOOK,
    Made,
    Wanted,
    generate,
)
from evalsys.county.land import CADRES, lay_out
from evalsys.domain.household_form import Sensitivity
from evalsys.domain.household_form_sheet import form_sheet
from evalsys.domain.roster_sheets import SHEETS, Kind
from evalsys.store.household_form import shipped_form

AS_OF = date(2026, 11, 1)


def _make(folder: Path, cadres: int = 40, households: int = 1200, seed: int = 7) -> Made:
    made, _ = generate(
        Wanted(cadres, households, seed, AS_OF, form=shipped_form().fields),
        folder,
        csv=True,
        xlsx=True,
        progress=lambda _done, _total: None,
    )
    return made


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def _rows(folder: Path, kind: Kind) -> list[dict[str, str]]:
    with (folder / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _truth(folder: Path) -> list[dict[str, object]]:
    return list(map(json.loads, (folder / TRUTH_FILE).read_text("utf-8").splitlines()))


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    _make(tmp_path / "a")
    _make(tmp_path / "b")
    _make(tmp_path / "c", seed=8)
    assert _hashes(tmp_path / "a") == _hashes(tmp_path / "b")
    assert _hashes(tmp_path / "a") != _hashes(tmp_path / "c")


@pytest.mark.parametrize(("cadres", "households"), [(1, 0), (1, 3), (2, 1), (13, 9), (40, 1200)])
def test_any_size_gives_the_number_asked_for(tmp_path: Path, cadres: int, households: int) -> None:
    made = _make(tmp_path, cadres, households)
    assert (made.cadres, made.households) == (cadres, households)
    assert len(_rows(tmp_path, Kind.CADRES)) == cadres
    assert len(_rows(tmp_path, Kind.HOUSEHOLDS)) == households


def test_the_case_studys_size_has_its_grids() -> None:
    land = lay_out(Dice(1, "land"), CADRES)
    assert len(land.townships) == 19
    assert len(land.work_areas) == 135
    assert len(land.villages) == 1040
    assert land.townships[0].name == "沂城街道"
    assert land.townships[-1].name == "经济开发区"
    assert {area.parent for area in land.work_areas} == {town.code for town in land.townships}
    assert {village.parent for village in land.villages} == {a.code for a in land.work_areas}


def test_workbook_and_csv_hold_the_same(tmp_path: Path) -> None:
    _make(tmp_path)
    book = load_workbook(tmp_path / WORKBOOK, read_only=True)
    assert book.sheetnames == [sheet.title for sheet in SHEETS.values()]
    for kind, sheet in SHEETS.items():
        rows = list(book[sheet.title].iter_rows(values_only=True))
        assert len(rows) == len(_rows(tmp_path, kind)) + 1
        assert list(rows[0]) == [column.header for column in sheet.columns]
    book.close()


def test_every_household_has_one_cadre_and_every_cadre_an_own_grid(tmp_path: Path) -> None:
    _make(tmp_path)
    linked = Counter(row["户编码"] for row in _rows(tmp_path, Kind.LINKS))
    assert linked == Counter(row["户编码"] for row in _rows(tmp_path, Kind.HOUSEHOLDS))
    assert max(linked.values()) == 1
    grids = [row["联系网格编码"] for row in _rows(tmp_path, Kind.CADRES)]
    assert len(set(grids)) == 40


def test_all_numbers_are_of_the_range_that_no_carrier_has(tmp_path: Path) -> None:
    _make(tmp_path)
    numbers = {str(line["phone"]) for line in _truth(tmp_path)}
    assert numbers
    for number in numbers:
        assert number.startswith("+86154")
        assert not phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_truth_names_each_dialable_number_once_with_its_own_household(tmp_path: Path) -> None:
    made = _make(tmp_path)
    truth = _truth(tmp_path)
    assert len({line["phone"] for line in truth}) == len(truth) == made.dialable_numbers
    given = Counter(
        row[column].replace(" ", "")
        for row in _rows(tmp_path, Kind.HOUSEHOLDS)
        for column in ("联系电话", "备用电话")
    )
    cadre_of = {row["户编码"]: row["干部编号"] for row in _rows(tmp_path, Kind.LINKS)}
    for line in truth:
        assert given[str(line["phone"]).removeprefix("+86")] == 1
        assert cadre_of[str(line["household"])] == line["cadre"]


def test_some_claims_are_untrue_and_their_households_know(tmp_path: Path) -> None:
    made = _make(tmp_path, cadres=120, households=4000)
    visited = {row["户编码"] for row in _rows(tmp_path, Kind.VISITS)}
    solved = {
        row["户编码"] for row in _rows(tmp_path, Kind.REQUESTS) if row["办理状态"] == "已解决"
    }
    asked = {row["户编码"] for row in _rows(tmp_path, Kind.REQUESTS)}
    wronged = set()
    for line in _truth(tmp_path):
        home = str(line["household"])
        assert (line["solved"] is None) == (home not in asked)
        if (home in visited and not line["visited"]) or (
            home in solved and line["solved"] is False
        ):
            wronged.add(line["cadre"])
            assert line["score"] in {1, 2}
    assert 0 < len(wronged) <= made.cadres_with_false_claims
    assert made.cadres_with_false_claims == pytest.approx(0.22 * made.cadres, abs=1.5)


def test_visits_and_requests_lie_in_the_year_up_to_the_day(tmp_path: Path) -> None:
    _make(tmp_path)
    days = [row["走访日期"] for row in _rows(tmp_path, Kind.VISITS)]
    days += [row["提出日期"] for row in _rows(tmp_path, Kind.REQUESTS)]
    days += [row["办结日期"] for row in _rows(tmp_path, Kind.REQUESTS) if row["办结日期"]]
    assert min(days) >= "2026-01-01"
    assert max(days) <= "2026-11-01"


def test_programmes_served_households_of_this_county_in_the_year_and_stand_apart(
    tmp_path: Path,
) -> None:
    made = _make(tmp_path, cadres=3000, households=6000)
    rows = _rows(tmp_path, Kind.SERVICES)
    assert len(rows) == made.services > 400
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    homes = {row["户编码"] for row in _rows(tmp_path, Kind.HOUSEHOLDS)}
    units = {row["单位编码"]: row["单位名称"] for row in _rows(tmp_path, Kind.UNITS)}
    assert {row["户编码"] for row in rows} <= homes
    assert all(row["项目编号"].startswith("9") for row in rows)
    assert all("2026-01-01" <= row["办理日期"] <= "2026-11-01" for row in rows)
    care = {units[row["单位编码"]] for row in rows if row["项目名称"] == "城乡低保申请办理"}
    assert care == {"县民政局"}
    book = load_workbook(tmp_path / PROGRAMME_WORKBOOK, read_only=True)
    (sheet,) = book.worksheets
    assert len(list(sheet.iter_rows())) == len(rows) + 1
    book.close()


def test_a_county_of_one_still_has_somebody_who_was_served(tmp_path: Path) -> None:
    assert _make(tmp_path, cadres=1, households=3).services > 0


def test_some_households_of_everybody_tell_of_themselves_what_their_cadre_may_read(
    tmp_path: Path,
) -> None:
    made = _make(tmp_path)
    forms = _rows(tmp_path, Kind.HOUSEHOLD_FORM)
    linked = {row["户编码"]: row["干部编号"] for row in _rows(tmp_path, Kind.LINKS)}
    members = {row["户编码"]: row["家庭人口"] for row in _rows(tmp_path, Kind.HOUSEHOLDS)}
    assert len(forms) == made.forms
    assert {linked[row["户编码"]] for row in forms} == set(linked.values())
    assert all(row["家庭人口"] == members[row["户编码"]] for row in forms)
    agreed = sum(row["同意作为现场提问"] == "是" for row in forms)
    assert agreed > len(forms) / 2
    fields = shipped_form().fields
    secret = {one.title for one in fields if one.sensitivity is Sensitivity.SENSITIVE}
    assert not secret & set(forms[0])
    by_title = {column.header: column for column in form_sheet("", fields).columns}
    for row in forms:
        for title, text in row.items():
            assert not text or by_title[title].parse(text) is not None
