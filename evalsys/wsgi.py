"""The application as a WSGI server loads it: `evalsys.wsgi:app`, settings from the environment."""

from gevent import monkey

# First of all: a library loaded before would block every screen while it waits.
monkey.patch_all()

import gc  # noqa: E402 - after the patching, as everything below
import os  # noqa: E402 - after the patching

from evalsys.app import create_app, start_background  # noqa: E402 - after the patching
from evalsys.settings import read_settings  # noqa: E402 - after the patching

app = create_app(read_settings(os.environ), async_mode="gevent")
start_background(app)
gc.collect()
gc.freeze()
# Collecting at the default pace doubles the slowest pushes (live.md, section 5).
gc.set_threshold(200_000, 100, 100)
