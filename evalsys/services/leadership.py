"""One serving process leads, others stand by warm; whoever was put off can write nothing more."""

import logging
from collections.abc import Callable
from time import monotonic

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from evalsys.errors import NotLeading
from evalsys.store import leadership
from evalsys.store.database import Database
from evalsys.store.leadership import Sight

BEATS_EVERY_S = 0.5
"""How often the leader shows that it lives."""
SILENT_S = 2.0
"""So long a standby waits for the next beat; by its own count, no two clocks are compared."""
_LOOKS_EVERY_S = 0.2

_log = logging.getLogger(__name__)


class Leadership:
    """The part that one process has in it: it waits, leads, and is put off."""

    def __init__(self, database: Database) -> None:
        """Lead, or stand by, over `database`; until `take` its writes are not fenced."""
        self._database = database
        self._epoch = 0

    @property
    def epoch(self) -> int:
        """The epoch under which this process leads; 0 before it does."""
        return self._epoch

    def seen(self) -> Sight:
        """Return who leads, in which epoch, and how often it showed that it lives."""
        with self._database.read() as db:
            return leadership.look(db)

    def wait_for_silence(self, sleep: Callable[[float], object]) -> None:
        """Return when the leader has been silent for `SILENT_S`, or nobody ever led.

        While the database itself does not answer, nobody is found silent.
        """
        seen, since = None, monotonic()
        while seen is None or (seen.leader and monotonic() - since < SILENT_S):
            if seen is not None:
                sleep(_LOOKS_EVERY_S)
            try:
                with self._database.read() as db:
                    now = leadership.look(db)
            except DBAPIError as error:
                _log.warning("standby: the database does not answer: %s", error)
                seen, since = None, monotonic()
                sleep(_LOOKS_EVERY_S)
                continue
            if now != seen:
                seen, since = now, monotonic()

    def stand_by(self, sleep: Callable[[float], object]) -> int:
        """Lead as soon as the leader has been silent for `SILENT_S`; return our epoch.

        A leader that was stopped in the middle of a transaction keeps SQLite's only writer; as
        long as it does, it can still write and we wait. PostgreSQL ends its connections instead.
        """
        while True:
            self.wait_for_silence(sleep)
            try:
                return self.take()
            except DBAPIError as error:
                held_by = self.seen().leader
                _log.warning("standby: end %s, it still holds the database: %s", held_by, error)

    def take(self) -> int:
        """Lead from now on, whoever did before; every write of this process is fenced."""
        with self._database.write() as db:
            self._epoch = leadership.take(db, self._database.name)
        self._database.fence = self._check
        return self._epoch

    def beat(self) -> None:
        """Show that we live.

        Raises:
            NotLeading: another process took over.
        """
        with self._database.write() as db:
            leadership.beat(db, self._epoch)

    def _check(self, db: Session) -> None:
        if not leadership.holds(db, self._epoch):
            raise NotLeading(
                "另一台服务器已经接管，这一台不再写入任何内容。",
                remedy="您的这一步没有生效：请刷新页面，由接管的服务器继续。",
            )
