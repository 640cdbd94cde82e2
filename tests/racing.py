"""Two at once: one has begun and not finished when the other comes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy.orm import Session

from evalsys.errors import RuleViolation
from evalsys.store.database import Database

_MOMENT = 0.2
"""Seconds in which whoever does not wait is done many times over."""


def refuse_the_second(
    database: Database, first: Callable[[Session], object], second: Callable[[], object], why: str
) -> None:
    """Let `second` begin on a connection of its own while `first` is not yet committed.

    It must wait, see what `first` did, and be told `why` it may not do the same.
    """
    with ThreadPoolExecutor(1) as pool:
        with database.write() as db:
            first(db)
            late = pool.submit(second)
            assert not wait([late], _MOMENT).done, "it did not wait for the first"
        with pytest.raises(RuleViolation, match=why):
            late.result(timeout=10)
