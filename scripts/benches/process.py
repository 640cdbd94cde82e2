"""What another process has taken so far, and a port for the next one."""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

SAMPLES_EVERY_S = 1.0


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


@contextmanager
def memory_watched(pid: int) -> Iterator[list[float]]:
    """Hand out a list that is filled with a process's memory in MB, once a second."""
    samples, over = [memory_mb(pid)], Event()

    def watch() -> None:
        while not over.wait(SAMPLES_EVERY_S):
            samples.append(memory_mb(pid))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield samples
    finally:
        over.set()
        watcher.join()


def grown_mb(samples: Sequence[float]) -> float:
    """Return how much memory grew after the first tenth of a run, in which programs warm up."""
    return samples[-1] - samples[len(samples) // 10]


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has taken so far."""
    after_name = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
