"""What may be said to one household of a campaign, question by question, no more than it needs."""

from dataclasses import replace
from datetime import datetime

from evalsys.domain.campaign.plan import Kind
from evalsys.domain.interview import Topic
from evalsys.domain.interview_script import Brief, surname_of
from evalsys.ids import CadreNumber
from evalsys.services.campaign_callbacks import Callbacks
from evalsys.services.campaign_hook import Hook
from evalsys.store import audit, calls, roster

ACTOR = "system:phone"


def brief_for(hook: Hook, topic: Topic, now: datetime) -> Brief:
    """Look up what is needed to ask about `topic`; that a name is spoken is audited."""
    db, case = hook.db, hook.case
    if hook.campaign.about:
        return Brief(hook.campaign.about)
    cadre = CadreNumber(case.about)
    card = roster.cadre_card(db, cadre)
    brief = Brief(f"{card.unit_name}{card.post}{card.name}" if card else "您的联系干部")
    match topic:
        case Topic.IDENTITY:
            subject = f"campaign:{case.campaign}"
            audit.record(db, now, ACTOR, "household.head.speak", subject)
            return replace(brief, surname=surname_of(calls.head_of(db, case.household)))
        case Topic.SOLVED if hook.campaign.kind is Kind.CALLBACK:
            return Callbacks.brief(db, case.id, brief.cadre)
        case Topic.VISITED | Topic.SOLVED:
            claims = roster.claims_on(db, cadre, case.household)
            requests = tuple(request.text for request in claims.solved)
            return replace(brief, visits=claims.visits, requests=requests)
        case Topic.PLEDGE:
            return replace(brief, pledge=hook.campaign.pledge)
        case _:
            return brief
