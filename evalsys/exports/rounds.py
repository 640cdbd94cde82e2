"""The outcomes of a session as a table: one line a round."""

from collections.abc import Mapping

from evalsys.domain.live.state import LiveState, Round
from evalsys.domain.roster import CadreCard
from evalsys.exports.table import Cell, Column, Table, tabulate
from evalsys.ids import CadreNumber

Line = tuple[Round, CadreCard | None]


def rounds_table(state: LiveState, cards: Mapping[CadreNumber, CadreCard]) -> Table:
    """Fill the table; figures that are hidden on screens are empty here too."""
    title = state.plan.title if state.plan else ""
    lines = [(one, cards.get(one.cadre)) for one in state.rounds]
    return tabulate(title, (), _COLUMNS, lines)


def _kind(one: Round) -> str:
    if one.issue is not None:
        return "issue"
    return "named" if one.naming else "drawn"


def _name(line: Line) -> str:
    one, card = line
    if one.issue is not None:
        return one.issue.speaker
    return card.name if card else ""


def _unit(line: Line) -> str:
    one, card = line
    if one.issue is not None:
        return one.issue.unit
    return card.unit_name if card else ""


def _targets(one: Round) -> str:
    """What an assembly's pledges are measured by, and when they fall due."""
    goals = (pledge.target for pledge in one.pledges)
    return "；".join(f"{goal.what} {goal.amount} {goal.unit}" for goal in goals if goal)


def _vote(line: Line, name: str) -> Cell:
    votes = line[0].votes
    return None if votes is None else int(getattr(votes, name))


_COLUMNS: tuple[Column[Line], ...] = (
    Column("round", 8, "slot; namings from 1001 on", lambda line: line[0].j),
    Column("kind", 8, "drawn, named, or an assembly's issue", lambda line: _kind(line[0])),
    Column("cadre", 10, "number", lambda line: line[0].cadre),
    Column("name", 12, "name", _name),
    Column("unit", 24, "unit", _unit),
    Column("presence", 12, "how the cadre answered", lambda line: line[0].presence or ""),
    Column("completed", 10, "households heard", lambda line: line[0].completed),
    Column("contradictions", 10, "that denied a claim", lambda line: line[0].contradictions),
    Column(
        "mean_tenths",
        10,
        "households' mean, tenths; empty when hidden",
        lambda line: line[0].released.mean_tenths if line[0].released else None,
    ),
    Column("satisfied", 10, "votes", lambda line: _vote(line, "satisfied")),
    Column("basically_satisfied", 10, "votes", lambda line: _vote(line, "basically_satisfied")),
    Column("not_satisfied", 10, "votes", lambda line: _vote(line, "not_satisfied")),
    Column("seats", 10, "voting seats present", lambda line: _vote(line, "seats")),
    Column("chair", 18, "the chair's opinion", lambda line: line[0].chair or ""),
    Column("verdict", 16, "finding", lambda line: line[0].verdict or ""),
    Column("pledges", 8, "promises", lambda line: len(line[0].pledges)),
    Column("investigations", 8, "teams sent", lambda line: len(line[0].investigations)),
    Column("referred_to", 20, "referral", lambda line: _referred(line[0])),
    Column("issue", 24, "what was answered", lambda line: _title(line[0])),
    Column("target", 30, "what the pledges are measured by", lambda line: _targets(line[0])),
    Column("due_on", 11, "first day on which a pledge is due", lambda line: _due(line[0])),
    Column("left", 24, "why nothing was promised", lambda line: line[0].left),
)


def _title(one: Round) -> str:
    return one.issue.title if one.issue else ""


def _due(one: Round) -> str:
    return min((pledge.due_on for pledge in one.pledges), default="")


def _referred(one: Round) -> str:
    return one.referral.to if one.referral else ""
