"""The auditor's papers: openings of what was dialled, receipts, and households to call again."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import Phase, RecallOutcome
from evalsys.domain.openings import RECALLED, Opening, Place, recall_order, write_openings
from evalsys.errors import NotFound, RuleViolation, TooManyTries, WrongPhase
from evalsys.exports.csv import write_csv
from evalsys.exports.receipts import Receipt, receipts_table
from evalsys.ids import LiveId
from evalsys.services.draw import Draws
from evalsys.services.live_session import LiveSessions
from evalsys.store import audit, recalls
from evalsys.store.database import Database

UNMASKED_A_DAY = 50
"""Numbers that the role may read within 24 hours; the same number again is not counted."""
_READ = "phone.recall"
_DAY = timedelta(days=1)
_OVER = frozenset({Phase.CLOSED, Phase.SEALED})


@dataclass(frozen=True, slots=True)
class Recall:
    """A position to be called again: how it ended in the session, and what the auditor heard."""

    place: Place
    j: int
    code: str
    heard: RecallOutcome | None


class Auditor:
    """What the sworn auditor may take out of a session, each number with an audited line."""

    def __init__(
        self, database: Database, live_sessions: LiveSessions, draws: Draws, now: Clock
    ) -> None:
        """Read sessions of `database`; numbers are opened by `draws`."""
        self._database = database
        self._live = live_sessions
        self._draws = draws
        self._now = now

    def papers(self, live: LiveId, *, actor: str) -> Mapping[str, bytes]:
        """Write openings.jsonl and receipts.csv of a session that is over; audited.

        Raises:
            WrongPhase: the session still goes on.
        """
        state = self._over(live)
        openings = [
            self._opening(live, place, actor=actor) for place in sorted(set(_opened(state)))
        ]
        receipts = io.BytesIO()
        write_csv(receipts_table(self.receipts(live)), receipts)
        return {"openings.jsonl": write_openings(openings), "receipts.csv": receipts.getvalue()}

    def receipts(self, live: LiveId) -> tuple[Receipt, ...]:
        """List every call of a session in the order in which positions were opened."""
        return tuple(
            Receipt(
                current.j,
                current.cadre,
                position.k,
                number,
                attempt.sid,
                attempt.placed_at,
                attempt.ended_at,
                attempt.status.value,
                attempt.talk_s,
                position.final.value if position.final else "",
            )
            for current in self._live.state(live).rounds
            for position in current.positions.values()
            for number, attempt in enumerate(position.attempts, start=1)
        )

    def recall_list(self, live: LiveId) -> tuple[Recall, ...]:
        """Name the positions to call again, by the final hash of the sealed record.

        Raises:
            WrongPhase: the session is not sealed, so its final hash is not fixed.
        """
        state = self._live.state(live)
        if state.phase is not Phase.SEALED:
            raise WrongPhase(
                "会议尚未封存，回访名单还没有产生。", remedy="封存后由末行校验值决定。"
            )
        with self._database.read() as db:
            heard = recalls.heard(db, live)
        known = {
            Place(current.cadre, position.k): (current.j, position.final)
            for current in state.rounds
            for position in current.positions.values()
            if position.placed
        }
        return tuple(
            Recall(place, j, final.value if final else "", heard.get(place))
            for place in recall_order(state.head, known)[:RECALLED]
            for j, final in (known[place],)
        )

    def recall_numbers(self, live: LiveId, *, actor: str) -> Mapping[Place, str]:
        """Open the numbers of the recall list, audited each.

        Raises:
            TooManyTries: the role would have read more than UNMASKED_A_DAY numbers in 24 hours.
        """
        places = [one.place for one in self.recall_list(live)]
        with self._database.write() as db:
            self._count(db, live, places)
            return {
                place: self._draws.open_number(
                    db, live, place.cadre, place.k, actor=actor, action=_READ
                )
                for place in places
            }

    def record_recall(
        self, live: LiveId, place: Place, outcome: RecallOutcome, *, actor: str
    ) -> None:
        """Record once what was heard at a position of the recall list.

        Raises:
            NotFound: the position is not on the list.
            RuleViolation: it was recorded before.
        """
        if place not in {one.place for one in self.recall_list(live)}:
            raise NotFound("这一户不在回访名单中。", remedy="回访名单由末行校验值决定，不能增减。")
        with self._database.write() as db:
            if place in recalls.heard(db, live):
                raise RuleViolation("这一户的回访结果已经登记。", remedy="登记后不能更改。")
            recalls.note(db, live, place, outcome, actor=actor, at=self._now())
            audit.record(
                db, self._now(), actor, "recall.heard", _subject(live, place), {"outcome": outcome}
            )

    def _over(self, live: LiveId) -> LiveState:
        state = self._live.state(live)
        if state.phase not in _OVER:
            raise WrongPhase(
                "会议还没有结束，不能开具审计材料。", remedy="请在闭会或中止之后再开。"
            )
        return state

    def _opening(self, live: LiveId, place: Place, *, actor: str) -> Opening:
        opened = self._draws.household_opening(live, place.cadre, place.k, actor=actor)
        return Opening(place, opened.leaf.decode(), opened.size, opened.path, opened.root)

    def _count(self, db: Session, live: LiveId, places: list[Place]) -> None:
        at = self._now()
        read = audit.subjects_since(db, _READ, at - _DAY)
        if len(read | {_subject(live, place) for place in places}) > UNMASKED_A_DAY:
            raise TooManyTries(
                f"24 小时内最多查看 {UNMASKED_A_DAY} 个号码，已查看 {len(read)} 个。",
                remedy="请明天再看；每次查看都有审计记录。",
            )


def _opened(state: LiveState) -> list[Place]:
    return [
        Place(current.cadre, position.k)
        for current in state.rounds
        for position in current.positions.values()
    ]


def _subject(live: LiveId, place: Place) -> str:
    return f"{live}/{place.cadre}/{place.k}"
