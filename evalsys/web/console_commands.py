"""The console's commands as JSON: each name, its fields, and the step of the show that it calls."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from evalsys.domain.agenda import Target
from evalsys.domain.draw_strata import StrataKind
from evalsys.domain.live import commands as c
from evalsys.domain.live.events import Plan, TeamMember, Weight
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import (
    AgendaOrder,
    BeaconChoice,
    NamedBy,
    Presence,
    SessionKind,
    TeamCategory,
    Verdict,
)
from evalsys.domain.manifest import ExclusionReason
from evalsys.domain.programme import check_programmes
from evalsys.domain.transcript import AbortReason
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, LiveId, ProgrammeNumber
from evalsys.services.ceremony import Ceremony
from evalsys.services.rooms import Rooms
from evalsys.services.show import Operator, Show

Fields = Mapping[str, object]
Word = TypeVar("Word", bound=StrEnum)

USUAL_OBJECTION_HOURS = 72
"""How long objections are heard when a formal plan does not say."""

_WHOLE = re.compile("[0-9]{1,18}")
_TRUTHS = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False, "": False}


def carry_out(rooms: Rooms, live: LiveId, fields: Fields, *, actor: str) -> LiveState:
    """Read a command and carry it out as `actor`.

    `fields` holds "command", "expect" (the step that the operator saw) and what the command needs.

    Raises:
        InvalidInput: the command is unknown or a field is missing or malformed.
        StaleState: somebody else took a step since.
        RuleViolation: the session refuses it.
    """
    name = text(fields, "command")
    if name not in {"open_ceremony", *_COMMANDS, *_CEREMONY}:
        raise InvalidInput(f"没有“{name}”这个操作。", remedy="请刷新控制台页面。", place="command")
    operator = Operator(live, actor, whole(fields, "expect"))
    if name == "open_ceremony":
        return rooms.show.open_ceremony(operator, rooms.readiness.red(live))
    if name in _CEREMONY:
        return _CEREMONY[name](rooms.ceremony, operator, fields)
    return _COMMANDS[name](rooms.show, operator, fields)


def read_plan(fields: Fields) -> Plan:
    """Read the plan of a new session.

    Raises:
        InvalidInput: a field is missing or not of its kind.
    """
    rehearsal = truth(fields, "rehearsal")
    kind = one_of(SessionKind, fields, "kind", SessionKind.CADRE)
    if kind is SessionKind.ASSEMBLY:
        order = one_of(AgendaOrder, fields, "agenda_order", AgendaOrder.FIXED)
        return read_assembly(fields, order)
    programmes = _programmes(fields)
    usual_hours = 0 if rehearsal else USUAL_OBJECTION_HOURS
    return Plan(
        title=text(fields, "title"),
        rehearsal=rehearsal,
        strata=StrataKind.PROGRAMME if programmes else text(fields, "strata"),
        slots=len(programmes) or whole(fields, "slots"),
        target=whole(fields, "target"),
        attempts=whole(fields, "attempts"),
        gap_s=whole(fields, "gap_s"),
        parallel=whole(fields, "parallel"),
        objection_hours=whole(fields, "objection_hours")
        if fields.get("objection_hours", "") != ""
        else usual_hours,
        spare_recent=truth(fields, "spare_recent"),
        weigh_by=text(fields, "weigh_by"),
        weights=_weights(fields, text(fields, "weigh_by")),
        beacon=one_of(BeaconChoice, fields, "beacon", BeaconChoice.NONE),
        min_delay_s=whole(fields, "min_delay_s", 60),
        bind_margin_s=whole(fields, "bind_margin_s", 10),
        witnesses=whole(fields, "witnesses", 0),
        programmes=programmes,
        two_keys=truth(fields, "two_keys"),
    )


def read_assembly(fields: Fields, order: AgendaOrder) -> Plan:
    """Read the plan of a pledge assembly: a title, and whether its order is drawn (Y69)."""
    return Plan(
        title=text(fields, "title"),
        rehearsal=truth(fields, "rehearsal"),
        strata=StrataKind.UNIFORM,
        slots=1,
        target=1,
        attempts=2,
        gap_s=90,
        parallel=1,
        two_keys=truth(fields, "two_keys"),
        agenda=order,
    )


def text(fields: Fields, name: str) -> str:
    """Return a field that is text, without blanks around it; missing counts as empty."""
    return as_typed(fields, name).strip()


def as_typed(fields: Fields, name: str) -> str:
    """Return a field that is text, to the last blank; missing counts as empty."""
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise InvalidInput("应为文本。", remedy="请重新填写。", place=name)
    return value


def whole(fields: Fields, name: str, default: int | None = None) -> int:
    """Return a field that is a whole number, or its spelling in ASCII digits."""
    value = fields.get(name, default)
    if type(value) is int:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    raise InvalidInput("应为整数。", remedy="请用半角数字填写。", place=name)


def truth(fields: Fields, name: str) -> bool:
    """Return a field that is true or false; a check box sends nothing when it is not checked."""
    value = fields.get(name, False)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _TRUTHS:
        return _TRUTHS[value]
    raise InvalidInput("应为“是”或“否”。", remedy="请填写 true 或 false。", place=name)


def one_of(kind: type[Word], fields: Fields, name: str, default: Word | None = None) -> Word:
    """Return a field that is one word of a closed set."""
    if default is not None and name not in fields:
        return default
    try:
        return kind(text(fields, name))
    except ValueError:
        allowed = "、".join(kind)
        raise InvalidInput("不是可选的值。", remedy=f"可选：{allowed}。", place=name) from None


def _weights(fields: Fields, by: str) -> tuple[Weight, ...]:
    """Read the table of weights: JSON sends `weights`, the form a field `rank:正科级` a row."""
    given = fields.get("weights")
    if given is None:
        rows = {name: value for name, value in fields.items() if name.startswith(f"{by}:")}
        given = {name.partition(":")[2]: value for name, value in rows.items() if value}
    if not isinstance(given, dict):
        raise InvalidInput("应为“类别: 权重”的表。", remedy="请重新填写。", place="weights")
    read = {str(key): whole(given, key) for key in given}
    return tuple(Weight(key, weight) for key, weight in sorted(read.items()) if weight != 1)


def _programmes(fields: Fields) -> tuple[ProgrammeNumber, ...]:
    """Read the programmes of a session: JSON sends a list, the form a field a programme."""
    if one_of(SessionKind, fields, "kind", SessionKind.CADRE) is SessionKind.CADRE:
        return ()
    given = fields.get("programmes")
    if given is None:
        given = [name.partition(":")[2] for name in fields if name.startswith("programme:")]
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise InvalidInput("应为项目编号的列表。", remedy="请重新选择项目。", place="programmes")
    return check_programmes(given)


_NUMBER = re.compile("[0-9]{8}")
_MOST_NUMBERS = 1000


def _numbers(fields: Fields) -> list[str]:
    """Read cadre numbers, one a line; a refusal names the line."""
    typed = fields.get("cadres")
    if not isinstance(typed, str):
        raise InvalidInput("应为文本。", remedy="请每行填写一个编号。", place="cadres")
    lines = [(i, line.strip()) for i, line in enumerate(typed.splitlines(), start=1)]
    numbers: dict[str, int] = {}
    for i, number in lines:
        if not number:
            continue
        if not _NUMBER.fullmatch(number):
            raise InvalidInput(
                f"“{number[:20]}”不是干部编号。",
                remedy="编号是 8 位半角数字，每行一个。",
                place=f"第 {i} 行",
            )
        if number in numbers:
            raise InvalidInput(
                f"编号 {number} 与第 {numbers[number]} 行重复。",
                remedy="请删去一行。",
                place=f"第 {i} 行",
            )
        numbers[number] = i
    if not 1 <= len(numbers) <= _MOST_NUMBERS:
        raise InvalidInput(
            f"共 {len(numbers)} 个编号。",
            remedy=f"请填写 1 至 {_MOST_NUMBERS} 个编号，每行一个。",
            place="cadres",
        )
    return list(numbers)


def _team(fields: Fields) -> tuple[TeamMember, ...]:
    given = fields.get("team")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise InvalidInput("应为成员列表。", remedy="请逐一填写四类成员。", place="team")
    return tuple(
        TeamMember(one_of(TeamCategory, member, "category"), text(member, "name"))
        for member in given
    )


def _pledge(fields: Fields) -> c.MakePledge:
    """Read a pledge; in an assembly with what it is measured by."""
    what, amount, unit = (text(fields, name) for name in ("target", "amount", "unit"))
    return c.MakePledge(
        text(fields, "measure"),
        text(fields, "due_on"),
        text(fields, "responsible"),
        target=Target(what, amount, unit) if what or amount or unit else None,
    )


_Command = Callable[[Show, Operator, Fields], LiveState]
_CeremonyCommand = Callable[[Ceremony, Operator, Fields], LiveState]

_CEREMONY: Mapping[str, _CeremonyCommand] = {
    "call_cups": lambda ceremony, operator, _: ceremony.call_cups(operator),
    "read_again": lambda ceremony, operator, _: ceremony.read_again(operator),
    "confirm_dice": lambda ceremony, operator, _: ceremony.confirm_dice(operator),
    "roll_master": lambda ceremony, operator, _: ceremony.rehearse_dice(operator),
    "bind": lambda ceremony, operator, _: ceremony.bind(operator),
    "type_signature": lambda ceremony, operator, fields: ceremony.type_signature(
        operator, as_typed(fields, "signature"), as_typed(fields, "previous")
    ),
    "draw_next": lambda ceremony, operator, _: ceremony.draw_next(operator),
}

_COMMANDS: Mapping[str, _Command] = {
    "freeze": lambda show, operator, _: show.freeze(operator),
    "exclude": lambda show, operator, fields: show.exclude(
        operator, _numbers(fields), one_of(ExclusionReason, fields, "reason")
    ),
    "withdraw_exclusion": lambda show, operator, fields: show.withdraw_exclusion(
        operator, text(fields, "cadre")
    ),
    "publish": lambda show, operator, _: show.publish(operator),
    "name_cadre": lambda show, operator, fields: show.name_cadre(
        operator,
        CadreNumber(text(fields, "cadre")),
        one_of(NamedBy, fields, "by"),
        who=text(fields, "who"),
        reason=text(fields, "reason"),
    ),
    "take_proposal": lambda show, operator, fields: show.take_proposal(
        operator, text(fields, "proposal")
    ),
    "dismiss_proposal": lambda show, operator, fields: show.dismiss_proposal(
        operator, text(fields, "proposal"), text(fields, "why")
    ),
    "record_presence": lambda show, operator, fields: show.record_presence(
        operator, one_of(Presence, fields, "presence")
    ),
    "open_calls": lambda show, operator, _: show.open_calls(operator),
    "stop_dialling": lambda show, operator, _: show.stop_dialling(operator),
    "open_vote": lambda show, operator, _: show.open_vote(operator),
    "close_vote": lambda show, operator, _: show.close_vote(operator),
    "give_verdict": lambda show, operator, fields: show.give_verdict(
        operator, one_of(Verdict, fields, "verdict")
    ),
    "publish_agenda": lambda show, operator, _: show.publish_agenda(operator),
    "call_issue": lambda show, operator, _: show.call_issue(operator),
    "leave_issue": lambda show, operator, fields: show.leave_issue(
        operator, text(fields, "reason")
    ),
    "make_pledge": lambda show, operator, fields: show.make_pledge(operator, _pledge(fields)),
    "open_investigation": lambda show, operator, fields: show.open_investigation(
        operator, c.OpenInvestigation(text(fields, "reason"), _team(fields))
    ),
    "take_back": lambda show, operator, _: show.take_back(operator),
    "abort": lambda show, operator, fields: show.abort(
        operator, one_of(AbortReason, fields, "reason")
    ),
    "close": lambda show, operator, _: show.close(operator),
    "seal": lambda show, operator, _: show.seal(operator),
}
