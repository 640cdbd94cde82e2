"""A program that is loaded once and then forked, for every start that a test asks for.

    python -m tests.warm plain|patched

Loading costs two seconds of work, and the tests start the same few programs hundreds of times.
What is forked is what `python -m MODULE` runs, with its own environment, folder and log; it has
opened nothing and started no thread before. Orders come in by lines of JSON, one at a time:
`{"words": ...}` starts a program and tells its pid, `{"pid": ...}` tells how one has ended.
"""

import gc
import json
import os
import runpy
import sys
from importlib import import_module
from typing import Any

from gevent import monkey

from evalsys import later

LOADED = {
    # The commands, as a shell starts them.
    "plain": (
        *("evalsys.cli.main", "evalsys.cli.exchange", "evalsys.cli.serve"),
        *("evalsys.cli.campaign", "evalsys.cli.tally", "evalsys.cli.doctor", "evalsys.wsgi_web"),
    ),
    # What `evalsys serve` becomes, and what runs as it does: gevent patches before anything loads.
    "patched": ("evalsys.app", "evalsys.services.leadership", "gevent.pywsgi"),
}


def main(kind: str) -> None:
    """Load, then take orders until nobody gives any; in a child, be what was ordered."""
    # gevent's own need a loop that this process must not have.
    fork, waitpid = (monkey.get_original("os", name) for name in ("fork", "waitpid"))
    if kind == "patched":
        monkey.patch_all()
    for name in LOADED[kind]:
        import_module(name)
    later.load(later.AFTERWARDS)
    import_module("tests.compiled_once").begin()
    gc.enable()  # a server that was loaded had other plans
    gc.collect()
    # Collecting would copy pages that parent and children share. A child that thawed them to
    # look at each object once more before it ends cost more than all that it had done.
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        answer: int | None
        if "words" not in order:
            pid, status = waitpid(order["pid"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        elif (answer := fork()) == 0:
            _become(order)
            return
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _become(order: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    errors = os.open(order["errors"] or order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((0, nothing), (1, log), (2, errors)):
        os.dup2(theirs, ours)
        os.close(theirs)
    module, *sys.argv[1:] = order["words"]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1])
