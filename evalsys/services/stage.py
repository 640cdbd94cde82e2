"""Calls on stage: a household is heard in the hall, or the cadre answers there by telephone.

What is wanted is recorded first, then the carrier is told; what the carrier did not hear is told
again by the next look. So a process that is killed leaves nobody on air whom the record has off:
the first look of the next one mutes, removes and hangs up whatever ought to be.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.air_script import AirScript
from evalsys.domain.disposition import heard
from evalsys.domain.live import commands_air as c
from evalsys.domain.live.air import AirLeg, AirStatus, StageLine, conference_of
from evalsys.domain.live.decide_air import lines_of
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import AirEnd, CallStatus, Phase, StageRole
from evalsys.domain.protection import Protection
from evalsys.errors import EvalsysError, InvalidInput, LineDown, RuleViolation, StaleState
from evalsys.ids import AttemptId, CadreNumber, LiveId, new_id
from evalsys.ports import CarrierCall, StageGateway
from evalsys.services.draw import Draws
from evalsys.services.live_session import LiveSessions
from evalsys.services.stage_ways import Way, is_passed, leg_of, way_of
from evalsys.store import audit, calls, programmes, roster
from evalsys.store.calls import Attempt
from evalsys.store.database import Database
from evalsys.store.protection import protection_of

ACTOR = "system:stage"
LOOKS_EVERY_S = 1.0
MOST_WAITS = 20
"""How often a household is asked to wait, about five seconds each, before it is asked by keys."""
_LOST_AFTER = timedelta(seconds=12)
_ASKED_AFTER = timedelta(seconds=30)

_WATCHED = (
    Phase.SEEDED,
    Phase.DRAWN,
    Phase.NAMED,
    Phase.ANSWERING,
    Phase.CALLING,
    Phase.VOTING,
    Phase.TALLIED,
    Phase.JUDGED,
    Phase.CLOSED,
)
_HEARD = {AirStatus.ON_AIR: True, AirStatus.CUT: False}

_log = logging.getLogger(__name__)


class Stage:
    """The lines of the stage: the households', the hall's and the cadre's."""

    def __init__(  # noqa: PLR0913, PLR0917 - the rooms it ties together
        self,
        database: Database,
        live_sessions: LiveSessions,
        draws: Draws,
        gateway: StageGateway,
        script: AirScript,
        lines: Mapping[StageRole, str],
        now: Clock,
    ) -> None:
        """Put lines through over `gateway`; `lines` are those of the house, empty for none."""
        self._database = database
        self._live = live_sessions
        self._draws = draws
        self._gateway = gateway
        self.script = script
        self._house_lines = lines
        self._delays: dict[AttemptId, float] = {}
        self._now = now
        self._has_conferences: bool | None = None
        self._told: dict[AttemptId, AirLeg] = {}
        """What the carrier was told of each line; forgotten with the process, so told anew."""
        self._heard_at: dict[AttemptId, datetime] = {}
        self._steering = Lock()
        """One at a time: an older wish must not reach the carrier after a newer one."""

    @property
    def trouble(self) -> str:
        """Why nobody can be put on stage: "no_hall", "no_conferences", or nothing."""
        if not self._house_lines[StageRole.HALL]:
            return "no_hall"
        return "no_conferences" if self._has_conferences is False else ""

    @property
    def has_feed(self) -> bool:
        """Whether a transmitter is fed by a line of the house."""
        return bool(self._house_lines[StageRole.FEED])

    def delay_s(self, live: LiveId) -> float:
        """Say how many seconds later the feed hears the hall; 0 when it is not there."""
        feed = _feed(self._live.state(live))
        return self._delays.get(feed.leg, 0.0) if feed else 0.0

    def live_of(self, attempt: AttemptId) -> LiveId:
        """Return the session of a household's call."""
        with self._database.read() as db:
            return calls.get(db, attempt).live

    def is_cut(self, attempt: AttemptId) -> bool:
        """Say whether a household's line enters the stage muted, since it was cut meanwhile."""
        with self._database.read() as db:
            call = calls.get(db, attempt)
        leg = leg_of(self._live.state(call.live), call)
        return leg is not None and leg.status is AirStatus.CUT

    # --- the household's side -----------------------------------------------------------

    def offered(self, attempt: AttemptId) -> str:
        """Say the offer to a household that is on the telephone."""
        with self._database.read() as db:
            call = calls.get(db, attempt)
            known = roster.cadre_cards(db, [call.cadre]) or programmes.cards(db, [call.cadre])
            card = known.get(call.cadre)
        return self.script.offered(card.name if card else "您的联系干部")

    def answered(self, attempt: AttemptId, sid: str, key: str, tries: int) -> Way:
        """Take a household's answer to the offer; its consent is recorded with all about it."""
        call = self._call(attempt, sid)
        agreed = key == self.script.yes_key
        if not agreed and key != self.script.no_key and tries < self.script.offers:
            return Way.AGAIN
        with self._live.step(call.live, actor=ACTOR) as step:
            calls.keep_heard(step.db, attempt, self._now())
            if agreed and protection_of(step.db, call.household) is Protection.NONE:
                text, language = self.script.label, self.script.language
                step.tell(c.ConsentToAir(call.j, call.k, call.id, sid, text, language, key))
            else:
                step.tell(c.DeclineAir(call.j, call.k, call.id))
            return way_of(step.state, call)

    def waited(self, attempt: AttemptId, sid: str, key: str, waits: int) -> Way:
        """Say where a household that waited goes: onto the stage, on waiting, or to the keys."""
        call = self._call(attempt, sid)
        with self._live.step(call.live, actor=ACTOR) as step:
            calls.keep_heard(step.db, attempt, self._now())
            if key == "*":
                step.tell(c.LeaveAir(call.j, call.k, call.id, AirEnd.WITHDRAWN))
            elif waits >= MOST_WAITS or is_passed(step.state, call):
                step.tell(c.LeaveAir(call.j, call.k, call.id, AirEnd.PASSED))
            else:
                step.tell(c.EnterAir(call.j, call.k, call.id))
            self._told.pop(attempt, None)  # whoever enters anew is told anew
            return way_of(step.state, call)

    def left(self, attempt: AttemptId, sid: str) -> Way:
        """Note that a household's line is off the stage, by `*` or because it was sent back."""
        call = self._call(attempt, sid)
        with self._live.step(call.live, actor=ACTOR) as step:
            calls.keep_heard(step.db, attempt, self._now())
            step.tell(c.LeaveAir(call.j, call.k, call.id, AirEnd.WITHDRAWN))
            return way_of(step.state, call)

    # --- the operator's side ------------------------------------------------------------

    def offer(self, live: LiveId, *, actor: str) -> None:
        """Ask the households that are called from now on.

        Raises:
            RuleViolation: this installation cannot put anybody on stage, or nobody is called.
        """
        if self.trouble:
            raise RuleViolation(
                "这里不能直播连线：没有会场线路，或者电话平台没有会议功能。",
                remedy="联系户照常按键作答；需要直播连线的，请设置 EVALSYS_HALL_LINE。",
            )
        self._tell(live, c.OfferAir(), actor)

    def end_offer(self, live: LiveId, *, actor: str) -> None:
        """Ask no further household; who waits is asked by keys."""
        self._tell(live, c.EndAirOffer(), actor)

    def take(self, live: LiveId, k: int, *, actor: str) -> None:
        """Put the earliest household that agreed on stage.

        Raises:
            RuleViolation: it is not its turn, or the hall's line is not there.
        """
        self._tell(live, c.TakeOnAir(k), actor)

    def cut(self, live: LiveId, *, dump: bool, actor: str) -> None:
        """Mute and hold the line on stage; `dump` marks what is in the delay as thrown away.

        Raises:
            RuleViolation: nobody is on stage.
            LineDown: recorded, but the carrier has not heard of it yet; it is told again.
        """
        self._tell(live, c.CutAir(dump), actor)

    def resume(self, live: LiveId, *, actor: str) -> None:
        """Let a line that was cut be heard again."""
        self._tell(live, c.ResumeAir(), actor)

    def release(self, live: LiveId, *, actor: str) -> None:
        """Send the household on stage back to its questions."""
        self._tell(live, c.ReleaseAir(), actor)

    def hang_up(self, live: LiveId, k: int, *, actor: str) -> None:
        """End the call of position `k`.

        Raises:
            RuleViolation: nobody of this position is on the telephone.
        """
        current = self._live.state(live).round
        position = current.positions.get(k) if current else None
        attempt = position.current if position else None
        if attempt is None:
            raise RuleViolation("这一户没有通话在进行。", remedy="请看线路面板。")
        with self._database.write() as db:
            sid = calls.get(db, attempt.attempt_id).sid
            audit.record(db, self._now(), actor, "call.hang_up", f"live:{live}/{k}")
        if sid:
            self._gateway.hang_up(sid)

    def call_line(self, live: LiveId, role: StageRole, *, actor: str) -> None:
        """Call the hall, or the cadre who answers by telephone, into the stage's conference.

        Raises:
            RuleViolation: it is called already, or the cadre does not answer by telephone.
            InvalidInput: there is no number to call, or the carrier refuses it.
            LineDown: the carrier does not answer.
        """
        leg = AttemptId(new_id())
        with self._live.step(live, actor=actor) as step:
            step.tell(c.PlaceStageLine(leg, role))
            number = self._number(step.db, step.state, role, actor)
        self._heard_at[leg] = self._now()
        try:
            sid = self._gateway.dial(leg, number, door=f"stage/{live}")
        except EvalsysError as failure:
            if not isinstance(failure, LineDown) or failure.code == LineDown.code:
                self._report(live, leg, "", CallStatus.VOID)
            raise
        self._report(live, leg, sid, CallStatus.PLACED)

    def hang_up_line(self, live: LiveId, role: StageRole, *, actor: str) -> None:
        """End the hall's or the cadre's call."""
        for line in self._live.state(live).stage_lines.values():
            if line.role is role and line.is_live and line.sid:
                with self._database.write() as db:
                    audit.record(db, self._now(), actor, "call.hang_up", f"live:{live}/{role}")
                self._gateway.hang_up(line.sid)

    # --- the hall's and the cadre's lines -----------------------------------------------

    def line_answered(self, live: LiveId, leg: AttemptId, sid: str) -> StageRole | None:
        """Say whose line was picked up; nothing when it is not wanted any more.

        The hall's is put through at once; a cadre first presses a key.
        """
        line = self._live.state(live).stage_lines.get(leg)
        if line is None or not line.is_live or (line.sid and line.sid != sid):
            return None
        self._report(live, leg, sid, CallStatus.IN_PROGRESS)
        return line.role

    def line_reported(self, live: LiveId, leg: AttemptId, report: CarrierCall) -> None:
        """Take the carrier's word on such a line; late and repeated words change nothing."""
        line = self._live.state(live).stage_lines.get(leg)
        if line is not None and (not line.sid or line.sid == report.sid):
            status = heard(report.status, reached=line.status, sip_code=None)
            self._report(live, leg, report.sid, status)

    # --- the sweep ----------------------------------------------------------------------

    def look(self) -> None:
        """Tell the carrier what it has not been told, and ask after lines that fell silent."""
        for live in self._live.in_phase(*_WATCHED):
            state = self._live.state(live)
            self._learn_conferences(state)
            for work in self._owed(live, state):
                try:
                    work()
                except EvalsysError as failure:
                    _log.warning("a line of the stage could not be steered: %s", failure.code)

    def _owed(self, live: LiveId, state: LiveState) -> Iterator[Callable[[], object]]:
        current = state.round
        leg = current.air.staged if current else None
        if leg is not None and state.phase is Phase.CLOSED:
            yield partial(self._gateway.remove, conference_of(live), leg.sid)
        elif leg is not None and self._told.get(leg.attempt_id) != leg:
            yield partial(self._steer, live)
        feed = _feed(state)
        if feed is not None and feed.leg not in self._delays:
            yield partial(self._learn_delay, feed)
        for line in state.stage_lines.values():
            if not line.is_live:
                continue
            ended = state.phase is Phase.CLOSED
            if ended or (line.role is StageRole.CADRE and current and line.j != current.j):
                yield partial(self._end_line, line)
            yield partial(self._ask_after, live, line)

    def _steer(self, live: LiveId) -> None:
        with self._steering:
            current = self._live.state(live).round
            leg = current.air.staged if current else None
            if leg is not None and self._told.get(leg.attempt_id) != leg:
                self._tell_carrier(live, leg)

    def _tell_carrier(self, live: LiveId, leg: AirLeg) -> None:
        conference = conference_of(live)
        if leg.status is AirStatus.LEAVING:
            done = self._gateway.remove(conference, leg.sid)
        elif leg.status in _HEARD:
            done = self._gateway.let_be_heard(conference, leg.sid, heard=_HEARD[leg.status])
            if leg.dumped and leg.status is AirStatus.CUT:
                self._dump(live)
        else:
            self._gateway.call_in(leg.attempt_id, leg.sid)
            done = True  # else it comes by itself, at the end of its waiting
        if done:
            self._told[leg.attempt_id] = leg

    def _dump(self, live: LiveId) -> None:
        """Throw away what is on its way to the transmitter, where the carrier holds it."""
        feed = _feed(self._live.state(live))
        if feed is not None and self._gateway.dump(feed.sid):
            _log.info("what was on its way to the transmitter is dumped")

    def _learn_delay(self, feed: StageLine) -> None:
        self._delays[feed.leg] = self._gateway.delay_s(feed.sid)

    def _end_line(self, line: StageLine) -> None:
        if line.sid:
            self._gateway.hang_up(line.sid)

    def _ask_after(self, live: LiveId, line: StageLine) -> None:
        now = self._now()
        silent = now - self._heard_at.setdefault(line.leg, now)
        if not line.sid and silent > _LOST_AFTER:
            self._report(live, line.leg, "", CallStatus.VOID)
        elif line.sid and silent > _ASKED_AFTER:
            self._heard_at[line.leg] = now
            call = self._gateway.fetch(line.sid)
            if call is None:
                self._report(live, line.leg, line.sid, CallStatus.COMPLETED)
            else:
                self.line_reported(live, line.leg, call)

    def _learn_conferences(self, state: LiveState) -> None:
        if self._has_conferences is None and not self.trouble and state.phase is not Phase.CLOSED:
            try:
                self._has_conferences = self._gateway.has_conferences()
            except LineDown:
                _log.info("the carrier could not be asked about conferences yet")

    # --- helpers ------------------------------------------------------------------------

    def _tell(self, live: LiveId, command: c.AirCommand, actor: str) -> None:
        self._live.tell(live, command, actor=actor)
        self._steer(live)

    def _report(self, live: LiveId, leg: AttemptId, sid: str, status: CallStatus) -> None:
        self._heard_at[leg] = self._now()
        self._live.tell(live, c.ReportStageLine(leg, sid, status), actor=ACTOR)

    def _number(self, db: Session, state: LiveState, role: StageRole, actor: str) -> str:
        number = self._house_lines.get(role, "")
        if role is StageRole.CADRE and state.round is not None:
            number = self._draws.open_cadre_number(db, CadreNumber(state.round.cadre), actor=actor)
        if not number:
            raise InvalidInput(
                "没有可以拨打的号码。",
                remedy="会场和播出线路见 EVALSYS_HALL_LINE、EVALSYS_FEED_LINE；干部号码在名册中。",
            )
        return number

    def _call(self, attempt: AttemptId, sid: str) -> Attempt:
        with self._database.read() as db:
            call = calls.get(db, attempt)
        if call.sid and call.sid != sid:
            raise StaleState("这不是本次拨打的通话。")
        return call


def _feed(state: LiveState) -> StageLine | None:
    """Return the transmitter's line while it is up."""
    lines = lines_of(state, StageRole.FEED)
    return lines[-1] if lines and lines[-1].status is CallStatus.IN_PROGRESS else None
