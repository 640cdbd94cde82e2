"""What may be said to one household: looked up question by question, and no more than it needs."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.domain.interview import Topic
from evalsys.domain.interview_script import Brief, surname_of
from evalsys.store import audit, calls, programmes, roster
from evalsys.store.calls import Attempt

ACTOR = "system:phone"


def brief_for(
    db: Session, call: Attempt, topic: Topic, *, is_of_programme: bool, now: datetime
) -> Brief:
    """Look up what is needed to ask about `topic`; that a name is spoken is audited."""
    brief = Brief(_programme(db, call) if is_of_programme else _cadre(db, call))
    match topic:
        case Topic.IDENTITY:
            subject = f"live:{call.live}/{call.j}/{call.k}"
            audit.record(db, now, ACTOR, "household.head.speak", subject)
            return replace(brief, surname=surname_of(calls.head_of(db, call.household)))
        case Topic.VISITED | Topic.SOLVED:
            claims = roster.claims_on(db, call.cadre, call.household)
            requests = tuple(request.text for request in claims.solved)
            return replace(brief, visits=claims.visits, requests=requests)
        case Topic.SATISFIED:
            served = programmes.services_to(db, call.cadre, call.household)
            days = tuple(day for day, _ in served)
            return replace(brief, visits=days, requests=tuple(item for _, item in served))
        case _:
            return brief


def _cadre(db: Session, call: Attempt) -> str:
    card = roster.cadre_card(db, call.cadre)
    return f"{card.unit_name}{card.post}{card.name}" if card else "您的联系干部"


def _programme(db: Session, call: Attempt) -> str:
    card = programmes.cards(db, [call.cadre]).get(call.cadre)
    return f"{card.unit_name}的{card.name}" if card else "这项服务"
