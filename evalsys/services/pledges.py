"""The pledge room: what became of what was promised in public, reported with its basis (Y69)."""

from datetime import date, tzinfo

from evalsys.clock import Clock
from evalsys.domain.local_date import local_date
from evalsys.domain.promises import Followed, Report, ReportKind, check_report, pledges_of
from evalsys.errors import NotFound, RuleViolation
from evalsys.ids import LiveId
from evalsys.services.access import must_be_two_people
from evalsys.services.aired import Aired
from evalsys.services.live_session import LiveSessions
from evalsys.store import audit, pledges
from evalsys.store.database import Database


class Pledges:
    """Every session's pledges, with the reports on them."""

    def __init__(
        self,
        database: Database,
        live_sessions: LiveSessions,
        aired: Aired,
        zone: tzinfo,
        now: Clock,
    ) -> None:
        """Keep reports in `database`; days are those of the county's `zone`."""
        self._database = database
        self._live = live_sessions
        self._aired = aired
        self._zone = zone
        self._now = now

    @property
    def today(self) -> date:
        """The day in the county."""
        return local_date(self._now(), self._zone)

    def of(self, live: LiveId) -> tuple[Followed, ...]:
        """List a session's pledges, as the web may know them now.

        Raises:
            NotFound: there is no such session.
        """
        state = self._aired.state(live)
        with self._database.read() as db:
            return pledges_of(live, state, pledges.of_session(db, live))

    def every(self) -> tuple[Followed, ...]:
        """List the pledges of all sessions, those of the newest session first."""
        return tuple(one for session in self._live.sessions() for one in self.of(session.id))

    def report(
        self, live: LiveId, seq: int, kind: ReportKind, *, done: str, text: str, by: str
    ) -> Report:
        """Keep a proof of the pledge of event `seq`, or a ruling on it; nothing is ever changed.

        Raises:
            NotFound: there is no such pledge, or it was withdrawn.
            InvalidInput: nothing shows it.
            RuleViolation: the pledge cannot be ruled on so, by `by`, today; or a cadre made it in
                an evaluation, whose pledges have a room of their own.
        """
        followed = next((one for one in self.of(live) if one.pledge.seq == seq), None)
        if followed is None:
            raise NotFound("没有这条承诺，或已经更正。", remedy="请从公开台账中选择。")
        if followed.round.issue is None:
            raise RuleViolation(
                "这是调查大会上一名干部的承诺，佐证和结论登记在承诺跟踪里。",
                remedy="请到 /followups/pledge-cases/ 登记。",
            )
        now = self._now()
        kept = check_report(followed, Report(kind, done, text, by, now), self._zone)
        with self._database.write() as db:
            if kind is not ReportKind.PROOF:
                for proof in followed.record(self._zone).proofs:
                    must_be_two_people(db, proof.by, by)
            pledges.add(db, live, seq, kept)
            detail = {"kind": kind.value}
            audit.record(db, now, by, "pledge.report", f"live:{live}/{seq}", detail)
        return kept
