"""The house signs heads at every move and each minute, and never over a record that was altered."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evalsys.clock import utc_now
from evalsys.domain.live.words import Phase
from evalsys.domain.merkle import proves_consistency, proves_inclusion
from evalsys.domain.transcript import AbortReason
from evalsys.domain.tree_head import SignedTreeHead, check_heads, lines_of, read_head
from evalsys.errors import InvalidInput, NotFound
from evalsys.ids import LiveId
from evalsys.services.heads import Heads
from evalsys.store.database import Database
from evalsys.store.head_key import HeadKey, is_signed_with
from tests.calling import Hall, fill_county
from tests.insider import rewrite_record
from tests.live_play import a_plan
from tests.visitor import Visitor

# Decided before any database is asked, or alike in both.


@pytest.fixture
def hall(database: Database, tmp_path: Path) -> Iterator[Hall]:
    built = Hall(database, tmp_path)
    fill_county(database, built.settings)
    built.live = built.rooms.show.plan(a_plan(slots=1), actor="op")
    yield built
    built.close()


class Signer:
    """The service of a server whose clock the test moves."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.later = timedelta()
        self.start()

    def start(self) -> None:
        """Begin anew, as after a restart: nothing is remembered but what is stored."""
        rooms = self.hall.rooms
        key = HeadKey(self.hall.settings.head_key)
        self.heads = Heads(self.hall.database, rooms.live, key, self.now)

    def now(self) -> datetime:
        return utc_now() + self.later

    def sizes(self) -> list[int]:
        """Sign what is due; give the sizes of all heads so far."""
        self.heads.sign_due()
        return [one.head.size for one in self.signed()]

    def signed(self) -> tuple[SignedTreeHead, ...]:
        return self.heads.published(self.hall.live).heads


@pytest.fixture
def signer(hall: Hall) -> Signer:
    return Signer(hall)


def until_drawn(hall: Hall) -> None:
    show = hall.rooms.show
    for step in (show.freeze, show.publish, show.open_ceremony):
        step(hall.operator)
    hall.rooms.ceremony.rehearse_dice(hall.operator)
    hall.rooms.ceremony.draw_next(hall.operator)


def test_a_head_at_the_ceremony_each_draw_the_end_the_seal_and_each_minute(
    hall: Hall, signer: Signer
) -> None:
    show = hall.rooms.show
    show.freeze(hall.operator)
    show.publish(hall.operator)
    assert signer.sizes() == []
    show.open_ceremony(hall.operator)
    assert signer.sizes() == [2]
    hall.rooms.ceremony.rehearse_dice(hall.operator)
    assert signer.sizes() == [2]
    hall.rooms.ceremony.draw_next(hall.operator)
    assert signer.sizes() == signer.sizes() == [2, 5]
    signer.later += timedelta(minutes=1)
    assert signer.sizes() == signer.sizes() == [2, 5, 5]
    show.abort(hall.operator, AbortReason.SAFETY)
    assert signer.sizes() == [2, 5, 5, 6]
    assert not signer.heads.published(hall.live).sealed
    show.seal(hall.operator)
    assert hall.state.phase is Phase.SEALED
    assert signer.sizes() == [2, 5, 5, 6, 6]
    assert signer.heads.published(hall.live).sealed
    signer.later += timedelta(hours=1)
    assert signer.sizes() == [2, 5, 5, 6, 6]
    signer.start()
    assert signer.sizes() == [2, 5, 5, 6, 6]
    assert signer.heads.published(hall.live).sealed
    lines = lines_of(signer.heads.transcript(hall.live))
    assert len(lines) == 6
    known = signer.signed()
    key = HeadKey(hall.settings.head_key)
    is_ours = lambda data, signature: is_signed_with(key.public, data, signature)  # noqa: E731 - two words
    assert check_heads((), known, hall.live, key.key_id, is_ours) is None


def test_a_session_in_which_nothing_happens_is_left_alone_after_half_a_day(
    hall: Hall, signer: Signer
) -> None:
    until_drawn(hall)
    assert len(signer.sizes()) == 1
    signer.later += timedelta(hours=12, minutes=1)
    assert len(signer.sizes()) == 1


def test_two_processes_that_sign_at_once_make_no_fork(hall: Hall, signer: Signer) -> None:
    other = Signer(hall)
    until_drawn(hall)
    assert signer.sizes() == [5]
    assert set(other.sizes()) == {5}
    assert len({one.head.root for one in other.signed()}) == 1


def test_nothing_is_signed_over_a_record_that_was_altered_and_others_do_not_wait(
    hall: Hall, signer: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    until_drawn(hall)
    altered = hall.live
    assert signer.sizes() == [5]
    rewrite_record(hall.database, altered, kind="slot_dice_rolled")
    hall.live = hall.rooms.show.plan(a_plan(slots=1), actor="op")
    until_drawn(hall)
    signer.later += timedelta(minutes=1)
    with caplog.at_level(logging.CRITICAL):
        assert signer.sizes() == [5]
    assert "rewritten" in caplog.text
    hall.live = altered
    assert len(signer.signed()) == 1


def test_heads_can_be_added_but_not_changed(hall: Hall, signer: Signer) -> None:
    until_drawn(hall)
    signer.sizes()
    for change in ("UPDATE tree_heads SET size = 4", "DELETE FROM tree_heads"):
        with pytest.raises(DBAPIError, match="append-only"), hall.database.write() as db:
            db.execute(text(change))


def test_anybody_may_fetch_heads_proofs_and_the_lines_under_them(
    hall: Hall, signer: Signer
) -> None:
    show = hall.rooms.show
    for step in (show.freeze, show.publish, show.open_ceremony):
        step(hall.operator)
    signer.sizes()
    hall.rooms.ceremony.rehearse_dice(hall.operator)
    hall.rooms.ceremony.draw_next(hall.operator)
    signer.sizes()
    visitor, base = Visitor(hall.app), f"/live/{hall.live}"
    told = visitor.ask(f"{base}/heads.json").get_json()
    assert bytes.fromhex(told["key"]) == HeadKey(hall.settings.head_key).public
    assert told["sealed"] is False
    first, second = (read_head(one).head for one in told["heads"])
    steps = visitor.ask(f"{base}/proof.json?first=2&second=5").get_json()["proof"]
    proof = [bytes.fromhex(step) for step in steps]
    root = bytes.fromhex(second.root)
    assert proves_consistency(2, bytes.fromhex(first.root), 5, root, proof)
    lines = lines_of(visitor.ask(f"{base}/transcript.jsonl").data)
    for leaf, line in enumerate(lines):
        shown = visitor.ask(f"{base}/proof.json?leaf={leaf}&size=5").get_json()
        path = [bytes.fromhex(step) for step in shown["path"]]
        assert (shown["line"].encode(), shown["root"]) == (line, second.root)
        assert proves_inclusion(line, leaf, 5, path, root)


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    "query", ["", "first=1", "first=2&second=1", "first=0&second=99", "leaf=5&size=5", "leaf=-1"]
)
def test_a_proof_of_what_is_not_there_is_refused(hall: Hall, query: str) -> None:
    until_drawn(hall)
    answer = Visitor(hall.app).ask(f"/live/{hall.live}/proof.json?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (400, InvalidInput.code)


def test_there_are_no_heads_of_a_session_that_does_not_exist(hall: Hall) -> None:
    with pytest.raises(NotFound):
        hall.rooms.heads.published(LiveId("f" * 32))
    for live in ("f" * 32, "0", "%00", "会议"):
        for name in ("heads.json", "transcript.jsonl", "proof.json?first=0&second=0"):
            answer = Visitor(hall.app).ask(f"/live/{live}/{name}")
            assert answer.status_code in {400, 404}, (live, name)


def test_the_stage_shows_how_far_the_record_is_signed(hall: Hall, signer: Signer) -> None:
    until_drawn(hall)
    assert hall.rooms.screens.view(hall.live, "public")["tree_head"] is None
    signer.sizes()
    root = signer.signed()[-1].head.root
    shown = hall.rooms.screens.view(hall.live, "public")["tree_head"]
    assert shown == {"size": 5, "root": root[:8]}
