"""What everybody may see of the ceremony: never digits before both clerks agree."""

from enum import StrEnum

from evalsys.domain.beacon import BeaconRules
from evalsys.domain.live.ceremony import LIFT_AFTER, Ceremony, beacon_rules
from evalsys.domain.live.codec import Json
from evalsys.domain.live.decide_ceremony import bind_due, dice_due
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import Clerk, Phase, Purpose
from evalsys.domain.transcript import time_text

_ON_STAGE = {Phase.CEREMONY, Phase.SEEDED, Phase.JUDGED}
"""When the hall waits for the ceremony; beside it a household order may wait in the background."""


class Act(StrEnum):
    """What the ceremony waits for; one obvious next step leads out of each."""

    CUPS = "cups"
    """The rollers, who are told to lift together."""
    TYPE = "type"
    """Both clerks."""
    READ_BACK = "read_back"
    """The hall, which hears the digits."""
    SIGN = "sign"
    """Witnesses, a majority of whom must sign the last line."""
    BIND = "bind"
    """The operator, who binds the round that is due."""
    WAIT = "wait"
    """The bound round, which does not exist yet or was not fetched yet."""
    DRAW = "draw"
    """The operator, who draws: the seed of the next slot is known."""


def act(state: LiveState) -> Act | None:
    """Say what the ceremony waits for; None while it is not the ceremony that the hall follows."""
    ceremony = state.ceremony
    if state.phase not in _ON_STAGE:
        return None
    if ceremony.missing:
        return Act.SIGN
    if dice_due(state) is not None:
        return _act_of_dice(ceremony)
    if ceremony.waiting:
        return Act.WAIT
    if bind_due(state):
        return Act.BIND
    return Act.DRAW if state.next_slot is not None else None


def _act_of_dice(ceremony: Ceremony) -> Act:
    if ceremony.cups_at is None:
        return Act.CUPS
    return Act.READ_BACK if ceremony.agreed else Act.TYPE


def ceremony_view(state: LiveState) -> dict[str, Json]:
    """Describe how far the ceremony has come."""
    ceremony, plan = state.ceremony, state.plan
    rules = beacon_rules(plan) if plan else None
    now = act(state)
    return {
        "act": now.value if now else None,
        "beacon": rules.chain.name if rules else None,
        "shortened": _shortened(rules),
        "invited": plan.witnesses if plan else 0,
        "witnesses": [one.id for one in ceremony.witnesses],
        "majority": ceremony.majority,
        "clerks": [clerk.value for clerk in Clerk if clerk in ceremony.clerks],
        "dice": _dice(state),
        "rolled": ceremony.rolled,
        "line": _line(ceremony),
        "bound": _bound(ceremony),
        "bind_by": _bind_by(state),
    }


def _shortened(rules: BeaconRules | None) -> Json:
    """What a rehearsal shortened of the beacon's times, to be shown wherever it is played."""
    if rules is None or rules.may_be_aired:
        return None
    return {"delay_s": rules.min_delay_s, "margin_s": rules.bind_margin_s}


def _dice(state: LiveState) -> Json:
    due, ceremony = dice_due(state), state.ceremony
    if due is None:
        return None
    lift_at = ceremony.cups_at + LIFT_AFTER if ceremony.cups_at else None
    return {
        "purpose": due.purpose.value,
        "j": due.j,
        "count": due.count,
        "lift_at": lift_at.isoformat(timespec="milliseconds") if lift_at else None,
        "typed": [clerk.value for clerk in Clerk if clerk in ceremony.typed],
        "digits": ceremony.agreed,
        "again": ceremony.typed_again.value if ceremony.typed_again else None,
    }


def _line(ceremony: Ceremony) -> Json:
    line = ceremony.open_line
    if line is None:
        return None
    return {
        "line": line.line,
        "type": line.type,
        "signed": list(line.signed),
        "missing": ceremony.missing,
    }


def _bound(ceremony: Ceremony) -> Json:
    bound = ceremony.bound
    if bound is None:
        return None
    return {
        "purpose": bound.purpose.value,
        "j": bound.j,
        "round": bound.round,
        "round_time": time_text(bound.round_time),
        "randomness": bound.randomness,
    }


def _bind_by(state: LiveState) -> Json:
    """The master dice have one round only: which, and until when it can be bound."""
    rules = beacon_rules(state.plan) if state.plan else None
    rolled_at, ceremony = state.ceremony.rolled_at, state.ceremony
    waits = ceremony.bound is None and rolled_at is not None
    if rules is None or rolled_at is None or not waits:
        return None
    number = rules.round_for_dice(rolled_at)
    return {
        "purpose": Purpose.MASTER.value,
        "round": number,
        "round_time": time_text(rules.chain.round_time(number)),
        "margin_s": rules.bind_margin_s,
    }
