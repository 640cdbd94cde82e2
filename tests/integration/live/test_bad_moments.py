"""Programs that die at a bad moment, and two hands on one console: the record stays right."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from evalsys.cli.demo_people import Operator
from evalsys.domain.live import events as e
from evalsys.domain.verify import Bundle, verify_bundle
from evalsys.domain.verify_steps import Finding
from evalsys.errors import OutsideFailure
from tests.live_hall import Hall, OpenHall

# Whole evenings of three programs, on the database of an installation in earnest.
pytestmark = pytest.mark.on_postgresql


def calls_are_over(view: dict[str, Any]) -> bool:
    """The calls are closed, and the tally has opened what they brought."""
    return view["round"] is not None and view["round"]["released"] is not None


def has_come_to(seq: int, view: dict[str, Any]) -> bool:
    return bool(view["seq"] >= seq) or calls_are_over(view)


def finish(hall: Hall) -> None:
    """Vote, judge and go on to the end of the session."""
    while True:
        hall.wait(calls_are_over)
        for command in ("open_vote", "close_vote"):
            hall.operator.do(command)
        hall.operator.do("give_verdict", verdict="accounts_differ")
        if hall.operator.view["next_stratum"] is None:
            break
        hall.until_calling()
    hall.operator.do("close")
    hall.operator.do("seal")


def check(hall: Hall) -> None:
    """The chain holds, the bundle verifies, nobody was asked or counted twice."""
    records = hall.events()
    files = {
        name: hall.operator.see(f"/live/{hall.operator.live}/bundle/{name}").content
        for name in ("manifest.json", "roster.jsonl", "transcript.jsonl")
    }
    report = verify_bundle(
        Bundle(files["manifest.json"], files["roster.jsonl"], files["transcript.jsonl"]),
        head=hall.operator.look()["head"],
    )
    assert report.finding is Finding.GOOD, report
    scored = Counter(
        (r.event.j, r.event.k) for r in records if isinstance(r.event, e.ScoreCommitted)
    )
    assert set(scored.values()) == {1}
    finished = Counter(
        (r.event.j, r.event.k) for r in records if isinstance(r.event, e.PositionFinished)
    )
    assert set(finished.values()) == {1}
    released = [r.event.answered for r in records if isinstance(r.event, e.ScoresReleased)]
    assert sum(released) == len(scored)
    spoken_to: set[tuple[int, int]] = set()
    for record in records:
        if isinstance(record.event, e.HouseholdReplied):
            spoken_to.add((record.event.j, record.event.k))
        if isinstance(record.event, e.CallPlaced):
            assert (record.event.j, record.event.k) not in spoken_to, "asked twice"
    placed = {r.event.attempt_id for r in records if isinstance(r.event, e.CallPlaced)}
    assert len(hall.calls_on_the_wire()) <= len(placed), "a call that nobody recorded"


def test_the_application_is_killed_in_every_stage_of_the_calls(open_hall: OpenHall) -> None:
    hall = open_hall(slots=1)
    hall.until_calling()
    seen = 0
    while seen < 3 and not calls_are_over(hall.operator.look()):
        after = hall.operator.view["seq"] + 4
        hall.wait(partial(has_come_to, after))
        assert hall.app is not None
        hall.app.kill()
        hall.start_app()
        seen += 1
    assert seen > 1
    finish(hall)
    check(hall)


def test_two_operators_press_at_once_and_the_second_is_told_who_was_first(
    open_hall: OpenHall,
) -> None:
    hall = open_hall()
    consoles = [hall.operator, *(hall.an_operator() for _ in range(3))]
    for console in consoles:
        console.live = hall.operator.live
        console.see(f"/console/{console.live}")
        console.look()

    def press(console: Operator) -> str:
        try:
            console.do("freeze")
        except OutsideFailure as refused:
            return str(refused)
        return "ok"

    with ThreadPoolExecutor(len(consoles)) as pool:
        answers = list(pool.map(press, consoles))
    assert answers.count("ok") == 1
    refused = [answer for answer in answers if answer != "ok"]
    assert all("dao-bo 已先执行了“冻结名册”" in answer for answer in refused), refused


@pytest.mark.parametrize("moment", ["drawn", "judged"])
def test_a_killed_application_comes_back_in_the_same_phase(
    open_hall: OpenHall, moment: str
) -> None:
    hall = open_hall()
    steps = ["freeze", "publish", "open_ceremony", "roll_master", "draw_next"]
    for step in steps:
        hall.operator.do(step)
        if hall.operator.view["phase"] == moment:
            break
    if moment in {"voting", "judged"}:
        hall.operator.do("record_presence", presence="absent")
        hall.operator.do("open_calls")
        hall.operator.do("stop_dialling")
        hall.wait(calls_are_over)
        hall.operator.do("open_vote")
    if moment == "judged":
        hall.operator.do("close_vote")
        hall.operator.do("give_verdict", verdict="confirmed")
    before = hall.operator.look()
    assert hall.app is not None
    hall.app.kill()
    hall.start_app()
    after = hall.operator.look()
    assert before.pop("server_time") != after.pop("server_time")
    assert before == after
