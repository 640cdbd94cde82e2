"""The application in its own process, as `evalsys serve` runs it, at the time that a file tells.

    python -m tests.served_at PORT CLOCK

Real rounds of the beacon lie in the past: a process that is as far back can bind them. Its time
stands still until the test writes a later one, so no step is too late on a slow machine.
"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402 - after the patching, as everything below
import sys  # noqa: E402 - after the patching
from datetime import datetime  # noqa: E402 - after the patching
from pathlib import Path  # noqa: E402 - after the patching

from gevent.pywsgi import WSGIServer  # noqa: E402 - after the patching

from evalsys.app import create_app  # noqa: E402 - after the patching
from evalsys.realtime.background import background_of  # noqa: E402 - after the patching
from evalsys.settings import read_settings  # noqa: E402 - after the patching
from evalsys.web.rooms import rooms_of  # noqa: E402 - after the patching


def main(port: int, clock: Path) -> None:
    """Serve until killed."""

    def now() -> datetime:
        return datetime.fromisoformat(clock.read_text("ascii"))

    app = create_app(read_settings(os.environ), async_mode="gevent", now=now)
    rooms_of(app).leadership.take()
    background_of(app).start()
    WSGIServer(("127.0.0.1", port), app, log=None).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
