"""Who may pass which door."""

import pytest

from evalsys.domain.access import Door, Entrance, Person, Role, check_two_people
from evalsys.errors import RuleViolation


@pytest.mark.parametrize("role", Role)
def test_a_door_admits_exactly_the_roles_it_names(role: Role) -> None:
    door = Door.for_roles([Role.OPERATOR, Role.HOST])
    assert door.admits(Person("somebody", role)) == (role in {Role.OPERATOR, Role.HOST})


def test_a_door_for_roles_admits_nobody_who_is_not_signed_in() -> None:
    assert not Door.for_roles(Role).admits(None)


def test_a_public_door_admits_everybody() -> None:
    assert Door(Entrance.PUBLIC).admits(None)


def test_two_accounts_of_one_person_are_not_two_people() -> None:
    persons = {"li": "00004211", "li-2": "00004211", "wang": "gh-7"}
    with pytest.raises(RuleViolation, match="登记为同一人"):
        check_two_people("li", "li-2", persons)
    for first, second in (("li", "wang"), ("li", "zhao"), ("zhao", "qian"), ("li", "li")):
        check_two_people(first, second, persons)


def test_a_door_that_names_no_role_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Door.for_roles([])
