"""A county words the questions of its live sessions; a session keeps what it was opened with."""

from datetime import timedelta
from importlib.resources import files

import pytest

from evalsys.domain.interview import Script
from evalsys.domain.interview_text import parse_script
from evalsys.errors import InvalidInput
from evalsys.ids import AttemptId
from evalsys.services.calls import Calls, Scripts
from evalsys.services.interview_scripts import InterviewScripts
from evalsys.telephony.scripts import LIVE, PROGRAMME, interview_scripts
from tests.calling import Carrier, Hall, callers
from tests.heard import said

NEWEST = interview_scripts(LIVE)[-1]
FOLDER = files("evalsys.rulebooks") / "interviews"
TEXT = (FOLDER / f"live-{NEWEST.version}.toml").read_text("utf-8")
GREETING = "您好！这里是县群众评议干部现场直播大会。"


def worded(version: int, greeting: str) -> bytes:
    text = TEXT.replace(f"version = {NEWEST.version}", f"version = {version}", 1)
    return text.replace(GREETING, greeting).encode()


def add(hall: Hall, version: int, greeting: str, *, hours: int) -> Script:
    """Add a script so many hours from now."""
    scripts = InterviewScripts(
        hall.database, interview_scripts(), lambda: hall.now() + timedelta(hours=hours)
    )
    return scripts.add(worded(version, greeting), "ours.toml", actor="op")


def test_a_session_asks_by_what_was_there_when_it_was_opened(hall: Hall, carrier: Carrier) -> None:
    ours = add(hall, NEWEST.version + 1, "恁好！沂水县的大会。", hours=-1)
    hall.open_calls(parallel=2)
    add(hall, NEWEST.version + 2, "后来的说法。", hours=1)
    hall.tick()
    first, second = callers(hall, carrier).values()
    assert said(first.pick_up()).startswith("恁好！沂水县的大会。")
    state = hall.rooms.live.state(hall.live)
    assert hall.rooms.calls.script_for(hall.live, state) == ours

    # Another process, after an upgrade that brought a newer script of its own.
    shipped = parse_script(worded(NEWEST.version + 9, "新版软件的说法。"))
    scripts = Scripts((*interview_scripts(LIVE), shipped), interview_scripts(PROGRAMME))
    rooms, key = hall.rooms, hall.settings.index_key
    later = Calls(hall.database, rooms.live, rooms.score, scripts, key, hall.now)
    assert later.script_for(hall.live, state) == ours
    greeting = later.answered(AttemptId(second.attempt), second.sid).text
    assert greeting.startswith("恁好！沂水县的大会。")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_script_for_the_stage_asks_nothing_else_and_offers_no_way_out(hall: Hall) -> None:
    scripts = InterviewScripts(hall.database, interview_scripts(), hall.now)
    text = worded(NEWEST.version + 1, GREETING).decode()
    start = text.index('[[questions]]\ntopic = "solved"')
    shorter = text[:start] + text[text.index('[[questions]]\ntopic = "score"') :]
    shorter = shorter.replace('rotates = ["visited", "solved"]', 'rotates = ["visited"]')
    leaving = text.replace("reprompts = 3", 'not_free_key = "9"\nreprompts = 3')
    leaving = leaving.replace("[farewells]\n", '[farewells]\nnot_free = "再见。"\n')
    for changed in (shorter, leaving):
        with pytest.raises(InvalidInput, match="只能换说法") as refused:
            scripts.add(changed.encode(), "ours.toml", actor="op")
        assert (refused.value.place, refused.value.exit_code) == ("ours.toml", 2)
    assert scripts.kept() == ()
