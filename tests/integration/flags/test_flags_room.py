"""Signs for review: found in the database, read by two roles, decided with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from evalsys.domain.flags import FlagDecision, FlagKind
from evalsys.errors import InvalidInput, NotFound
from evalsys.services.flags import Flags
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.store.phone_box import KEY_VERSION, PhoneBox
from evalsys.store.schema.calls import CallAttempt
from evalsys.store.schema.flags import CallRhythm
from evalsys.store.schema.roster import Phone
from tests.builders import NOON
from tests.calling import Carrier, Hall, callers, fill_county, on_the_wire
from tests.roster_rows import code_of, fill_roster, number_of, phone_of


@pytest.fixture
def box() -> PhoneBox:
    return PhoneBox(bytes(range(64)), bytes(range(32)))


@pytest.fixture
def flags(database: Database, box: PhoneBox) -> Flags:
    with database.write() as db:
        fill_roster(db, box, [3, 3])
    return Flags(database, lambda: NOON)


def give_number(database: Database, box: PhoneBox, number: str, **owner: object) -> None:
    """Let a household or a cadre have one more telephone."""
    row = str(owner).encode().ljust(16)[-16:]
    with database.write() as db:
        db.add(
            Phone(
                id=row,
                position=9,
                usable=True,
                sealed=box.seal(number, row),
                blind=box.blind(number),
                key_version=KEY_VERSION,
                **owner,
            )
        )


def test_numbers_of_several_households_and_of_cadres_are_found_once(
    flags: Flags, database: Database, box: PhoneBox
) -> None:
    give_number(database, box, phone_of(0, 1), household=code_of(1, 2))
    give_number(database, box, phone_of(1, 0), cadre=number_of(0))
    assert flags.look(actor="ji-wei") == 2
    assert flags.look(actor="ji-wei") == 0
    found = flags.read(reader="ji-wei")
    official, shared = sorted(found, key=lambda one: one.flag.kind)
    assert shared.flag.kind is FlagKind.SHARED_NUMBER
    assert shared.flag.evidence == {"households": sorted([code_of(0, 1), code_of(1, 2)])}
    assert official.flag.kind is FlagKind.OFFICIAL_NUMBER
    assert official.flag.evidence == {"cadres": [number_of(0)]}


def test_a_decision_needs_a_reason_and_the_earlier_one_stays(
    flags: Flags, database: Database, box: PhoneBox
) -> None:
    give_number(database, box, phone_of(0, 1), household=code_of(1, 2))
    flags.look(actor="ji-wei")
    (found,) = flags.read(reader="ji-wei")
    for reason in ("", "  ", "好", "x" * 501, "换\n行的理由"):
        with pytest.raises(InvalidInput):
            flags.decide(found.id, FlagDecision.DISMISSED, reason, by="ji-wei")
    with pytest.raises(NotFound):
        flags.decide("0" * 32, FlagDecision.DISMISSED, "查无此条", by="ji-wei")
    flags.decide(found.id, FlagDecision.DISMISSED, "父子分户，同住一处", by="ji-wei")
    flags.decide(found.id, FlagDecision.CONFIRMED, "入户核实，并非一家", by="shen-ji")
    (found,) = flags.read(reader="ji-wei")
    assert [one.decision for one in found.decisions] == [
        FlagDecision.DISMISSED,
        FlagDecision.CONFIRMED,
    ]
    with database.read() as db:
        actions = [line.action for line in audit.entries(db)]
    assert {"flags.look", "flags.read", "flag.dismissed", "flag.confirmed"} <= set(actions)


@pytest.mark.parametrize("table", ["flags", "flag_decisions"])
def test_nothing_on_record_can_be_changed(
    flags: Flags, database: Database, box: PhoneBox, table: str
) -> None:
    give_number(database, box, phone_of(0, 1), household=code_of(1, 2))
    flags.look(actor="ji-wei")
    (found,) = flags.read(reader="ji-wei")
    flags.decide(found.id, FlagDecision.DISMISSED, "父子分户，同住一处", by="ji-wei")
    with pytest.raises(DBAPIError, match="append-only"), database.write() as db:
        db.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - a name from this file


@pytest.fixture
def hall(database: Database, tmp_path: Path) -> Iterator[tuple[Hall, Carrier]]:
    carrier = Carrier()
    with on_the_wire(carrier.answer) as url:
        built = Hall(database, tmp_path, telephony_url=url)
        fill_county(database, built.settings)
        yield built, carrier
        built.close()


def test_calls_answered_at_once_are_flagged_after_the_round_is_opened_and_not_before(
    hall: tuple[Hall, Carrier], database: Database
) -> None:
    built, carrier = hall
    built.open_calls(parallel=3, target=3)
    built.tick()
    for caller in callers(built, carrier).values():
        caller.pick_up()
        caller.press_all("11114")
        caller.hang_up()
    flags = built.rooms.flags
    assert flags.look(actor="ji-wei") == 0
    assert built.tally.look() == ""
    flags.look(actor="ji-wei")
    kinds = {one.flag.kind for one in flags.read(reader="ji-wei")}
    assert FlagKind.FASTER_THAN_PROMPT in kinds
    with database.read() as db:
        kept = db.scalars(select(CallRhythm.waits)).all()
        beside = set(db.scalars(select(CallAttempt.rhythm)))
    assert [len(waits.split(",")) for waits in kept] == [4, 4, 4], "the score is not timed"
    assert beside == {""}, "nothing stays beside the call"


def test_a_rhythm_has_nothing_that_leads_to_a_call(database: Database) -> None:
    columns = {column["name"] for column in inspect(database.engine).get_columns("call_rhythms")}
    assert columns == {"id", "live", "j", "cadre", "waits", "prompts"}
