"""Attempts follow on from each other: each manifest names the last line of what came before."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from evalsys.domain.live.fold import replay
from evalsys.domain.live.words import Phase, SessionKind
from evalsys.domain.manifest import NO_HEAD, parse_manifest
from evalsys.errors import NotFound, RuleViolation
from evalsys.ids import LiveId
from evalsys.store import draws, event_log, live_sessions
from evalsys.store.live_sessions import LiveSummary

_BEFORE_OR_SEALED = {Phase.PLANNED, Phase.FROZEN, Phase.SEALED}


def follow_on(db: Session, live: LiveId) -> tuple[int, str]:
    """Number the attempt, and find the hash that it continues from."""
    planned = next((one for one in live_sessions.every(db) if one.id == live), None)
    if planned is None:
        raise NotFound("没有这场会议。", remedy="请先建立会议。")
    open_ended = _unsealed(live_sessions.every(db), planned)
    if open_ended is not None:
        raise RuleViolation(
            f"会议“{open_ended.title}”还没有封存，新的清单无法从其末行接续。",
            remedy="请先在控制台封存那一场；已抽取的结果保留在其实录中。",
        )
    before = draws.last_sealed(db, rehearsal=planned.rehearsal)
    if before is None:
        return 1, NO_HEAD
    state = replay(event_log.read(db, before))
    attempt = parse_manifest(state.manifest.encode()).attempt + 1 if state.aborted else 1
    return attempt, state.head


def _unsealed(sessions: Iterable[LiveSummary], planned: LiveSummary) -> LiveSummary | None:
    """Find a session of the same chain that ended, or on air still runs, without its seal.

    Its last line is what the next manifest continues from: without it, what it drew could be
    passed over in silence.
    """
    loose = {Phase.CLOSED} if planned.rehearsal else set(Phase) - _BEFORE_OR_SEALED
    return next(
        (
            one
            for one in sessions
            if one.id != planned.id
            and one.rehearsal == planned.rehearsal
            and one.phase in loose
            and one.kind is not SessionKind.ASSEMBLY
        ),
        None,
    )
