"""Who may pass which door."""

import pytest

from evalsys.domain.access import Door, Entrance, Person, Role


@pytest.mark.parametrize("role", Role)
def test_a_door_admits_exactly_the_roles_it_names(role: Role) -> None:
    door = Door.for_roles([Role.OPERATOR, Role.HOST])
    assert door.admits(Person("somebody", role)) == (role in {Role.OPERATOR, Role.HOST})


def test_a_door_for_roles_admits_nobody_who_is_not_signed_in() -> None:
    assert not Door.for_roles(Role).admits(None)


def test_a_public_door_admits_everybody() -> None:
    assert Door(Entrance.PUBLIC).admits(None)


def test_a_door_that_names_no_role_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Door.for_roles([])
