"""The outputs of a session 画面: what each is for, who may open it, and what it may say.

Every output is a plain address. What viewers see is open to everybody; the rest opens to people
who sign in with one of its roles, or to a screen in the hall that holds a signed link.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evalsys.domain.access import Role
from evalsys.domain.live.words import Output


class ScreenKind(StrEnum):
    """What a screen shows; its value is the word in the address."""

    STAGE = "stage"
    """舞台大屏, 16:9."""
    LED = "led"
    """LED 墙: the stage as a strip, 21:9 to 48:9."""
    OVERLAY = "overlay"
    """播出字幕: transparent, laid over the cameras."""
    SUBVENUE = "subvenue"
    """分会场大屏."""
    SUBVENUE_DESK = "subvenue-desk"
    """分会场联络台: the clerk of a sub-venue reports and asks to speak."""
    MONITOR = "monitor"
    """主持人提示屏: what is now, what is next, what to say."""
    CALLS = "calls"
    """呼叫台: every line, by place in the drawn order."""
    PRESS = "press"
    """媒体页: facts to quote, and how to check them."""
    OBSERVER = "observer"
    """观察员: reads everything, touches nothing."""


@dataclass(frozen=True, slots=True)
class ScreenRule:
    """Who may open a kind of screen and how it behaves."""

    on_air: bool = False
    """Viewers see it: it keeps its last good frame and never speaks of its own troubles."""
    audience: str = "public"
    """Whose picture of the session it paints."""
    roles: frozenset[Role] = frozenset()
    """Who opens it by signing in, beside screens with a signed link; nobody named: everybody."""

    output: Output | None = None
    """What the director blacks out to make it dark; desks, where people work, never are."""

    @property
    def is_open(self) -> bool:
        """Whether everybody may open it."""
        return not self.roles


_RUNS = frozenset({Role.OPERATOR, Role.HOST, Role.AUDITOR})
_ENGINEERS = frozenset({Role.ENGINEER, Role.OPERATOR})

RULES: Mapping[ScreenKind, ScreenRule] = {
    ScreenKind.STAGE: ScreenRule(on_air=True, output=Output.STAGE),
    ScreenKind.LED: ScreenRule(on_air=True, output=Output.LED),
    ScreenKind.OVERLAY: ScreenRule(on_air=True, output=Output.OVERLAY),
    ScreenKind.SUBVENUE: ScreenRule(on_air=True, output=Output.SUBVENUE),
    ScreenKind.SUBVENUE_DESK: ScreenRule(roles=_ENGINEERS),
    ScreenKind.MONITOR: ScreenRule(audience="console", roles=_RUNS, output=Output.MONITOR),
    ScreenKind.CALLS: ScreenRule(audience="console", roles=_RUNS),
    ScreenKind.PRESS: ScreenRule(audience="aired", output=Output.PUBLIC),
    ScreenKind.OBSERVER: ScreenRule(audience="console", roles=_RUNS),
}
