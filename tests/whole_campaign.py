"""A campaign that scripted households answer at the local exchange, on its virtual clock."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from threading import Thread
from typing import ClassVar, TypeVar

from sqlalchemy import update
from typing_extensions import override
from werkzeug.serving import make_server

from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.plan import Kind, State
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.roster import Household
from tests.campaigning import Field
from tests.exchange_process import Exchange
from tests.processes import free_port
from tests.roster_rows import code_of, fill_roster, phone_of

HEAD = "王大明"
_STEP = timedelta(minutes=15)
_WITHIN_S = 120


class Whole(Field):
    """An application whose households are all at the exchange."""

    SIZES: ClassVar[Sequence[int]] = (30, 30)
    """How many households each cadre has; the very first has no telephone."""
    exchange: Exchange

    @override
    def fill(self) -> None:
        box = PhoneBox(self.settings.phone_key, self.settings.index_key)
        with self.database.write() as db:
            fill_roster(db, box, list(self.SIZES))
            db.execute(update(Household).values(head=HEAD))

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Dial until nobody is left to call; the clock moves on whenever nobody speaks."""
        deadline = time.monotonic() + _WITHIN_S
        while self.status.campaign.state is State.RUNNING and not until():
            assert time.monotonic() < deadline, "the campaign does not end"
            if self.tick():
                continue
            due, calling = self.room.plans.next_due(self.campaign)
            if calling:
                time.sleep(0.02)
            elif due is None:
                return
            else:
                self.watch.at = max(due, self.watch.at) + _STEP


_Field = TypeVar("_Field", bound=Whole)


@contextmanager
def over_exchange(
    of: type[_Field],
    database: Database,
    folder: Path,
    kind: Kind,
    unusual: Callable[[_Field, str], Mapping[str, object]],
    *,
    faults: str = "",
) -> Iterator[_Field]:
    """Give a campaign that is started; `unusual` says what a household knows or does otherwise.

    The usual one picks up two times of three, is content, and gives four points.
    """
    port = free_port()
    options = ["--virtual-clock", "--lines", "scripted", "--faults", faults]
    exchange = Exchange(folder, [], more=options)
    field = of(database, folder, telephony_url=exchange.url, public_url=f"http://127.0.0.1:{port}")
    field.exchange = exchange
    field.room.plans.set_lines(Trunk(20, 0, Fraction(1000)), actor="op")
    field.plan(kind)
    exchange.tell(
        [
            {
                "phone": phone_of(i, h),
                "head": HEAD,
                "visited": True,
                "solved": True,
                "score": 4,
                "comment": "",
                "answers": 66,
                "linked": True,
                "pin": field.pin_of(code_of(i, h)),
                "behaviour": "usual",
                **unusual(field, code_of(i, h)),
            }
            for i, size in enumerate(of.SIZES)
            for h in range(size)
        ]
    )
    exchange.start(field.settings)
    server = make_server("127.0.0.1", port, field.app, threaded=True)
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield field
    finally:
        exchange.stop()
        server.shutdown()
        serving.join()
        server.server_close()
        field.close()
