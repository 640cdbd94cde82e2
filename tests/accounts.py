"""Accounts whose passwords protect nothing, so that hashing them costs next to nothing."""

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.services.access import Access
from evalsys.services.rooms import Rooms
from evalsys.store.database import Database
from evalsys.web.rooms import rooms

CHEAP = PasswordHasher.from_parameters(CHEAPEST)


def accounts(database: Database) -> Access:
    """The accounts of an installation. Whoever signs in there pays what its hash says."""
    return Access(database, utc_now, CHEAP)


def of_one_person(database: Database, *names: str, number: str = "gh-0815") -> None:
    """Make accounts that are on record as one person's."""
    found = accounts(database)
    for name in names:
        found.add(name, Role.PERSONNEL, "correct horse battery", actor="test", person=number)


def rooms_of(app: Flask) -> Rooms:
    """The rooms of an application in this process, which hashes as cheaply from now on."""
    with app.app_context():
        found = rooms()
    found.access._hasher = CHEAP
    return found
