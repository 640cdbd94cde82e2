"""A project poll from its plan to its published result, on the pages (G05, issue point 12)."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from evalsys.domain.access import Role
from evalsys.domain.polls import WRONG_A_HOUSEHOLD, WRONG_AN_ADDRESS, PollStage
from evalsys.services.polls import Polls
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.web.rooms import install_rooms
from tests.accounts import rooms_of
from tests.campaigning import Watch
from tests.roster_rows import code_of, fill_roster
from tests.visitor import Visitor

ELSEWHERE = code_of(1, 0)


@pytest.fixture
def watch(app: Flask, database: Database) -> Watch:
    """Give the clock of the polls; the first grid has eight households, the second one two."""
    with database.write() as db:
        fill_roster(db, PhoneBox(bytes(64), bytes(32)), [8, 2])
    watch, rooms = Watch(), rooms_of(app)
    install_rooms(
        app,
        replace(rooms, polls=Polls(database, bytes(32), watch, rooms.zone, rooms.campaign.plans)),
    )
    return watch


def _form(watch: Watch, **other: str) -> dict[str, str]:
    first = watch.at.date()
    days = {
        f"{stage}_{end}": (first + timedelta(days=30 * n + more)).isoformat()
        for n, stage in enumerate(PollStage)
        for end, more in (("opens", 0), ("closes", 9))
    }
    options = "硬化村东路 300000\n装路灯 80000\n打井 50000"
    wanted = {"title": "今年办哪几件", "grid": "T00", "yuan": "400000", "options": options}
    return wanted | days | other


def test_households_choose_and_judge_one_voice_each(
    app: Flask, database: Database, watch: Watch
) -> None:
    office, anybody, polls = Visitor(app).sign_in_as(Role.OFFICE), Visitor(app), rooms_of(app).polls
    empty = office.post("/polls/", **_form(watch, options=""))
    assert (empty.status_code, "备选项目要有 2 到 8 个" in empty.text) == (400, True)
    turned = _form(watch, supervise_opens=watch.at.date().isoformat())
    assert "群众监督在群众点菜截止之前就开始" in office.post("/polls/", **turned).text
    assert "没有这个网格" in office.post("/polls/", **_form(watch, grid="T99")).text
    assert Visitor(app).sign_in_as(Role.AUDITOR).post("/polls/", **_form(watch)).status_code == 403
    assert office.post("/polls/", **_form(watch)).headers["Location"] == "/polls/1"
    letters = office.ask("/polls/1/letters.csv").get_data(as_text=True)
    pins = {row[0]: row[2] for row in csv.reader(io.StringIO(letters)) if row[0].isdigit()}
    assert set(pins) == {code_of(0, h) for h in range(8)}
    assert anybody.get("/polls/1/letters.csv").status_code in {302, 401, 403}

    def say(household: str, stage: str, answer: str, who: Visitor = anybody, pin: str = "") -> int:
        given = {"household": household, "pin": pin or pins.get(household, "00000000")}
        return who.post("/polls/1", stage=stage, answer=answer, **given).status_code

    homes = sorted(pins)
    assert "您家最想先办哪一件" in anybody.get("/polls/1").text
    assert [say(home, "choose", answer) for home, answer in zip(homes, "1113", strict=False)] == [
        *[303] * 4
    ]
    assert say(homes[4], "choose", "3", who=office) == 303  # what it said on the telephone
    assert say(homes[0], "choose", "2") == 409  # twice
    assert say(ELSEWHERE, "choose", "1") == 400  # a household of another grid
    assert say(homes[5], "appraise", "5") == 409  # out of order
    assert say(homes[5], "choose", "4") == 400  # no such project
    guesses = [say(homes[6], "choose", "2", pin="1") for _ in range(WRONG_A_HOUSEHOLD + 1)]
    assert guesses == [*[400] * WRONG_A_HOUSEHOLD, 429]
    assert say(homes[6], "choose", "2") == 429  # its own PIN, from where it was guessed at
    left = WRONG_AN_ADDRESS - WRONG_A_HOUSEHOLD - 1  # `ELSEWHERE` was one
    assert [say(f"none-{n}", "choose", "1") for n in range(left)] == [400] * left
    assert say(homes[7], "choose", "1") == 429  # whatever the household, from here
    polls.speak(1, homes[7], pins[homes[7]], PollStage.CHOOSE, "1", address="203.0.113.7")
    running = anybody.get("/polls/1").text
    assert "6 / 8 户已答" in running
    assert "中选" not in running

    watch.forward(days=62)  # the stage of appraisal; nobody came to supervise
    assert [say(home, "appraise", "5") for home in homes[:5]] == [303] * 5
    told = anybody.get("/polls/1").text
    assert told.count("中选") == 4  # the road, and the well with the money that is left
    assert "答复不足 5 户" in told
    watch.forward(days=30)
    told = anybody.get("/polls/1").text
    assert "各户回答一致，不逐项公布" in told
    rows = list(csv.reader(io.StringIO(anybody.ask("/polls/1.csv").get_data(as_text=True))))
    choice = [row[3:] for row in rows if row[0] == "群众点菜" and len(row) == 12]
    assert choice == [
        ["8", "6", "5", "1", "0", "0", "硬化村东路", "4", "中选"],
        ["8", "6", "5", "1", "0", "0", "装路灯", "0", ""],
        ["8", "6", "5", "1", "0", "0", "打井", "2", "中选"],
    ]
    assert "各户回答一致，不逐项公布" in {row[11] for row in rows if len(row) == 12}
    page = polls.page(1)
    assert [one.voices for one in page.results] == [6, 0, 5, 0]
    with pytest.raises(DatabaseError), database.write() as db:
        db.execute(text("UPDATE poll_ballots SET answer = '1'"))
    assert "今年办哪几件" in anybody.get("/polls/").text
