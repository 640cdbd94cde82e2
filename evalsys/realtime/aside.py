"""Heavy work aside: on real threads where one process serves every screen."""

from collections.abc import Callable

from gevent.threadpool import ThreadPool

from evalsys.realtime.socket import AsyncMode
from evalsys.services.access import Aside, Done, in_turn

_HASHES_AT_ONCE = 2


def aside_of(async_mode: AsyncMode) -> Aside:
    """Hash passwords on real threads under gevent, or every screen would stand still meanwhile."""
    if async_mode == "threading":
        return in_turn
    pool = ThreadPool(_HASHES_AT_ONCE)

    def aside(work: Callable[..., Done], args: tuple[object, ...], /) -> Done:
        ended: Done | Exception = pool.apply(_ended, (work, args))
        if isinstance(ended, Exception):
            raise ended
        return ended

    return aside


def _ended(work: Callable[..., Done], args: tuple[object, ...]) -> Done | Exception:
    """Hand a refusal over as a value: gevent prints what a thread raises, with all it worked on."""
    try:
        return work(*args)
    except Exception as error:  # noqa: BLE001 - raised again by the caller
        return error
