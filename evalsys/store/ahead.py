"""Work that runs ahead in a process of its own: a generator there, an iterator here.

So one core makes what the other uses. The child is started anew instead of forked: it holds
neither our connections nor our memory. It ends with its work, or at its next word to us when
we are gone.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from io import BytesIO
from queue import Queue
from threading import Thread
from typing import IO, Final, ParamSpec, TypeVar, cast

from evalsys.errors import OutsideFailure

_PIPE_BYTES: Final = 1 << 20
"""The most that a pipe holds without privileges."""

_VALUES_AHEAD: Final = 16
"""So many values more the child holds ready, and reads on while we are busy with something else."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def ahead(
    work: Callable[_P, Iterator[_T]], *given: _P.args, **named: _P.kwargs
) -> Generator[_T, None, None]:
    """Give what `work(*given, **named)` yields, in order: what can be pickled, but no sets.

    Raises:
        OutsideFailure: the child was ended from outside. What the work raised is raised here.
    """
    with subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, "-P", "-m", __name__],  # not what lies in the current folder
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=_PIPE_BYTES,
        start_new_session=True,  # Ctrl-C is ours to answer
    ) as child:
        told, heard = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
        try:
            with told:
                pickle.dump((work, given, named), told)
            while (said := pickle.load(heard)) is not None:  # noqa: S301 - our own child's
                if isinstance(said, Exception):
                    raise said
                yield said[0]
        except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
            raise OutsideFailure(
                "另起的读取进程中途退出了。", remedy="请检查内存是否足够，然后重试。"
            ) from error
        finally:
            child.kill()


def _work() -> None:
    gc.disable()  # millions of short-lived values, and no cycles among them
    work, given, named = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent's
    ready: Queue[bytes] = Queue(_VALUES_AHEAD)
    Thread(target=_speak, args=(ready,), daemon=True).start()
    try:
        for one in work(*given, **named):
            ready.put(_pickled((one,)))
        ready.put(_pickled(None))
    except Exception as error:  # noqa: BLE001 - raised again on the other side
        ready.put(_pickled(error))
    ready.join()


def _pickled(value: object) -> bytes:
    into = BytesIO()
    pickler = pickle.Pickler(into, pickle.HIGHEST_PROTOCOL)
    pickler.fast = True  # a third of the time, and cannot write sets
    pickler.dump(value)
    return into.getvalue()


def _speak(ready: Queue[bytes]) -> None:
    """Write what is ready, apart from the work: a full pipe does not keep it waiting."""
    out = sys.stdout.buffer
    try:
        while True:
            out.write(ready.get())
            out.flush()
            ready.task_done()
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more


if __name__ == "__main__":
    _work()
