"""A case closed for a dead number goes on when an import brings another number."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from evalsys.domain.access import Person, Role
from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.policy import Contact
from evalsys.domain.household_page import Correction, Outcome, WishKind
from evalsys.domain.roster_sheets import Kind
from evalsys.store.database import Database
from tests.calling import Carrier, on_the_wire
from tests.campaigning import Field, Imported, Phone, hand_in, phones
from tests.roster_papers import papers

NEW = "15411112222"


@pytest.fixture
def field(database: Database, tmp_path: Path, carrier: Carrier) -> Iterator[Field]:
    with on_the_wire(carrier.answer) as url:
        built = Imported(database, tmp_path, telephony_url=url)
        built.room.plans.set_lines(Trunk(100, 0, Fraction(100)), actor="op")
        yield built
        built.close()


@pytest.fixture
def dead(field: Field, carrier: Carrier) -> Phone:
    """A household whose number is not in service; its case is closed."""
    field.plan()
    for _ in range(3):  # more than the pace takes at once
        field.watch.forward(seconds=1)
        field.tick()
    phone = phones(field, carrier)["37130001"]
    phone.status("failed", SipResponseCode="404")
    return phone


def _import(field: Field, folder: Path, household: str, number: str) -> None:
    """Hand the households in once more, one of them with another number."""
    rows = papers()[Kind.HOUSEHOLDS]
    column = rows[0].index("联系电话")
    for row in rows[1:]:
        if row[0] == household:
            row[column : column + 2] = [number, None]
    hand_in(field, folder, {Kind.HOUSEHOLDS: rows})


def _old(carrier: Carrier, phone: Phone) -> str:
    return next(call["To"] for call in carrier.calls if call["sid"] == phone.sid)


def test_a_new_number_is_dialled_and_the_need_for_one_is_gone(
    field: Field, carrier: Carrier, dead: Phone, tmp_path: Path
) -> None:
    case = field.member(dead.household)
    assert (case.stop, case.needs_new_number) == ("needs_new_number", True)
    _import(field, tmp_path, dead.household, NEW)
    case = field.member(dead.household)
    assert (case.state, case.stop, case.needs_new_number) == ("waiting", "", False)
    assert field.contacts(dead.household) == [Contact.DEAD_NUMBER, Contact.NEW_NUMBER]
    assert case.code == "2.20"
    field.watch.forward(seconds=1)
    field.tick()
    again = phones(field, carrier)[dead.household]
    assert _old(carrier, again).endswith(NEW)
    again.status("failed", SipResponseCode="503")  # nothing rang: the old death says nothing
    assert field.member(dead.household).state == "waiting"
    assert not field.member(dead.household).needs_new_number


def test_the_same_number_again_and_a_second_import_change_nothing(
    field: Field, carrier: Carrier, dead: Phone, tmp_path: Path
) -> None:
    _import(field, tmp_path, dead.household, _old(carrier, dead).removeprefix("+86"))
    assert field.member(dead.household).stop == "needs_new_number"
    for _ in range(2):
        _import(field, tmp_path, dead.household, NEW)
    assert field.contacts(dead.household).count(Contact.NEW_NUMBER) == 1


def test_an_unusable_number_and_a_campaign_that_is_over_stay_closed(
    field: Field, dead: Phone, tmp_path: Path
) -> None:
    _import(field, tmp_path, dead.household, "12")
    assert field.member(dead.household).stop == "needs_new_number"
    field.room.plans.stop(field.campaign, actor="op")
    _import(field, tmp_path, dead.household, NEW)
    assert field.member(dead.household).stop == "needs_new_number"


def test_a_household_that_never_had_a_number_is_called_once_it_has_one(
    field: Field, carrier: Carrier, dead: Phone, tmp_path: Path
) -> None:
    nobody = "37130004"
    assert dead.household != nobody
    assert field.member(nobody).needs_new_number
    _import(field, tmp_path, nobody, NEW)
    field.watch.forward(seconds=1)
    field.tick()
    assert nobody in phones(field, carrier)


def test_a_number_put_right_at_the_household_s_wish_reopens_the_case_too(
    field: Field, carrier: Carrier, dead: Phone
) -> None:
    pages = field.rooms.households.pages

    def granted(*numbers: str) -> None:
        wish = pages.wish(dead.household, WishKind.CORRECT, "电话换了")
        pages.answer_wish(
            wish, Outcome.GRANTED, "已改", Person("office", Role.OFFICE), Correction(phones=numbers)
        )

    granted(_old(carrier, dead))  # the dead one once more
    assert field.member(dead.household).stop == "needs_new_number"
    granted(f"+86{NEW}")
    case = field.member(dead.household)
    assert (case.state, case.stop, case.needs_new_number) == ("waiting", "", False)
    assert field.contacts(dead.household) == [Contact.DEAD_NUMBER, Contact.NEW_NUMBER]
