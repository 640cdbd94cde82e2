"""What comes to a round beside the show: its score, the chair's word, what the recorder entered."""

from dataclasses import replace
from typing import TypeAlias, TypeGuard, assert_never

from evalsys.domain.agenda import Target
from evalsys.domain.live import events as e
from evalsys.domain.live import events_after as ea
from evalsys.domain.live import events_quiz as eq
from evalsys.domain.live.state import Investigation, Pledge, Referral, Round

Beside: TypeAlias = e.ScoresReleased | ea.AfterEvent | eq.QuizSet | eq.QuizAnswered
"""What may come to a round beside the show."""


def is_beside(event: e.Event) -> TypeGuard[Beside]:
    """Whether an event is no step of the show."""
    if isinstance(event, e.PledgeMade | e.InvestigationOpened):
        return event.aside
    return isinstance(event, Beside)


def beside(  # noqa: C901, PLR0911 - one arm an event
    one: Round, event: Beside, seq: int
) -> Round:
    """Return the round to which event number `seq` belongs as it is after it."""
    match event:
        case e.ScoresReleased() as released:
            return replace(one, released=released)
        case e.ChairDeclared(choice=choice):
            return replace(one, chair=choice)
        case e.PledgeMade() as pledge:
            return with_pledge(one, pledge, seq)
        case e.InvestigationOpened() as opened:
            return with_investigation(one, opened, seq)
        case ea.CaseReferred(to=to, reason=reason):
            return replace(one, referral=Referral(to, reason, seq))
        case eq.QuizSet() as quiz:
            return replace(one, quiz=quiz)
        case eq.QuizAnswered(n=n, mark=mark):
            return replace(one, marks={**one.marks, n: mark})
        case ea.FollowUpWithdrawn(of=of):
            return without(one, of)
        case _:
            assert_never(event)


def with_pledge(one: Round, event: e.PledgeMade, seq: int) -> Round:
    """Add a promise to a round; it makes up for an issue that was left without one."""
    target = Target(event.target, event.amount, event.unit) if event.amount else None
    pledge = Pledge(event.measure, event.due_on, event.responsible, seq, target)
    return replace(one, pledges=(*one.pledges, pledge), left="")


def with_investigation(one: Round, event: e.InvestigationOpened, seq: int) -> Round:
    """Add an investigation to a round."""
    opened = Investigation(event.reason, event.team, seq, event.recused)
    return replace(one, investigations=(*one.investigations, opened))


def without(one: Round, seq: int) -> Round:
    """Take what event `seq` added off a round."""
    kept = one.referral if one.referral and one.referral.seq != seq else None
    return replace(
        one,
        pledges=tuple(pledge for pledge in one.pledges if pledge.seq != seq),
        investigations=tuple(opened for opened in one.investigations if opened.seq != seq),
        referral=kept,
    )
