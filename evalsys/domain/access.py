"""Who may do what: the roles of the people who sign in, and the doors that admit them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evalsys.errors import RuleViolation


class Role(StrEnum):
    """What a signed-in person is here for; one person, one role."""

    OPERATOR = "operator"
    """操作员: runs the session from the console."""
    HOST = "host"
    """主持人: sees what comes next, touches nothing (Y49)."""
    PANEL = "panel"
    """评议团: votes from a pad."""
    RECORDER = "recorder"
    """会务记录员: checks the panel in, types paper votes, records promises and discrepancies."""
    PERSONNEL = "personnel"
    """组织部: assessment, eligibility, exports."""
    DISCIPLINE = "discipline"
    """纪检监察: investigations and their evidence."""
    AUDITOR = "auditor"
    """审计: reads everything that is not sealed, changes nothing."""
    CADRE = "cadre"
    """干部、网格长、单位经办人: handles the requests of whom the account acts for, no others."""
    OFFICE = "office"
    """县联系群众工作办公室: the last level of every request (Y18)."""
    ENGINEER = "engineer"
    """技术: keeps the screens of the hall going, runs nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. `name` is the sign-in name and the actor in every record."""

    name: str
    role: Role


def check_two_people(first: str, second: str, persons: Mapping[str, str]) -> None:
    """Insist that two accounts are not one person's: what two must agree to, one cannot do alone.

    `persons` says whose accounts are, where that is on record: a cadre's or staff number. The
    same account twice is the business of each rule, which knows what to say of it.

    Raises:
        RuleViolation: both accounts are on record as the same person's.
    """
    whose = persons.get(first, "")
    if first != second and whose and whose == persons.get(second, ""):
        raise RuleViolation(
            f"账号“{first}”和“{second}”登记为同一人，两步须由两个人分别完成。",
            remedy="请由另一个人用自己的账号办理；登记有误的，用 evalsys user person 更正。",
        )


class Entrance(StrEnum):
    """How a door finds out who stands before it."""

    PUBLIC = "public"
    """Open to everybody."""
    SIGNED_IN = "signed_in"
    """People with an account, by role."""
    CARRIER = "carrier"
    """The telephone carrier; the handler itself verifies the signature."""
    PROGRAM = "program"
    """A program with a key of its own; the handler itself verifies it."""
    HOUSEHOLD = "household"
    """A household on its own page; the handler itself verifies that it got in by a code."""
    SEAT = "seat"
    """A panel seat or a place at the ceremony; the handler itself verifies the device's token."""
    SCREEN = "screen"
    """A screen with a signed link, or people with an account by role."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may pass: declared by every route and every socket handler (deny by default)."""

    entrance: Entrance
    roles: frozenset[Role] = frozenset()

    @classmethod
    def for_roles(cls, roles: Iterable[Role]) -> "Door":
        """Make a door for people signed in with one of `roles`; at least one.

        Raises:
            ValueError: no role was named, so nobody could ever pass.
        """
        admitted = frozenset(roles)
        if not admitted:
            raise ValueError("a door for nobody: name at least one role")
        return cls(Entrance.SIGNED_IN, admitted)

    def admits(self, person: Person | None) -> bool:
        """Say whether `person` (nobody when not signed in) may pass.

        Doors of the carrier and of seats are open here: their handlers check the
        signature or the token, which are not a matter of roles. Before a door of screens
        the guard looks for a signed link first.
        """
        if self.entrance not in {Entrance.SIGNED_IN, Entrance.SCREEN}:
            return True
        return person is not None and person.role in self.roles
