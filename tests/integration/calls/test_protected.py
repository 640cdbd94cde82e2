"""Households that the roster protects: some are called and never heard, some are not called."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from evalsys.domain.interview import Ask, Dialect, Ending, Pressed, Topic
from evalsys.domain.live.commands_air import OfferAir
from evalsys.domain.manifest import FinalCode
from evalsys.domain.protection import Protection
from evalsys.services.calls import Calls, Scripts
from evalsys.store import audit
from evalsys.store.schema.roster import Household
from tests.calling import Caller, Carrier, Hall, callers
from tests.heard import asks

pytestmark = pytest.mark.on_sqlite


def _protect(hall: Hall, k: int, measure: Protection) -> None:
    with hall.database.write() as db:
        household = Household.code == hall.code(k)
        db.execute(update(Household).where(household).values(protection=measure.value))


@pytest.mark.parametrize("measure", [Protection.NOT_LIVE, Protection.NO_CALLS])
def test_a_household_that_is_protected_since_the_freeze_is_not_called(
    hall: Hall, carrier: Carrier, measure: Protection
) -> None:
    hall.open_calls(parallel=1)
    first, second, *_ = hall.round.order
    _protect(hall, first, measure)
    hall.tick()
    hall.tick()
    assert hall.position(first).final is FinalCode.INVALID_NUMBER
    assert callers(hall, carrier).keys() == {second}
    with hall.database.read() as db:
        told = [each.subject for each in audit.entries(db) if each.action == "call.protected"]
    assert told == [f"{hall.live}/{hall.round.cadre}/{first}"]


def test_a_household_off_air_is_asked_by_keys_and_cannot_agree(
    hall: Hall, carrier: Carrier
) -> None:
    hall.open_calls(parallel=2)
    hall.rooms.live.tell(hall.live, OfferAir(), actor="op")
    hall.tick()
    first, second = hall.round.order[:2]
    _protect(hall, first, Protection.OFF_AIR)
    shielded, other = (callers(hall, carrier)[k] for k in (first, second))
    for caller in (shielded, other):
        caller.pick_up()
        caller.press("consent", "1")
    assert "/air/offer/1" in _told(other)
    assert asks(shielded.press("identity", "1")) in {"visited/1", "solved/1"}
    # Nor by a request that the carrier was never asked for.
    shielded.hook("air/offer/1", Digits="1")
    assert hall.round.air.legs[first].status == "declined"
    other.hook("air/offer/1", Digits="1")
    assert hall.round.air.legs[second].status == "willing"


def test_a_household_is_asked_in_the_dialect_that_the_roster_names(
    hall: Hall, carrier: Carrier
) -> None:
    usual = hall.rooms.calls.script
    consent, *others = usual.questions
    spoken = replace(consent, dialects={"yishui": replace(consent, say="中不？", say_known="")})
    written = replace(
        usual,
        questions=(spoken, *others),
        dialects={"yishui": Dialect("yishui", {}, {Ending.REFUSED: "中，不打扰了。"})},
    )
    rooms, key = hall.rooms, hall.settings.index_key
    scripts = Scripts((written,), ())
    calls = Calls(hall.database, rooms.live, rooms.score, scripts, key, hall.now)
    hall.open_calls(parallel=2)
    hall.tick()
    first, second = hall.round.order[:2]
    with hall.database.write() as db:
        household = Household.code == hall.code(first)
        db.execute(update(Household).where(household).values(dialect="yishui"))
    callers_by_place = callers(hall, carrier)
    said = {
        k: calls.answered(hall.attempt(k).attempt_id, callers_by_place[k].sid)
        for k in (first, second)
    }
    assert (said[first].text, said[first].script.language) == ("中不？", "yishui")
    assert (said[second].text, said[second].script.language) != ("中不？", "yishui")
    refused = calls.happened(
        hall.attempt(first).attempt_id,
        callers_by_place[first].sid,
        Ask(Topic.CONSENT),
        Pressed("2"),
    )
    assert refused.text == "中，不打扰了。"


def _told(caller: Caller) -> str:
    return caller.press("identity", "1").text
