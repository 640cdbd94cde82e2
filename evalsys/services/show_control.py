"""Show control 导播控制: what the director does to the pictures, and the checks before GO.

None of it is a step of the show: nothing here is ever stale, and a repeat changes nothing.
"""

from collections.abc import Collection

from evalsys.clock import Clock
from evalsys.domain.live import commands_control as k
from evalsys.domain.live.decide_control import check_pace, check_seat
from evalsys.domain.live.events_control import CueLine
from evalsys.domain.live.names import GO_NAMES
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import CheckItem, GoStep, Output, ShowCheck
from evalsys.errors import RuleViolation
from evalsys.ids import LiveId
from evalsys.services.access import must_be_two_people
from evalsys.services.aired import Aired
from evalsys.services.live_session import LiveSessions


class ShowControl:
    """The director's hands on the pictures of every session."""

    def __init__(self, live_sessions: LiveSessions, aired: Aired, now: Clock) -> None:
        """Act on `live_sessions`; `aired` knows how far the web has come."""
        self._live = live_sessions
        self._aired = aired
        self._now = now

    def darken(self, live: LiveId, outputs: Collection[Output], *, by: str) -> LiveState:
        """Black out outputs at once."""
        return self._tell(live, k.DarkenOutputs(outputs), by)

    def light(self, live: LiveId, outputs: Collection[Output], *, by: str) -> LiveState:
        """Show outputs again."""
        return self._tell(live, k.LightOutputs(by, outputs), by)

    def darken_screen(self, live: LiveId, kind: ScreenKind, name: str, *, by: str) -> LiveState:
        """Black out one screen, until it is lit: a reload or a restart does not light it."""
        return self._tell(live, k.DarkenScreen(kind, name), by)

    def light_screen(self, live: LiveId, kind: ScreenKind, name: str, *, by: str) -> LiveState:
        """Let one screen show what its kind shows."""
        return self._tell(live, k.LightScreen(by, kind, name), by)

    def show_card(self, live: LiveId, words: str, *, by: str) -> LiveState:
        """Put the pause card on every output."""
        return self._tell(live, k.ShowPauseCard(words), by)

    def remove_card(self, live: LiveId, *, by: str) -> LiveState:
        """Take the pause card away."""
        return self._tell(live, k.RemovePauseCard(by), by)

    def hold(self, live: LiveId, *, by: str) -> LiveState:
        """Hold the show."""
        return self._tell(live, k.HoldShow(), by)

    def resume(self, live: LiveId, *, by: str) -> LiveState:
        """Let the show go on."""
        return self._tell(live, k.ResumeShow(by), by)

    def set_delay(self, live: LiveId, seconds: int, *, by: str) -> LiveState:
        """Let the web come so many seconds late."""
        with self._live.step(live, actor=by) as step:
            shown = self._aired.shown_in(step.db, live, step.state)
            return step.tell(k.SetDelay(by, seconds, shown))

    def dump(self, live: LiveId, why: str, *, by: str) -> LiveState:
        """Withhold from the web what it has not shown yet."""
        with self._live.step(live, actor=by) as step:
            shown = self._aired.shown_in(step.db, live, step.state)
            return step.tell(k.DumpDelay(shown, why))

    def take_seat(self, live: LiveId, epoch: int, *, by: str) -> LiveState:
        """Take the director's seat, over from whoever holds it in seating `epoch`."""
        return self._tell(live, k.TakeSeat(by, epoch), by)

    def leave_seat(self, live: LiveId, *, by: str) -> LiveState:
        """Leave the director's seat."""
        return self._tell(live, k.LeaveSeat(by), by)

    def standby(self, live: LiveId, step: GoStep, *, by: str) -> LiveState:
        """Arm a step."""
        return self._tell(live, k.SetStandby(by, step), by)

    def stand_down(self, live: LiveId, *, by: str) -> LiveState:
        """Take the standby back."""
        return self._tell(live, k.ClearStandby(by), by)

    def turn_key(self, live: LiveId, step: GoStep, *, by: str) -> LiveState:
        """Agree, as a second person, to the step on standby.

        Raises:
            RuleViolation: it is not on standby, or the same person armed it.
        """
        self._live.state(live)  # a session that does not exist is not found, not begun
        with self._live.step(live, actor=by) as own:
            armed = own.state.control.armed(self._now())
            if armed is not None:
                must_be_two_people(own.db, armed.by, by)
            return own.tell(k.TurnSecondKey(by, step))

    def set_rundown(
        self, live: LiveId, starts_at: str, lines: Collection[CueLine], *, by: str
    ) -> LiveState:
        """Plan how long each part of the show takes."""
        return self._tell(live, k.SetRundown(by, starts_at, tuple(lines)), by)

    def confirm(self, live: LiveId, item: CheckItem, note: str, *, by: str) -> LiveState:
        """Keep who saw that something is in order."""
        return self._tell(live, k.ConfirmCheck(item, note), by)

    def waive(self, live: LiveId, check: ShowCheck, says: str, why: str, *, by: str) -> LiveState:
        """Let the show begin although a check is red, once a second person agrees."""
        return self._tell(live, k.WaiveCheck(by, check, says, why), by)

    def second_waiver(self, live: LiveId, check: ShowCheck, *, by: str) -> LiveState:
        """Agree, as a second person, that the show begins although a check is red.

        Raises:
            RuleViolation: nobody waived it, or the same person did.
        """
        self._live.state(live)
        with self._live.step(live, actor=by) as own:
            waiver = own.state.control.waived.get(check)
            if waiver is not None:
                must_be_two_people(own.db, waiver.by, by)
            return own.tell(k.SecondWaiver(by, check))

    def check_go(self, live: LiveId, step: GoStep, *, by: str) -> None:
        """Insist that `step` is on standby, and that no step was taken within the last second.

        Raises:
            NotAllowed: somebody else holds the director's seat.
            StaleState: the step before was only just taken.
            RuleViolation: the step is not on standby, or not any more.
        """
        state, now = self._live.state(live), self._now()
        check_seat(state, by)
        armed = state.control.armed(now)
        if armed is None or armed.step is not step:
            raise RuleViolation(
                f"“{GO_NAMES[step]}”不在待命，GO 没有生效。",
                remedy="请先按“待命”，看清各画面后在时限内按 GO。",
            )
        check_pace(state, now)

    def _tell(self, live: LiveId, command: k.ControlCommand, by: str) -> LiveState:
        self._live.state(live)  # a session that does not exist is not found, not begun
        return self._live.tell(live, command, actor=by)
