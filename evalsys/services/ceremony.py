"""The ceremony on stage: cups, clerks, witnesses, the beacon, and the draw that follows."""

import logging
import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from evalsys.beacon.check import checked_pulse
from evalsys.clock import Clock
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live.attendants import Attendant
from evalsys.domain.live.ceremony import beacon_rules, check_clocks
from evalsys.domain.live.decide_ceremony import dice_due, round_to_bind
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.transcript import transcript_of
from evalsys.domain.live.words import Phase
from evalsys.domain.transcript import bytes_to_sign
from evalsys.domain.tree_head import lines_of
from evalsys.ed25519 import is_signed
from evalsys.errors import EvalsysError, InvalidInput, RuleViolation
from evalsys.ids import LiveId
from evalsys.ports import Beacon
from evalsys.services.attendants import Attendants
from evalsys.services.draw import Draws
from evalsys.services.live_session import LiveSessions, Step
from evalsys.services.show import Operator

FETCH_EVERY = timedelta(seconds=3)
"""How often relays are asked for a round that they did not give."""
_WAITING = (
    Phase.CEREMONY,
    Phase.SEEDED,
    Phase.DRAWN,
    Phase.NAMED,
    Phase.ANSWERING,
    Phase.JUDGED,
)
"""Phases in which a bound round may be waited for."""
_RELAYS = "system:beacon"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Silence:
    """The relays did not give a round when they were asked last."""

    round: int
    asked_at: datetime
    what: str
    remedy: str


class Ceremony:
    """Each method is one step of the operator, a clerk, a witness or the beacon.

    An operator's step raises StaleState when somebody else took one since; every step raises
    RuleViolation or InvalidInput with the reason when it is refused, and nothing has changed then.
    """

    def __init__(
        self,
        live_sessions: LiveSessions,
        draws: Draws,
        attendants: Attendants,
        beacon: Beacon,
        now: Clock,
    ) -> None:
        """Tie the session to the draw, to the people who serve, and to the beacon's relays."""
        self._live = live_sessions
        self._draws = draws
        self._attendants = attendants
        self._beacon = beacon
        self._now = now
        self._silent: dict[LiveId, Silence] = {}
        self._plain: set[LiveId] = set()
        """Sessions whose plan has no beacon: nothing is ever fetched for them."""

    # --- the operator -------------------------------------------------------------------

    def call_cups(self, operator: Operator) -> LiveState:
        """Tell the rollers to shake, and to lift together."""
        return self._tell(operator, cc.CallCups())

    def read_again(self, operator: Operator) -> LiveState:
        """Let the clerks type the same dice again, since one was read wrongly."""
        return self._tell(operator, cc.ReadAgain())

    def confirm_dice(self, operator: Operator) -> LiveState:
        """Record the digits as both clerks typed them and the hall heard them."""
        self._check_clocks(operator.live)
        return self._tell(operator, cc.ConfirmDice())

    def rehearse_dice(self, operator: Operator) -> LiveState:
        """Let the operating system roll the dice that are due; in rehearsals only."""
        self._check_clocks(operator.live)
        with self._step(operator) as step:
            return _rehearse(step)

    def bind(self, operator: Operator) -> LiveState:
        """Bind the round of the beacon that is due, which nobody chooses."""
        self._check_clocks(operator.live)
        with self._step(operator) as step:
            return step.tell(cc.BindRound(round_to_bind(step.state, self._now())))

    def draw_next(self, operator: Operator) -> LiveState:
        """Draw the next slot from the frozen roster (Y34).

        In a rehearsal without cups the operating system rolls first; when witnesses sign, the
        draw is another step.
        """
        with self._step(operator) as step:
            due, plan = dice_due(step.state), step.state.plan
            if due is not None and plan is not None and plan.rehearsal:
                self._check_clocks(operator.live)
                if _rehearse(step).ceremony.missing:
                    return step.state
            cadres = self._draws.frozen_cadres(step.live) if step.state.manifest else ()
            return step.tell(c.DrawNext(cadres))

    def type_signature(self, operator: Operator, signature: str, previous: str) -> LiveState:
        """Take the bound round's signature from a person, whatever source they have it from."""
        with self._step(operator) as step:
            return self._reveal(step, signature, previous)

    # --- clerks and witnesses -----------------------------------------------------------

    def type_dice(self, clerk: Attendant, digits: str) -> LiveState:
        """Keep what a clerk typed; when both agree the digits are read back in the hall."""
        command = cc.TypeDice(clerk.clerk, digits)
        return self._live.tell(clerk.live, command, actor=f"clerk:{clerk.name}")

    def sign(self, witness: Attendant, line: int, signature: str, clock: datetime) -> LiveState:
        """Keep a witness's signature over the transcript's last line.

        Raises:
            RuleViolation: the line is not the last any more, or this is no witness of the session.
            InvalidInput: the signature is not this witness's over this line.
        """
        self._attendants.hear(witness, clock)
        with self._live.step(witness.live, actor=f"witness:{witness.name}") as step:
            lines = self._lines(step)
            keys = {one.id: one.key for one in step.state.ceremony.witnesses}
            # Who is no witness, or signs an older line, hears that first.
            if witness.name in keys and line == len(lines) - 1:
                signed = bytes_to_sign(lines[line])
                if not is_signed(keys[witness.name], signed, signature):
                    raise InvalidInput(
                        f"这不是见证人 {witness.name} 对第 {line} 行的签名。",
                        remedy="请刷新见证页面后重签；仍不行请停用这台设备并告知工作人员。",
                        place="signature",
                    )
            return step.tell(cc.SignLine(line, witness.name, signature))

    def lines(self, live: LiveId, *, after: int = 0) -> tuple[str, ...]:
        """Return the transcript's lines from number `after` on, as they stand now."""
        records = self._live.events(live)
        return tuple(line.decode() for line in lines_of(transcript_of(records))[after:])

    # --- the beacon ---------------------------------------------------------------------

    def fetch_due(self) -> None:
        """Fetch every bound round that exists by now; call it each second."""
        for phase in _WAITING:
            for live in set(self._live.in_phase(phase)) - self._plain:
                self._fetch(live)

    def silence(self, live: LiveId) -> Silence | None:
        """Say why the bound round is not here yet, if the relays were asked and gave none."""
        silent, waiting = self._silent.get(live), self._live.state(live).ceremony.waiting
        return silent if silent and waiting and silent.round == waiting.round else None

    def _fetch(self, live: LiveId) -> None:
        state, now = self._live.state(live), self._now()
        waiting, plan = state.ceremony.waiting, state.plan
        rules = beacon_rules(plan) if plan else None
        if rules is None:
            self._plain.add(live)
            return
        if waiting is None or now < waiting.round_time or state.ceremony.missing:
            return
        silent = self._silent.get(live)
        if silent and silent.round == waiting.round and now - silent.asked_at < FETCH_EVERY:
            return
        try:
            pulse = self._beacon.fetch(rules.chain, waiting.round)
            self._live.tell(live, cc.RevealBeacon(pulse), actor=_RELAYS)
        except EvalsysError as error:
            self._silent[live] = Silence(waiting.round, self._now(), error.what, error.remedy)
            _log.warning("round %s of session %s: %s", waiting.round, live, error.what)

    def _reveal(self, step: Step, signature: str, previous: str) -> LiveState:
        plan, waiting = step.state.plan, step.state.ceremony.waiting
        rules = beacon_rules(plan) if plan else None
        if rules is None or waiting is None:
            raise RuleViolation(
                "现在没有等待揭晓的信标轮次。",
                remedy="绑定轮次之后才录入它的签名；同一轮只揭晓一次。",
            )
        return step.tell(
            cc.RevealBeacon(checked_pulse(rules.chain, waiting.round, signature, previous))
        )

    # --- parts --------------------------------------------------------------------------

    def _check_clocks(self, live: LiveId) -> None:
        check_clocks(self._attendants.clocks(live))

    def _lines(self, step: Step) -> Sequence[bytes]:
        return lines_of(transcript_of(self._live.events_in(step.db, step.live)))

    def _step(self, operator: Operator) -> AbstractContextManager[Step]:
        return self._live.step(operator.live, actor=operator.name, expect=operator.expect)

    def _tell(self, operator: Operator, command: c.Command) -> LiveState:
        with self._step(operator) as step:
            return step.tell(command)


def _rehearse(step: Step) -> LiveState:
    due = dice_due(step.state)
    count = due.count if due else 0
    return step.tell(cc.RehearseDice("".join(str(secrets.randbelow(10)) for _ in range(count))))
