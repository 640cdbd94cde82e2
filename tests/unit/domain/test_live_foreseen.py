"""What GO would put on the screens, seen before anybody presses it."""

from collections.abc import Callable

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_control as k
from evalsys.domain.live.foreseen import UNKNOWN_CADRE, foresee, pot_size
from evalsys.domain.live.views import Display, RoundClaims, public_view
from evalsys.domain.live.words import GoStep, Output, Phase, Verdict
from evalsys.errors import RuleViolation, WrongPhase
from tests.live_play import Play, a_plan

NOBODY = Display({}, RoundClaims())


def at_vote() -> Play:
    play = Play().until_calling()
    play.finish_calls()
    play.tell(c.OpenVote())
    return play


def at_verdict() -> Play:
    play = at_vote()
    play.tell(c.CloseVote(3, 1, 1, 5))
    return play


FORESEEN: list[tuple[Callable[[], Play], GoStep, Phase]] = [
    (lambda: Play().until_seeded(), GoStep.DRAW_NEXT, Phase.DRAWN),
    (lambda: Play().until_seeded(), GoStep.NAME_CADRE, Phase.NAMED),
    (at_vote, GoStep.CLOSE_VOTE, Phase.TALLIED),
    (at_verdict, GoStep.GIVE_VERDICT, Phase.JUDGED),
    (lambda: Play().until_calling(), GoStep.ABORT, Phase.CLOSED),
]


@pytest.mark.parametrize(("until", "step", "phase"), FORESEEN)
def test_a_step_is_foreseen_and_nothing_of_it_happens(
    until: Callable[[], Play], step: GoStep, phase: Phase
) -> None:
    play = until()
    before = play.state
    after = foresee(before, step, play.now, verdict=Verdict.NOT_DONE)
    assert after.phase is phase
    assert play.state == before
    view = public_view(after, NOBODY, play.now)
    assert view["control"] == public_view(before, NOBODY, play.now)["control"]


def test_who_will_be_drawn_is_a_placeholder_even_when_the_dice_lie_open() -> None:
    play = Play().until_seeded()
    play.roll("0" * 12)
    pot = pot_size(play.state, play.cadres)
    after = foresee(play.state, GoStep.DRAW_NEXT, play.now, eligible=pot)
    play.tell(c.DrawNext(play.cadres))
    assert after.rounds[-1].eligible == play.state.rounds[-1].eligible == pot > 0
    assert after.rounds[-1].cadre == UNKNOWN_CADRE
    assert after.rounds[-1].runners_up == ()


def test_the_verdict_is_the_one_that_was_chosen() -> None:
    play = at_verdict()
    for verdict in Verdict:
        after = foresee(play.state, GoStep.GIVE_VERDICT, play.now, verdict=verdict)
        assert after.rounds[-1].verdict is verdict


def test_what_comes_before_go_is_no_obstacle_and_what_go_would_refuse_is_said() -> None:
    play = Play(a_plan(two_keys=True)).until_seeded()
    play.tell(k.DarkenOutputs({Output.STAGE}))
    play.tell(k.HoldShow())
    after = foresee(play.state, GoStep.DRAW_NEXT, play.now)
    assert after.control.dark == {Output.STAGE}, "the preview says that the stage stays dark"
    with pytest.raises((WrongPhase, RuleViolation)):
        foresee(play.state, GoStep.OPEN_VOTE, play.now)
