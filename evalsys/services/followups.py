"""The recorder's room: what follows from a round, while the show runs and until it is sealed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from evalsys.clock import Clock
from evalsys.domain.live import commands as c
from evalsys.domain.live.decide_after import judged_round
from evalsys.domain.live.state import LiveState, Round, hears_programmes
from evalsys.domain.live.words import TeamCategory
from evalsys.domain.roster import CadreCard
from evalsys.domain.roster_problems import ImportProblem, ProblemLog
from evalsys.domain.standby import STANDBY, StandbyMember, Team, check_once, form_team
from evalsys.ids import CadreNumber, LiveId, new_id
from evalsys.services.aired import Aired
from evalsys.services.listed import listed_rows
from evalsys.services.live_session import LiveSessions
from evalsys.store import audit, programmes, roster, standby
from evalsys.store.database import Database
from evalsys.store.roster_files import pasted_table


@dataclass(frozen=True, slots=True)
class Session:
    """A session as the public list of what follows shows it."""

    live: LiveId
    state: LiveState
    cards: Mapping[CadreNumber, CadreCard]


class FollowUps:
    """Promises, investigations and referrals of every session; teams from one standby list."""

    def __init__(
        self, database: Database, live_sessions: LiveSessions, aired: Aired, now: Clock
    ) -> None:
        """Keep the standby list in `database`; everything else goes into the sessions' records."""
        self._database = database
        self._aired = aired
        self._live = live_sessions
        self._now = now

    @property
    def now(self) -> datetime:
        """The present moment, from which deadlines are counted."""
        return self._now()

    def pledge(self, live: LiveId, pledge: c.MakePledge, *, actor: str) -> LiveState:
        """Record a promise of a judged round, beside the show (Y53)."""
        return self._live.tell(live, pledge, actor=actor)

    def investigate(
        self,
        live: LiveId,
        j: int,
        reason: str,
        *,
        picked: Mapping[TeamCategory, str],
        aside: Collection[str],
        actor: str,
    ) -> LiveState:
        """Send a team, each member picked or drawn from the standby list (Y54).

        Raises:
            RuleViolation: a category has nobody left after recusals.
            WrongPhase: the round has no finding yet, or the record is sealed.
        """
        state = self._live.state(live)
        found = judged_round(state, j)
        team = self._team(found, picked, aside)
        command = c.OpenInvestigation(reason, team.members, j, team.recused)
        return self._live.tell(live, command, actor=actor)

    def refer(self, live: LiveId, j: int, to: str, reason: str, *, actor: str) -> LiveState:
        """Hand what looks faked to discipline inspection."""
        return self._live.tell(live, c.ReferCase(j, to, reason), actor=actor)

    def withdraw(self, live: LiveId, j: int, of: int, reason: str, *, actor: str) -> LiveState:
        """Correct what was entered by mistake."""
        return self._live.tell(live, c.WithdrawFollowUp(j, of, reason), actor=actor)

    def standby(self) -> tuple[StandbyMember, ...]:
        """Return the standby list."""
        with self._database.read() as db:
            return standby.every(db)

    def read_standby(self, text: str, *, actor: str) -> tuple[ImportProblem, ...]:
        """Put a pasted list in place of the standby list; with a problem nothing is changed.

        Raises:
            InvalidInput: the text is no table, or somebody stands on it twice.
        """
        log = ProblemLog()
        members = [
            StandbyMember(
                new_id(),
                TeamCategory(str(values["category"])),
                str(values["name"]),
                str(values["unit"]),
            )
            for _, values in listed_rows(pasted_table(text, "粘贴的表格"), STANDBY, log)
        ]
        if not log.errors and members:
            check_once(members)
            with self._database.write() as db:
                standby.replace_all(db, members)
                detail = {"members": len(members)}
                audit.record(db, self._now(), actor, "standby.list", "standby", detail)
        return log.kept

    def cards(self, state: LiveState) -> Mapping[CadreNumber, CadreCard]:
        """Say who the cadres of a session's rounds are."""
        on_stage = {one.cadre for one in state.rounds}
        with self._database.read() as db:
            if hears_programmes(state):
                return programmes.cards(db, on_stage)
            return roster.cadre_cards(db, on_stage)

    def sessions(self) -> tuple[Session, ...]:
        """Return what follows from every session, the newest first, as the web may know it."""
        found = []
        for summary in self._live.sessions():
            state = self._aired.state(summary.id)
            if any(one.pledges or one.investigations or one.referral for one in state.rounds):
                found.append(Session(summary.id, state, self.cards(state)))
        return tuple(found)

    def _team(
        self, current: Round, picked: Mapping[TeamCategory, str], aside: Collection[str]
    ) -> Team:
        with self._database.read() as db:
            card = roster.cadre_cards(db, {current.cadre}).get(current.cadre)
            members = standby.every(db)
        seed = f"{current.seed}|{current.j}|{len(current.investigations)}"
        unit = card.unit_name if card else ""
        return form_team(members, unit=unit, seed=seed, picked=picked, aside=aside)
