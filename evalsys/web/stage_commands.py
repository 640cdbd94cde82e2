"""What the console's panel of lines can do, as JSON: each action and who may press it."""

from collections.abc import Callable, Mapping

from evalsys.domain.access import Role
from evalsys.domain.live.words import StageRole
from evalsys.errors import InvalidInput, NotAllowed
from evalsys.ids import LiveId
from evalsys.services.stage import Stage
from evalsys.web.console_commands import Fields, one_of, text, whole

HOSTS_MAY = frozenset({"cut", "dump"})
"""What protects a household or the hall must not wait for the operator."""

_Action = Callable[[Stage, LiveId, Fields, str], None]


def steer(stage: Stage, live: LiveId, fields: Fields, *, actor: str, role: Role) -> None:
    """Read an action on the stage's lines and carry it out as `actor`.

    Raises:
        InvalidInput: the action is unknown, or a field is missing.
        NotAllowed: a host may cut and dump, and nothing else.
        RuleViolation: it is not possible now.
        LineDown: it is recorded, but the carrier has not heard of it yet.
    """
    name = text(fields, "action")
    action = _ACTIONS.get(name)
    if action is None:
        raise InvalidInput(f"没有“{name}”这个操作。", remedy="请刷新控制台页面。", place="action")
    if role is not Role.OPERATOR and name not in HOSTS_MAY:
        raise NotAllowed("主持人只能切断直播连线。", remedy="其他操作请由操作员进行。")
    action(stage, live, fields, actor)


def _role(fields: Fields) -> StageRole:
    return one_of(StageRole, fields, "role")


_ACTIONS: Mapping[str, _Action] = {
    "offer": lambda stage, live, _, actor: stage.offer(live, actor=actor),
    "end_offer": lambda stage, live, _, actor: stage.end_offer(live, actor=actor),
    "take": lambda stage, live, fields, actor: stage.take(live, whole(fields, "k"), actor=actor),
    "cut": lambda stage, live, _, actor: stage.cut(live, dump=False, actor=actor),
    "dump": lambda stage, live, _, actor: stage.cut(live, dump=True, actor=actor),
    "resume": lambda stage, live, _, actor: stage.resume(live, actor=actor),
    "release": lambda stage, live, _, actor: stage.release(live, actor=actor),
    "hang_up": lambda stage, live, fields, actor: stage.hang_up(
        live, whole(fields, "k"), actor=actor
    ),
    "call_line": lambda stage, live, fields, actor: stage.call_line(
        live, _role(fields), actor=actor
    ),
    "hang_up_line": lambda stage, live, fields, actor: stage.hang_up_line(
        live, _role(fields), actor=actor
    ),
}
