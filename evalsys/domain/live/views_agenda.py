"""The agenda of a pledge assembly as everybody may see it: issues, speakers, pledges (Y69)."""

from evalsys.domain.agenda import Issue
from evalsys.domain.live.codec import Json
from evalsys.domain.live.state import LiveState, Pledge, Round, is_assembly
from evalsys.domain.live.words import AgendaOrder


def agenda_view(state: LiveState) -> Json:
    """Give the issues in the order in which they are called; None where there is no agenda.

    A draft is nobody's business but the desk's: before it is published there are no issues.
    """
    if not is_assembly(state):
        return None
    called = {one.j: one for one in state.rounds}
    numbers = state.agenda_order or tuple(range(1, len(state.agenda) + 1))
    is_public = bool(state.manifest_sha256)
    return {
        "drawn": state.plan is not None and state.plan.agenda is AgendaOrder.DRAWN,
        "ordered": bool(state.agenda_order),
        "issues": [
            _line(j, n, state.agenda[n - 1], called.get(j)) for j, n in enumerate(numbers, start=1)
        ]
        if is_public
        else [],
        "draft": len(state.agenda),
    }


def issue_view(current: Round) -> Json:
    """Give what the speaker on stage answers; None in every other session."""
    one = current.issue
    if one is None:
        return None
    return {
        "title": one.title,
        "question": one.question,
        "requests": one.requests,
        "places": one.places,
        "left": current.left,
    }


def speaker_view(one: Issue) -> dict[str, Json]:
    """Give whoever answers an issue, as a card gives a cadre."""
    return {"name": one.speaker, "unit": one.unit, "post": one.post, "rank": ""}


def pledge_view(one: Pledge) -> Json:
    """Give one pledge; its target is None where nothing was counted."""
    target = one.target
    return {
        "measure": one.measure,
        "due_on": one.due_on,
        "responsible": one.responsible,
        "target": {"what": target.what, "amount": target.amount, "unit": target.unit}
        if target
        else None,
    }


def _line(j: int, n: int, one: Issue, called: Round | None) -> Json:
    return {
        "j": j,
        "n": n,
        "title": one.title,
        "question": one.question,
        "unit": one.unit,
        "speaker": one.speaker,
        "post": one.post,
        "requests": one.requests,
        "places": one.places,
        "called": called is not None,
        "left": called.left if called else "",
        "pledges": [pledge_view(pledge) for pledge in called.pledges] if called else [],
    }
