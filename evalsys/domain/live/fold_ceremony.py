"""The events of the ceremony folded into the state: dice, signatures, rounds of the beacon."""

from dataclasses import replace
from datetime import datetime

from evalsys.domain.live import events as e
from evalsys.domain.live import events_ceremony as ec
from evalsys.domain.live.ceremony import Bound, Ceremony, OpenLine
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.transcript import makes_line
from evalsys.domain.live.words import Phase, Purpose
from evalsys.domain.witness_keys import WitnessKey

_SIGNED_TYPES: dict[type[e.Event], str] = {
    e.MasterDiceRolled: "dice",
    e.SlotDiceRolled: "dice",
    ec.RoundBound: "bind",
}
"""What witnesses sign."""


def count_line(state: LiveState, event: e.Event) -> LiveState:
    """Count the transcript's lines; one of dice or a bind stays open to witnesses' signatures."""
    if not makes_line(event):
        return state
    ceremony, line = state.ceremony, state.ceremony.lines
    kind = _SIGNED_TYPES.get(type(event)) if ceremony.witnesses else None
    open_line = OpenLine(line, kind) if kind else None
    return replace(state, ceremony=replace(ceremony, lines=line + 1, open_line=open_line))


def apply_ceremony(state: LiveState, record: e.Recorded) -> LiveState:
    """Return the state after an event of the ceremony."""
    match record.event:
        case e.MasterDiceRolled() as rolled:
            ceremony = replace(_recorded(state.ceremony, rolled.digits), rolled_at=record.at)
            phase = Phase.SEEDED if rolled.seed else state.phase
            return replace(
                state,
                phase=phase,
                master_seed=rolled.seed,
                master_digits=rolled.digits,
                ceremony=ceremony,
            )
        case e.SlotDiceRolled() as rolled:
            ceremony = _recorded(state.ceremony, rolled.digits)
            return replace(state, slot_seed=rolled.seed, seeded_slot=rolled.j, ceremony=ceremony)
        case ec.BeaconRevealed() as revealed:
            return _reveal(state, revealed)
        case _:
            return replace(state, ceremony=_ceremony(state.ceremony, record))


def _ceremony(ceremony: Ceremony, record: e.Recorded) -> Ceremony:  # noqa: PLR0911 - one arm an event
    match record.event:
        case ec.WitnessEnrolled(witness, key):
            enrolled = (*ceremony.witnesses, WitnessKey(witness, key))
            return replace(ceremony, witnesses=tuple(sorted(enrolled, key=lambda one: one.id)))
        case ec.ClerkSeated(clerk):
            return replace(ceremony, clerks=ceremony.clerks | {clerk})
        case ec.CupsCalled():
            return replace(ceremony, cups_at=record.at)
        case ec.DiceTyped() as typed:
            return replace(ceremony, typed={**ceremony.typed, typed.clerk: typed.digits})
        case ec.DiceTypedAgain(reason=reason):
            return replace(ceremony, typed={}, typed_again=reason)
        case ec.RoundBound() as bound:
            due = datetime.fromisoformat(bound.round_time)
            return replace(ceremony, bound=Bound(bound.purpose, bound.j, bound.round, due))
        case ec.WitnessSigned(witness=witness) if ceremony.open_line is not None:
            signed = (*ceremony.open_line.signed, witness)
            return replace(ceremony, open_line=replace(ceremony.open_line, signed=signed))
        case _:  # every event of the ceremony has its arm
            return ceremony


def _recorded(ceremony: Ceremony, digits: str) -> Ceremony:
    return replace(ceremony, rolled=digits, cups_at=None, typed={}, typed_again=None)


def _reveal(state: LiveState, revealed: ec.BeaconRevealed) -> LiveState:
    bound = state.ceremony.bound
    if bound is not None:
        bound = replace(bound, randomness=revealed.randomness, seed=revealed.seed)
    state = replace(state, ceremony=replace(state.ceremony, bound=bound))
    match revealed.purpose:
        case Purpose.MASTER:
            return replace(state, phase=Phase.SEEDED, master_seed=revealed.seed)
        case Purpose.SLOT:
            return replace(state, slot_seed=revealed.seed, seeded_slot=revealed.j)
        case Purpose.HOUSEHOLDS:
            return state
