"""A carrier that tells who picked up: a machine is left alone, a person is asked."""

import pytest

from evalsys.domain.campaign.policy import Contact
from tests.calling import Carrier
from tests.campaigning import Phone, asked
from tests.heard import verbs

# Alike in both databases.
pytestmark = pytest.mark.on_sqlite


@pytest.mark.parametrize("by", ["machine_start", "machine_end_beep", "fax"])
def test_an_answering_machine_is_hung_up_on_and_tried_in_another_part_of_the_day(
    phone: Phone, carrier: Carrier, by: str
) -> None:
    field = phone.field
    assert carrier.calls[0]["MachineDetection"] == "Enable"
    for word in ("initiated", "ringing", "in-progress"):
        phone.status(word)
    assert "Hangup" in verbs(phone.hook("answer", AnsweredBy=by))
    phone.hang_up()
    assert field.contacts(phone.household) == [Contact.MACHINE]
    case = field.member(phone.household)
    assert (case.state, case.code) == ("waiting", "2.222")
    assert case.due_at is not None
    assert case.due_at.hour == 6  # 14:30 in Shanghai


def test_a_person_who_is_detected_is_asked(phone: Phone) -> None:
    assert asked(phone.hook("answer", AnsweredBy="human")) == "consent"
