"""What the director's desk sends, as JSON: each act, its fields, and who may do it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from evalsys.domain.access import Person, Role
from evalsys.domain.live.events_control import CueLine
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import CheckItem, GoStep, Output, Phase, ShowCheck
from evalsys.errors import InvalidInput, NotAllowed
from evalsys.ids import LiveId
from evalsys.services.rooms import Rooms
from evalsys.services.show_control import ShowControl
from evalsys.web.console_commands import Fields, one_of, text, whole

_Act = Callable[[ShowControl, LiveId, Fields, str], LiveState]
_SECONDS = frozenset({"turn_key", "second_waiver"})

_STOPS = frozenset({"darken", "darken_screen", "show_card", "hold", "dump"})
"""Whoever runs the session may stop a picture; only the director's seat brings it back."""
_MAY: Mapping[Role, frozenset[str]] = {
    Role.HOST: _STOPS | _SECONDS,
    Role.AUDITOR: _SECONDS,
}


def direct(rooms: Rooms, live: LiveId, fields: Fields, person: Person) -> LiveState:
    """Read an act of show control and carry it out as `person`.

    Raises:
        InvalidInput: there is no such act, or a field is missing or malformed.
        NotAllowed: it is not this role's, or somebody else holds the director's seat.
        RuleViolation: there is nothing to do it to.
    """
    act = text(fields, "act")
    if act != "waive" and act not in _ACTS:
        raise InvalidInput(f"没有“{act[:20]}”这个操作。", remedy="请刷新导播台页面。", place="act")
    if person.role is not Role.OPERATOR and act not in _MAY.get(person.role, frozenset()):
        raise NotAllowed("您的角色不能这样做。", remedy="请由操作员在导播台上操作。")
    if act == "waive":
        check = one_of(ShowCheck, fields, "check")
        says, why = rooms.readiness.says(live, check), text(fields, "why")
        return rooms.control.waive(live, check, says, why, by=person.name)
    return _ACTS[act](rooms.control, live, fields, person.name)


def go_step(fields: Fields) -> GoStep:
    """Return the step that GO is to carry out."""
    return one_of(GoStep, fields, "command")


def _outputs(fields: Fields) -> frozenset[Output]:
    """Read which outputs are meant: a list of their names, or "all"."""
    given = fields.get("outputs")
    if given == "all":
        return frozenset(Output)
    known = [one.value for one in Output]
    if not isinstance(given, list) or not given or not all(one in known for one in given):
        raise InvalidInput(
            "没有指明是哪些画面。", remedy=f"可选：all，或 {'、'.join(known)}。", place="outputs"
        )
    return frozenset(Output(one) for one in given)


def _lines(fields: Fields) -> list[CueLine]:
    given = fields.get("lines")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise InvalidInput("应为各环节的列表。", remedy="请重新填写流程表。", place="lines")
    return [
        CueLine(one_of(Phase, line, "phase"), whole(line, "seconds"), text(line, "words"))
        for line in given
    ]


def starts_at(fields: Fields) -> str:
    """Read when the show starts: ISO with its offset, or nothing; seconds are enough."""
    given = text(fields, "starts_at")
    try:
        return datetime.fromisoformat(given).isoformat(timespec="seconds") if given else ""
    except ValueError:
        return given  # refused by the rule, which says what is wrong


_ACTS: Mapping[str, _Act] = {
    "darken": lambda control, live, fields, by: control.darken(live, _outputs(fields), by=by),
    "light": lambda control, live, fields, by: control.light(live, _outputs(fields), by=by),
    "darken_screen": lambda control, live, fields, by: control.darken_screen(
        live, one_of(ScreenKind, fields, "kind"), text(fields, "name"), by=by
    ),
    "light_screen": lambda control, live, fields, by: control.light_screen(
        live, one_of(ScreenKind, fields, "kind"), text(fields, "name"), by=by
    ),
    "show_card": lambda control, live, fields, by: control.show_card(
        live, text(fields, "words"), by=by
    ),
    "remove_card": lambda control, live, _, by: control.remove_card(live, by=by),
    "hold": lambda control, live, _, by: control.hold(live, by=by),
    "resume": lambda control, live, _, by: control.resume(live, by=by),
    "set_delay": lambda control, live, fields, by: control.set_delay(
        live, whole(fields, "seconds"), by=by
    ),
    "dump": lambda control, live, fields, by: control.dump(live, text(fields, "why"), by=by),
    "take_seat": lambda control, live, fields, by: control.take_seat(
        live, whole(fields, "epoch"), by=by
    ),
    "leave_seat": lambda control, live, _, by: control.leave_seat(live, by=by),
    "standby": lambda control, live, fields, by: control.standby(
        live, one_of(GoStep, fields, "step"), by=by
    ),
    "stand_down": lambda control, live, _, by: control.stand_down(live, by=by),
    "turn_key": lambda control, live, fields, by: control.turn_key(
        live, one_of(GoStep, fields, "step"), by=by
    ),
    "set_rundown": lambda control, live, fields, by: control.set_rundown(
        live, starts_at(fields), _lines(fields), by=by
    ),
    "confirm": lambda control, live, fields, by: control.confirm(
        live, one_of(CheckItem, fields, "item"), text(fields, "note"), by=by
    ),
    "second_waiver": lambda control, live, fields, by: control.second_waiver(
        live, one_of(ShowCheck, fields, "check"), by=by
    ),
}
