"""What a step needs before it can be decided on: the right phase, a plan, a round."""

from evalsys.domain.live.events import Plan
from evalsys.domain.live.names import ASSEMBLY_PHASE_NAMES, PHASE_NAMES
from evalsys.domain.live.state import LiveState, Round, is_assembly
from evalsys.domain.live.words import Phase
from evalsys.errors import WrongPhase


def need(state: LiveState, what: str, *phases: Phase) -> None:
    """Insist on one of `phases` for `what`; raises WrongPhase, naming both."""
    if state.phase not in phases:
        names = ASSEMBLY_PHASE_NAMES if is_assembly(state) else PHASE_NAMES
        expected = "、".join(names[phase] for phase in phases)
        raise WrongPhase(
            f"现在不能{what}：会议处于“{names[state.phase]}”阶段。",
            remedy=f"此操作只能在“{expected}”阶段进行，请按控制台提示的下一步操作。",
        )


def plan_of(state: LiveState) -> Plan:
    """Give the session's plan; raises WrongPhase when there is none yet."""
    if state.plan is None:
        raise WrongPhase("会议尚未建立。", remedy="请先新建会议。")
    return state.plan


def round_of(state: LiveState) -> Round:
    """Give the round on stage; raises WrongPhase when nobody is drawn yet."""
    if state.round is None:
        raise WrongPhase("还没有抽出干部。", remedy="请先抽取下一个号码。")
    return state.round
