"""A handset that takes any call shows the messages of every number it was called as."""

from datetime import UTC, datetime
from pathlib import Path

from evalsys.exchange.handsets import Handset
from evalsys.exchange.message import Message
from evalsys.exchange.store import Store

AT = datetime(2026, 11, 1, tzinfo=UTC)


def test_every_number_that_it_was_called_as_has_its_messages_there(tmp_path: Path) -> None:
    anybody, own = Handset(""), Handset("+861")
    for called in ("+862", "+863", "+862"):
        anybody.ring("+8610", called, None)
    own.ring("+8610", "+861", None)
    assert (anybody.mail_numbers, own.mail_numbers) == (("+862", "+863"), ("+861",))
    assert Handset("").mail_numbers == ()

    store = Store(tmp_path / "exchange.db")
    for n, (to, sender) in enumerate([("+862", "+8610"), ("+861", "+8610"), ("+8610", "+863")]):
        store.messages.save(Message(f"SM{n}", to, sender, "…", AT, AT), [])
    found = store.messages.with_numbers(anybody.mail_numbers, 10)
    assert [each.sid for each in found] == ["SM2", "SM0"]
    assert store.messages.with_numbers((), 10) == []
