"""Accounts, logins and tries to sign in, on disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.access import Person, Role
from evalsys.store.schema.access import Login, SignInTry, User


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. `password_hash` is Argon2id in PHC form."""

    name: str
    role: Role
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None
    person: str = ""
    """Whose it is: a cadre's or staff number; empty where nobody said."""


@dataclass(frozen=True, slots=True)
class OpenLogin:
    """A login that was not ended: whose, since when, last used when."""

    person: Person
    began_at: datetime
    seen_at: datetime


def add_account(
    db: Session, name: str, role: Role, password_hash: str, at: datetime, person: str = ""
) -> None:
    """Create an account; the caller has checked that the name is free."""
    db.execute(
        insert(User).values(
            name=name,
            role=role.value,
            password_hash=password_hash,
            created_at=at,
            disabled_at=None,
            person=person,
        )
    )


def account(db: Session, name: str) -> Account | None:
    """Find the account of that sign-in name, disabled or not."""
    row = db.get(User, name)
    return None if row is None else _account(row)


def accounts(db: Session) -> tuple[Account, ...]:
    """List every account by name."""
    return tuple(_account(row) for row in db.scalars(select(User).order_by(User.name)))


def set_password(db: Session, name: str, password_hash: str) -> None:
    """Replace the password of an account."""
    db.execute(update(User).where(User.name == name).values(password_hash=password_hash))


def set_person(db: Session, name: str, person: str) -> None:
    """Say whose account it is."""
    db.execute(update(User).where(User.name == name).values(person=person))


def persons_of(db: Session, names: Iterable[str]) -> dict[str, str]:
    """Say whose these accounts are, where that is on record."""
    rows = db.execute(
        select(User.name, User.person).where(User.name.in_(set(names)), User.person != "")
    )
    return {row[0]: row[1] for row in rows}


def accounts_alike(db: Session, name: str) -> frozenset[str]:
    """Name every account of the person whose this one is, itself among them."""
    mine = select(User.person).where(User.name == name, User.person != "").scalar_subquery()
    return frozenset(db.scalars(select(User.name).where(User.person == mine))) | {name}


def set_disabled(db: Session, name: str, at: datetime | None) -> None:
    """Disable an account as of `at`, or enable it again with nothing."""
    db.execute(update(User).where(User.name == name).values(disabled_at=at))


def begin_login(db: Session, token_sha256: str, name: str, at: datetime) -> None:
    """Note that somebody signed in."""
    db.execute(
        insert(Login).values(token_sha256=token_sha256, user_name=name, began_at=at, seen_at=at)
    )


def open_login(db: Session, token_sha256: str) -> OpenLogin | None:
    """Find the login of a token, of an account that is not disabled; expiry is not judged here."""
    row = db.execute(
        select(User.name, User.role, Login.began_at, Login.seen_at)
        .join(User, User.name == Login.user_name)
        .where(Login.token_sha256 == token_sha256, User.disabled_at.is_(None))
    ).one_or_none()
    return None if row is None else OpenLogin(Person(row[0], Role(row[1])), row[2], row[3])


def touch_login(db: Session, token_sha256: str, at: datetime) -> None:
    """Note that a login was used."""
    db.execute(update(Login).where(Login.token_sha256 == token_sha256).values(seen_at=at))


def end_login(db: Session, token_sha256: str) -> None:
    """Sign one browser out."""
    db.execute(delete(Login).where(Login.token_sha256 == token_sha256))


def end_logins_of(db: Session, name: str) -> None:
    """Sign a person out everywhere."""
    db.execute(delete(Login).where(Login.user_name == name))


def forget_logins(db: Session, *, began_before: datetime, seen_before: datetime) -> None:
    """Forget the logins that are over by age or by idleness."""
    db.execute(delete(Login).where((Login.began_at < began_before) | (Login.seen_at < seen_before)))


def note_try(db: Session, name: str, address: str, at: datetime) -> None:
    """Count one try to sign in."""
    db.execute(insert(SignInTry).values(name=name, address=address, at=at))


def tries(db: Session, address: str, since: datetime, *, name: str | None = None) -> int:
    """Count the tries from one address, under one name when given."""
    query = select(func.count()).where(SignInTry.address == address, SignInTry.at >= since)
    if name is not None:
        query = query.where(SignInTry.name == name)
    return db.scalar(query) or 0


def forget_old_tries(db: Session, before: datetime) -> None:
    """Forget the tries older than `before`."""
    db.execute(delete(SignInTry).where(SignInTry.at < before))


def forget_tries(db: Session, name: str, address: str) -> None:
    """Forget the tries under one name from one address: it has signed in."""
    db.execute(delete(SignInTry).where(SignInTry.name == name, SignInTry.address == address))


def _account(row: User) -> Account:
    return Account(
        row.name, Role(row.role), row.password_hash, row.created_at, row.disabled_at, row.person
    )
