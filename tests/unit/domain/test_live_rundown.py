"""The rundown: what was planned against what the record says, over and under."""

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_control as k
from evalsys.domain.live.events_control import CueLine
from evalsys.domain.live.rundown import USUAL_SECONDS, clocks_of, cues_of
from evalsys.domain.live.words import NamedBy, Phase
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber
from tests.live_play import Play


def test_cues_follow_the_record_and_a_naming_stands_where_it_happened() -> None:
    play = Play().until_seeded()
    play.wait(30)
    play.tell(c.NameCadre(CadreNumber("00000001"), NamedBy.CHAIR, "主持人", "信", play.cadres))
    play.wait(40)
    cues = cues_of(play.state)
    assert [(cue.phase, cue.j, cue.is_planned) for cue in cues[:4]] == [
        (Phase.CEREMONY, 0, True),
        (Phase.SEEDED, 0, True),
        (Phase.NAMED, 1001, False),
        (Phase.DRAWN, 1, True),
    ]
    assert (cues[1].actual_s, cues[2].is_now) == (30, True)


def test_over_and_under_are_against_the_plan_and_a_hold_keeps_the_remainder() -> None:
    play = Play()
    play.tell(c.PlanSession(play.plan))
    lines = (CueLine(Phase.CEREMONY, 100, "请公证员到场"), CueLine(Phase.SEEDED, 50, ""))
    play.tell(k.SetRundown("wang", "", lines))
    play = Play(records=play.records, state=play.state)
    play.freeze()
    play.publish()
    play.tell(c.OpenCeremony())
    play.wait(40)
    clocks = clocks_of(play.state, play.now)
    assert clocks is not None
    assert (clocks.over_s, (clocks.ends_at - play.now).total_seconds()) == (0, 60)
    play.tell(k.HoldShow())
    play.wait(25)
    clocks = clocks_of(play.state, play.now)
    assert clocks is not None
    assert (clocks.over_s, (clocks.ends_at - play.now).total_seconds()) == (25, 60)
    play.tell(k.ResumeShow("wang"))
    play.wait(10)
    play.roll("1" * 24)
    clocks = clocks_of(play.state, play.now)
    assert clocks is not None
    assert clocks.over_s == -25
    assert cues_of(play.state)[0].actual_s == 50


@pytest.mark.parametrize(
    ("starts_at", "line", "what"),
    [
        ("明天九点", CueLine(Phase.SEEDED, 1, ""), "时区"),
        ("2026-11-26T09:00:00", CueLine(Phase.SEEDED, 1, ""), "时区"),
        ("", CueLine(Phase.FROZEN, 1, ""), "不是流程中的环节"),
        ("", CueLine(Phase.SEEDED, -1, ""), "超出范围"),
        ("", CueLine(Phase.SEEDED, 1, "长" * 201), "最多 200"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_with_its_place(
    starts_at: str, line: CueLine, what: str
) -> None:
    play = Play().until_seeded()
    with pytest.raises(InvalidInput, match=what):
        play.tell(k.SetRundown("wang", starts_at, (line,)))


def test_every_part_of_the_usual_plan_has_a_length() -> None:
    cues = cues_of(Play().until_published().state)
    assert {cue.phase for cue in cues} == set(USUAL_SECONDS)
    assert clocks_of(Play().until_published().state, Play().now) is None
