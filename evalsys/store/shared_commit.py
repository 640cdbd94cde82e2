"""One commit for the writers of one moment: SQLite's flush to the disk is paid for once.

On SQLite every commit waits for the disk, and nobody else writes meanwhile. Webhooks of many
calls come at the same moment: those that are ready share a transaction, and all of them return
after the commit, or fail with it. When one of them fails, which is rare, what they did together is
taken back and each is done again in a transaction of its own: then it takes back its own changes
and no more. The lock of the database is never held while others run.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

MOST_TOGETHER = 32
"""More gain next to nothing: the flush is shared by then, and the first of them waits."""

_Told = TypeVar("_Told")


@dataclass(slots=True, eq=False)
class _Change(Generic[_Told]):
    """What one writer wants done, and what came of it."""

    act: Callable[[Session], _Told]
    told: _Told | None = None
    error: BaseException | None = None

    def do(self, db: Session) -> None:
        self.told = self.act(db)
        # Whoever comes next in this transaction reads from the database, not from our objects.
        db.flush()
        if db.identity_map:
            db.expunge_all()

    def result(self) -> _Told:
        if self.error is not None:
            raise self.error
        return self.told  # type: ignore[return-value]  # set whenever there was no error


@dataclass(slots=True, eq=False)
class _Moment:
    """The writers of one moment."""

    changes: list[_Change[object]] = field(default_factory=list)
    is_over: Event = field(default_factory=Event)


def _let_join(moment: _Moment) -> None:
    """Let whoever is ready join, and go on so while more of them come."""
    came = 0
    while came < len(moment.changes) < MOST_TOGETHER:
        came = len(moment.changes)
        time.sleep(0)


class SharedCommit:
    """Gathers the writers of a moment; the first of them commits for all."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Session]]) -> None:
        """Write in what `transaction` opens: it takes the writer's lock and asks who leads."""
        self._transaction = transaction
        self._lock = Lock()
        self._present = _Moment()

    def write(self, act: Callable[[Session], _Told]) -> _Told:
        """Run `act`; return what it returned once it is committed.

        It may be run twice, of which one is taken back.
        """
        mine = _Change(act)
        with self._lock:
            moment = self._present
            moment.changes.append(mine)  # type: ignore[arg-type]  # of whatever type
            place = len(moment.changes)
        if place == 1:
            try:
                _let_join(moment)
            finally:
                self._commit_for_all(moment)
        elif place == MOST_TOGETHER:
            self._commit_for_all(moment)
        moment.is_over.wait()
        return mine.result()

    def _commit_for_all(self, moment: _Moment) -> None:
        with self._lock:
            if self._present is not moment:
                return  # they were as many as may be, and somebody else commits
            self._present = _Moment()
        try:
            self._commit(moment.changes)
        except BaseException as error:  # noqa: BLE001 - raised to every writer, ours among them
            for each in moment.changes:
                each.error = each.error or error
        finally:
            moment.is_over.set()

    def _commit(self, changes: list[_Change[object]]) -> None:
        if len(changes) > 1 and self._is_done_together(changes):
            return
        for each in changes:
            self._do_alone(each)

    def _is_done_together(self, changes: list[_Change[object]]) -> bool:
        """Do them in one transaction; nothing of it stays when one of them fails."""
        try:
            with self._transaction() as db:
                db.connection()  # a lock that cannot be had is nobody's own failure
                for each in changes:
                    _do(each, db)
        except _OneFailed:
            return False
        return True

    def _do_alone(self, change: _Change[object]) -> None:
        try:
            with self._transaction() as db:
                change.do(db)
        except Exception as error:  # noqa: BLE001 - the others are not concerned
            change.error = error


class _OneFailed(Exception):  # noqa: N818 - what happened, not what it is
    """One of the changes failed."""


def _do(change: _Change[object], db: Session) -> None:
    try:
        change.do(db)
    except Exception as error:
        raise _OneFailed from error
