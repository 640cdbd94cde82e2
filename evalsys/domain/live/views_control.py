"""Show control as screens see it: what every output must obey, and what the desk adds."""

from datetime import datetime

from evalsys.domain.live.codec import Json
from evalsys.domain.live.rundown import Cue, clocks_of, cues_of
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import IRREVERSIBLE, Output, Phase


def control_view(state: LiveState) -> dict[str, Json]:
    """Say what every output obeys; a sealed session shows its result, whatever was dark before."""
    control = state.control
    if state.phase is Phase.SEALED:
        nothing: dict[str, Json] = {"dark": [], "card": None, "held": False, "halted_since": None}
        return {"n": control.curtains, **nothing}
    card = control.card
    return {
        "n": control.curtains,
        "dark": [one.value for one in Output if one in control.dark],
        "card": {"words": card.words, "since": _iso(card.since)} if card else None,
        "held": control.held,
        "halted_since": _iso(control.halted_since),
    }


def is_screen_dark(state: LiveState, kind: ScreenKind, name: str) -> bool:
    """Say whether this one screen is black; a sealed session shows its result on every screen."""
    return state.phase is not Phase.SEALED and (kind, name) in state.control.dark_screens


def desk_view(state: LiveState, now: datetime) -> dict[str, Json]:
    """Say what the director's desk and the confidence monitor know beside it."""
    control = state.control
    airing, director, armed = control.airing, control.director, control.armed(now)
    return {
        "epoch": control.epoch,
        "director": {
            "name": director.name,
            "since": _iso(director.since),
            "taken_from": director.taken_from,
        }
        if director
        else None,
        "standby": {
            "step": armed.step.value,
            "by": armed.by,
            "second_key": armed.second_key,
            "needs_key": _needs_key(state) and armed.step in IRREVERSIBLE,
            "ends_at": _iso(armed.ends_at),
        }
        if armed
        else None,
        "two_keys": _needs_key(state),
        "dark_screens": [
            {"kind": kind.value, "name": name} for kind, name in sorted(control.dark_screens)
        ],
        "delay_s": airing.delay_s,
        "web_stands": airing.stands,
        "dumped": len(airing.withheld),
        "confirmed": {
            item.value: {"by": seen.by, "at": _iso(seen.at), "note": seen.note}
            for item, seen in control.confirmed.items()
        },
        "waived": {
            check.value: {"by": one.by, "why": one.why, "second": one.second}
            for check, one in control.waived.items()
        },
        "rundown": rundown_view(state, now),
    }


def rundown_view(state: LiveState, now: datetime) -> dict[str, Json]:
    """Give the cue list with plan and actual, and how far the show is over or under."""
    clocks = clocks_of(state, now)
    return {
        "starts_at": state.control.rundown.starts_at,
        "cues": [_cue(cue) for cue in cues_of(state)],
        "clocks": {
            "ends_at": _iso(clocks.ends_at),
            "due_at": _iso(clocks.due_at),
            "over_s": clocks.over_s,
            "show_ends_at": _iso(clocks.show_ends_at),
        }
        if clocks
        else None,
    }


def _cue(cue: Cue) -> Json:
    return {
        "phase": cue.phase.value,
        "j": cue.j,
        "planned_s": cue.planned_s,
        "words": cue.words,
        "planned": cue.is_planned,
        "began_at": _iso(cue.began_at),
        "actual_s": cue.actual_s,
        "now": cue.is_now,
    }


def _needs_key(state: LiveState) -> bool:
    return bool(state.plan and state.plan.two_keys)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None
