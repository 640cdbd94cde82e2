"""Signs for review: found by the checks of `domain.flags`, judged by people with a reason."""

from itertools import chain

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain import flags as checks
from evalsys.domain.flags import FlagDecision, Wave
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput
from evalsys.store import audit, campaign_results, live_sessions, rhythms, scoring
from evalsys.store import flags as store
from evalsys.store.database import Database
from evalsys.store.flags import Decided, Found

_SHORTEST_REASON = 4
"""Characters: "ok" is no reason."""


class Flags:
    """What looks odd about numbers, rhythms and figures. Nothing follows from it by itself."""

    def __init__(self, database: Database, now: Clock) -> None:
        """Keep flags in `database`."""
        self._database = database
        self._now = now

    def look(self, *, actor: str) -> int:
        """Check everything once more; return how many new flags were found."""
        with self._database.write() as db:
            opened = {f"{one.live}/{one.j}" for one in scoring.session_scores(db)}
            opened |= campaign_results.over(db)
            heard = {
                occasion: calls
                for occasion, calls in rhythms.by_round(db).items()
                if occasion.place in opened
            }
            new = store.add(
                db,
                chain(
                    checks.shared_numbers(store.shared_groups(db)),
                    checks.official_numbers(store.official_pairs(db), store.office_pairs(db)),
                    checks.same_rhythm(heard),
                    checks.faster_than_prompt(heard),
                    checks.bursts(campaign_results.answer_times(db), store.linked_counts(db)),
                    checks.jumps(_waves(db)),
                ),
                self._now(),
            )
            audit.record(db, self._now(), actor, "flags.look", "flags", {"new": new})
            return new

    def read(self, *, reader: str) -> tuple[Found, ...]:
        """Read all flags, the undecided first; that they were read is audited."""
        with self._database.write() as db:
            found = store.every(db)
            detail = {"flags": len(found)}
            audit.record(db, self._now(), reader, "flags.read", "flags", detail)
            return found

    def decide(self, flag: str, decision: FlagDecision, reason: str, *, by: str) -> None:
        """Record that a flag is dismissed or confirmed, and why; the earlier decision stays.

        Raises:
            InvalidInput: the reason is missing, too short to be one, or too long.
            NotFound: there is no such flag.
        """
        written = one_line(reason, "理由", longest=LONGEST_TEXT)
        if len(written) < _SHORTEST_REASON:
            raise InvalidInput("请写明理由。", remedy="写清核对了什么、依据是什么。", place="理由")
        with self._database.write() as db:
            store.decide(db, flag, Decided(decision, written, by, self._now()))
            audit.record(
                db, self._now(), by, f"flag.{decision}", f"flag:{flag}", {"reason": written}
            )


def _waves(db: Session) -> dict[str, list[Wave]]:
    """Gather every cadre's released figures with the time of their session or campaign."""
    held = {one.id: one.planned_at for one in live_sessions.every(db) if not one.rehearsal}
    found: dict[str, list[Wave]] = {}
    for score in scoring.session_scores(db):
        if score.live in held:
            told = score.release
            wave = Wave(f"{score.live}/{score.j}", held[score.live], told.n, told.assessed_tenths)
            found.setdefault(score.cadre, []).append(wave)
    for cadre, wave in campaign_results.waves(db):
        found.setdefault(cadre, []).append(wave)
    return found
