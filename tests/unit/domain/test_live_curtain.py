"""The curtain over an output, and over one screen of it."""

import pytest

from evalsys.domain.live import commands_control as k
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.views_control import control_view, is_screen_dark
from evalsys.domain.live.words import Output
from evalsys.errors import NotAllowed, RuleViolation
from tests.live_play import Play


def test_one_screen_is_dark_beside_its_kind_and_only_the_director_lights_it() -> None:
    play = Play().until_seeded()
    left = (ScreenKind.STAGE, "左")
    play.tell(k.TakeSeat("tester", 0))
    play.tell(k.DarkenScreen(*left))
    assert not play.tell(k.DarkenScreen(*left)), "it is dark already"
    assert control_view(play.state)["dark"] == []
    assert control_view(play.state)["n"] == 0, "what everybody sees did not change"
    assert is_screen_dark(play.state, *left)
    assert not is_screen_dark(play.state, ScreenKind.LED, "左")
    with pytest.raises(NotAllowed, match="tester"):
        play.tell(k.LightScreen("li", *left))
    play.tell(k.LightOutputs("tester", set(Output)))
    assert is_screen_dark(play.state, *left), "lighting a kind does not light a screen of it"
    play.tell(k.LightScreen("tester", *left))
    assert not play.tell(k.LightScreen("tester", *left))
    assert not is_screen_dark(play.state, *left)
    with pytest.raises(RuleViolation, match="工作台"):
        play.tell(k.DarkenScreen(ScreenKind.CALLS, "台"))


def test_every_curtain_has_a_higher_number_than_the_one_before() -> None:
    play = Play().until_seeded()
    seen = [control_view(play.state)["n"]]
    for command in (
        k.DarkenOutputs({Output.STAGE}),
        k.ShowPauseCard(""),
        k.LightOutputs("tester", {Output.STAGE}),
        k.RemovePauseCard("tester"),
    ):
        play.tell(command)
        seen.append(control_view(play.state)["n"])
    assert seen == [0, 1, 2, 3, 4]
