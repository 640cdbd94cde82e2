"""What each audience may see of a session: whitelists, built from the state and nothing else.

A view is a whole picture with the number of the event it shows (`seq`), so a screen that missed
some is right again with the next one. No view holds a household's name, code or phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from evalsys.domain.live import events as e
from evalsys.domain.live.codec import Json
from evalsys.domain.live.decide import may_take_back
from evalsys.domain.live.dialling import next_due
from evalsys.domain.live.state import FIRST_NAMING, LiveState, Position, Round, is_assembly
from evalsys.domain.live.views_agenda import agenda_view, issue_view, pledge_view, speaker_view
from evalsys.domain.live.views_air import on_air, stage_view
from evalsys.domain.live.views_before import before
from evalsys.domain.live.views_ceremony import ceremony_view
from evalsys.domain.live.views_control import control_view, desk_view
from evalsys.domain.live.views_quiz import quiz_view
from evalsys.domain.live.words import Phase, Reply, SessionKind, Verdict
from evalsys.domain.manifest import FinalCode
from evalsys.domain.roster import CadreCard
from evalsys.domain.scoring import Band
from evalsys.ids import CadreNumber, Stratum

View = dict[str, Json]

OPINION = "satisfied"
"""The question whose answer is an opinion: shown as counts only, and only beside a figure."""
SUSPECT_FROM = 3
"""So many households must deny a recorded claim before faking is even suggested."""


@dataclass(frozen=True, slots=True)
class PositionClaims:
    """What the cadre recorded of one household: ISO dates of visits, kinds of requests solved."""

    visits: tuple[str, ...] = ()
    solved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundClaims:
    """What the cadre on stage recorded: counts over all households, and details by position."""

    households: int = 0
    visits: int = 0
    visited_households: int = 0
    solved: int = 0
    positions: Mapping[int, PositionClaims] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Display:
    """Display data keyed by number: never part of the record."""

    cards: Mapping[CadreNumber, CadreCard]
    claims: RoundClaims
    strata: Mapping[Stratum, str] = field(default_factory=dict)
    """The Chinese name of each stratum."""


def public_view(state: LiveState, display: Display, now: datetime) -> View:
    """What the stage, the broadcast and everybody at home may see (Y50)."""
    plan = state.plan
    return {
        "seq": state.version,
        "phase": state.phase.value,
        "title": plan.title if plan else "",
        "kind": plan.kind.value if plan else SessionKind.CADRE.value,
        "rehearsal": bool(plan and plan.rehearsal),
        "server_time": _iso(now),
        "roster": {
            "cadres": state.roster_cadres,
            "households": state.roster_households,
            "sha256": state.roster_sha256,
        },
        "before": before(state),
        "manifest_sha256": state.manifest_sha256,
        "master_digits": state.master_digits,
        "ceremony": ceremony_view(state),
        "control": control_view(state),
        "agenda": agenda_view(state),
        "drawn": len(state.slots_drawn),
        "named": len(state.namings),
        "slots": _slots(state),
        "aborted": state.aborted.value if state.aborted else None,
        "head": state.head,
        "round": _round(state, state.round, display, now) if state.round else None,
        "past": [_past(past, display) for past in state.rounds[:-1]],
    }


def _slots(state: LiveState) -> int:
    """How many cadres are drawn, programmes heard, or issues answered in all."""
    if is_assembly(state):
        return len(state.agenda)
    return len(state.slots) or (state.plan.slots if state.plan else 0)


def console_view(state: LiveState, display: Display, now: datetime) -> View:
    """What the operator and the host see: the public picture, and what may be done next."""
    plan = state.plan
    view = public_view(state, display, now)
    view["step"] = state.step
    view["may_take_back"] = may_take_back(state)
    view["published_at"] = _iso(state.published_at) if state.published_at else None
    view["strata"] = plan.strata if plan else ""
    coming = state.slots[state.next_slot - 1] if state.next_slot else None
    view["next_stratum"] = coming and _stratum(coming, display)
    view["stage"] = stage_view(state)
    view["desk"] = desk_view(state, now)
    view["suggested"] = suggested_verdict(state.round) if state.round else None
    return view


def pad_view(state: LiveState, display: Display, now: datetime) -> View:
    """What a panel seat sees: who is judged, and whether the vote is open; never a result early."""
    current = state.round
    return {
        "seq": state.version,
        "phase": state.phase.value,
        "title": state.plan.title if state.plan else "",
        "rehearsal": bool(state.plan and state.plan.rehearsal),
        "server_time": _iso(now),
        "control": control_view(state),
        "vote_open": state.phase is Phase.VOTING,
        "round": {
            "j": current.j,
            "cadre": current.cadre,
            **_card(current, display),
            "naming": _naming(current),
            "issue": current.issue.title if current.issue else None,
            "counted": current.votes is not None,
            "chair": current.chair.value if current.chair else None,
        }
        if current
        else None,
    }


def suggested_verdict(current: Round) -> Verdict | None:
    """Name the finding that the answers point to; a person decides (Y54, Y55).

    A household that denies what the cadre recorded: accounts differ; most of them do: faking is
    suspected. None does, but at least half say that they were not visited or not helped: not done.
    Nobody answered: no suggestion.
    """
    answered = [p for p in current.positions.values() if p.final is FinalCode.COMPLETED]
    if not answered:
        return None
    contradicting = sum(p.contradicts for p in answered)
    if contradicting:
        most = contradicting * 2 > len(answered) and contradicting >= SUSPECT_FROM
        return Verdict.FAKED_SUSPECTED if most else Verdict.ACCOUNTS_DIFFER
    unhelped = sum(any(r.reply is Reply.NO for r in p.replies.values()) for p in answered)
    return Verdict.NOT_DONE if unhelped * 2 >= len(answered) else Verdict.CONFIRMED


def satisfied(one: Round) -> Json:
    """Count who said to be satisfied with a programme, once five answered; None before (Y38)."""
    if one.released is None or one.released.band is Band.TOO_FEW:
        return None
    said = [
        position.replies[OPINION].reply
        for position in one.positions.values()
        if position.final is FinalCode.COMPLETED and OPINION in position.replies
    ]
    return {reply.value: said.count(reply) for reply in Reply} if said else None


def _round(state: LiveState, current: Round, display: Display, now: datetime) -> View:
    due = next_due(state, now)
    return {
        "j": current.j,
        "stratum": current.stratum,
        "stratum_name": _stratum(current.stratum, display),
        "cadre": current.cadre,
        **_card(current, display),
        "issue": issue_view(current),
        "naming": _naming(current),
        "ticket": current.ticket,
        "runners_up": [[r.cadre, r.ticket] for r in current.runners_up],
        "eligible": current.eligible,
        "presence": current.presence.value if current.presence else None,
        "claims": {
            "households": display.claims.households,
            "visits": display.claims.visits,
            "visited_households": display.claims.visited_households,
            "solved": display.claims.solved,
        },
        "households": len(current.order),
        "target": state.plan.target if state.plan else 0,
        "completed": current.completed,
        "in_flight": current.in_flight,
        "stopping": current.stopping,
        "on_air": on_air(current),
        "calls": [
            _call(place, current.positions[k], display.claims.positions.get(k, PositionClaims()))
            for place, k in enumerate(current.order, start=1)
            if k in current.positions
        ],
        "next_due": _iso(due) if due else None,
        "calls_end": current.calls_end.value if current.calls_end else None,
        "quiz": quiz_view(current),
        "insufficient": bool(state.plan and current.calls_end)
        and current.completed < (state.plan.target if state.plan else 0),
        "released": _released(current.released),
        "satisfied": satisfied(current),
        "comments": current.comments,
        "contradictions": current.contradictions,
        "vote_open": state.phase is Phase.VOTING,
        "votes": _votes(current.votes),
        "chair": current.chair.value if current.chair else None,
        "verdict": current.verdict.value if current.verdict else None,
        "pledges": [pledge_view(one) for one in current.pledges],
        "investigations": [
            {
                "reason": i.reason,
                "team": [[member.category.value, member.name] for member in i.team],
                "recused": len(i.recused),
            }
            for i in current.investigations
        ],
        "referral": {"to": current.referral.to, "reason": current.referral.reason}
        if current.referral
        else None,
    }


def _call(place: int, position: Position, claims: PositionClaims) -> View:
    last = position.attempts[-1] if position.attempts else None
    return {
        "place": place,
        "k": position.k,
        "status": last.status.value if last else "",
        "attempt": position.placed,
        "asks": last.asks if last else "",
        "replies": {
            question: {"reply": replied.reply.value, "claimed": replied.claimed}
            for question, replied in position.replies.items()
            if question != OPINION
        },
        "claims": {"visits": list(claims.visits), "solved": list(claims.solved)},
        "scored": position.score_sha256 is not None,
        "contradicts": position.contradicts,
        "final": position.final.value if position.final else None,
    }


def _past(past: Round, display: Display) -> View:
    return {
        "j": past.j,
        "stratum": past.stratum,
        "stratum_name": _stratum(past.stratum, display),
        "cadre": past.cadre,
        **_card(past, display),
        "issue": issue_view(past),
        "naming": _naming(past),
        "completed": past.completed,
        "contradictions": past.contradictions,
        "released": _released(past.released),
        "satisfied": satisfied(past),
        "votes": _votes(past.votes),
        "verdict": past.verdict.value if past.verdict else None,
        "pledges": len(past.pledges),
        "investigations": len(past.investigations),
    }


def _naming(one: Round) -> Json:
    """Who named the cadre and why, wherever a named cadre is shown; None for a drawn one (Y35)."""
    if one.naming is None:
        return None
    return {
        "n": one.j - FIRST_NAMING + 1,
        "by": one.naming.by.value,
        "who": one.naming.who,
        "reason": one.naming.reason,
    }


def _stratum(stratum: Stratum, display: Display) -> str:
    """Name a stratum in Chinese with its id; one that has no name by its id alone."""
    name = display.strata.get(stratum)
    return f"{name}（{stratum}）" if name else stratum


def _card(one: Round, display: Display) -> View:
    if one.issue is not None:
        return speaker_view(one.issue)
    card = display.cards.get(one.cadre)
    if card is None:
        return {"name": "", "unit": "", "post": "", "rank": ""}
    return {"name": card.name, "unit": card.unit_name, "post": card.post, "rank": card.rank}


def _released(released: e.ScoresReleased | None) -> Json:
    if released is None:
        return None
    return {
        "answered": released.answered,
        "mean_tenths": released.mean_tenths,
        "band": released.band.value,
    }


def _votes(votes: e.VoteTallied | None) -> Json:
    if votes is None:
        return None
    return {
        "satisfied": votes.satisfied,
        "basically_satisfied": votes.basically_satisfied,
        "not_satisfied": votes.not_satisfied,
        "seats": votes.seats,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
