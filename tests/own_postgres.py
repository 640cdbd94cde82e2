"""A PostgreSQL server of one's own, to be killed as by a power cut and started again."""

import os
import signal
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "scripts" / "postgres"


class OwnPostgres:
    """A server that only its owner kills; its folder must be open to the server's user."""

    def __init__(self, folder: Path) -> None:
        """Make it in `folder` and start it."""
        self._folder = folder
        self.address = self._run("start")

    def kill(self) -> None:
        """Kill the server and everything that it runs, as a power cut would."""
        first = (self._folder / "data" / "postmaster.pid").read_text("ascii").split()[0]
        os.kill(int(first), signal.SIGKILL)

    def start_again(self) -> None:
        """Start it at its address; it recovers what was committed."""
        self._run("again")

    def stop(self) -> None:
        """Ask it to end; nothing when it is down already."""
        self._run("stop", must=False)

    def _run(self, what: str, *, must: bool = True) -> str:
        ended = subprocess.run(  # noqa: S603 - our own script
            [SCRIPT, what, self._folder], capture_output=True, text=True, check=must
        )
        return ended.stdout.strip()
