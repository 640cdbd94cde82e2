"""Data quality of the roster on both engines: shares, drill-down, who lacks what (J01)."""

from flask import Flask

from evalsys.domain.access import Role
from evalsys.store.database import Database
from tests.casework_county import LINKED, OTHERS, UNLINKED, VILLAGE, settle
from tests.visitor import Visitor


def test_the_page_goes_down_to_the_households_that_lack_something(
    app: Flask, database: Database
) -> None:
    settle(database)
    checker = Visitor(app).sign_in_as(Role.PERSONNEL)
    county = checker.get("/roster/quality").text
    assert "grid=371323001" in county
    assert OTHERS not in county
    village = checker.get("/roster/quality", grid=VILLAGE).text
    assert all(home in village for home in (LINKED, OTHERS, UNLINKED))  # nobody has a form
    missing = checker.ask(f"/roster/quality-lacking.csv?grid={VILLAGE}").get_data(as_text=True)
    lines = [line.split(",") for line in missing.splitlines()[1:4]]
    assert sorted(line[0] for line in lines) == sorted((LINKED, OTHERS, UNLINKED))
    assert [sum(line[at] == "缺" for line in lines) for at in range(1, 5)] == [1, 2, 0, 3]
    assert "Data quality" in checker.get("/roster/quality", lang="en").text
    told = checker.ask(f"/roster/quality.csv?grid={VILLAGE}").get_data(as_text=True)
    # Two of three are linked, one can be dialled, all know their members, none has a form.
    whole = told.splitlines()[1].split(",")[2:]
    assert whole == ["3", "50.0", "66.7", "33.3", "100.0", "0.0"]
    assert checker.get("/roster/quality", grid="nowhere").status_code == 404
