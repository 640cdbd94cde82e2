"""Naming 点名: the panel, the chair or the media ask for one cadre by number (Y33, Y35).

A named cadre gets a whole round and stays in the pot; nothing about it counts as drawn.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from evalsys.domain.draw import FrozenCadre
from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live.decide_ceremony import bind_households, require_no_draw_begun
from evalsys.domain.live.names import PHASE_NAMES
from evalsys.domain.live.state import FIRST_NAMING, LiveState, hears_programmes, is_assembly
from evalsys.domain.live.words import Phase
from evalsys.domain.written import LONGEST_NAME, one_line
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber

LONGEST_REASON = 200
"""Characters of a reason: what the public transcript has room for."""
BETWEEN_ROUNDS = (Phase.SEEDED, Phase.JUDGED)
"""When a cadre may be named: the master seed is known and nobody is on stage."""


def name_cadre(state: LiveState, command: c.NameCadre, at: datetime) -> tuple[e.Event, ...]:
    """Name a cadre between two rounds.

    Raises:
        WrongPhase: the ceremony has not come to the first slot, or a round goes on.
        RuleViolation: the next draw has begun, or the cadre is not in the frozen roster, or was
            drawn or named already.
        InvalidInput: the number or the reason is malformed.
    """
    check_hears_cadres(state)
    if state.phase not in BETWEEN_ROUNDS:
        raise WrongPhase(
            f"现在不能点名：会议处于“{PHASE_NAMES[state.phase]}”阶段。",
            remedy="点名只能在主骰录入之后、两轮之间进行；一轮进行中的，请等本轮认定之后。",
        )
    require_no_draw_begun(state)
    reason = check_naming(state, command.cadre, command.reason, command.cadres)
    who = one_line(command.who, "点名人", longest=LONGEST_NAME)
    if not who:
        raise InvalidInput("请写明由谁点名。", remedy="例如：评议团。", place="点名人")
    j = FIRST_NAMING + len(state.namings)
    named = e.CadreNamed(j, command.cadre, command.by, who, reason)
    return (named, *bind_households(state, j, at))


def check_hears_cadres(state: LiveState) -> None:
    """Insist that this session is about cadres: programmes are all heard anyway.

    Raises:
        RuleViolation: it hears programmes.
    """
    if is_assembly(state):
        raise RuleViolation("承诺大会不点名，也不抽干部。", remedy="点名请在干部的调查大会上进行。")
    if hears_programmes(state):
        raise RuleViolation(
            "项目评议会不点名。", remedy="每个项目都有自己的一轮；点名请在干部的大会上进行。"
        )


def check_naming(
    state: LiveState, cadre: CadreNumber, reason: str, cadres: Iterable[FrozenCadre]
) -> str:
    """Return the reason as it is recorded, if `cadre` may be named at all in this session.

    Raises:
        RuleViolation: the cadre is not in the frozen roster, or was drawn or named already.
        InvalidInput: the number or the reason is malformed.
    """
    if not re.fullmatch("[0-9]{8}", cadre):
        raise InvalidInput(
            "干部编号必须恰好是 8 位半角数字。", remedy="请核对编号后重新填写。", place="编号"
        )
    reason = one_line(reason, "点名理由", longest=LONGEST_REASON)
    if not reason:
        raise InvalidInput("请写明点名的理由。", remedy="理由将在大屏上公布。", place="点名理由")
    if all(one.cadre != cadre for one in cadres):
        raise RuleViolation(
            f"冻结名册中没有编号 {cadre}。", remedy="只能点名本次会议冻结名册中的干部，请核对编号。"
        )
    if cadre in state.drawn:
        raise RuleViolation(
            f"{cadre} 在本次会议已被抽中。", remedy="已经上台的干部不再点名，请另选。"
        )
    if cadre in state.named:
        raise RuleViolation(f"{cadre} 在本次会议已被点名。", remedy="每名干部只点名一次，请另选。")
    return reason
