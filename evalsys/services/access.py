"""Accounts and signing in: Argon2 passwords, logins kept on the server, every change audited."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Protocol, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.access import Person, Role, check_two_people
from evalsys.errors import InvalidInput, NotFound, NotSignedIn, RuleViolation, TooManyTries
from evalsys.store import access
from evalsys.store.access import Account
from evalsys.store.audit import record
from evalsys.store.database import Database

IDLE_FOR = timedelta(hours=2)
"""A login unused for so long is over."""
LASTS_FOR = timedelta(hours=12)
"""A login is over after so long, however busy: one session day."""
TRIES_WITHIN = timedelta(minutes=15)
TRIES_A_NAME = 5
"""Tries under one name from one address within TRIES_WITHIN; the next is refused."""
TRIES_AN_ADDRESS = 50
PASSWORD_AT_LEAST = 10
PASSWORD_AT_MOST = 200

_NAME = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9._\-\u4e00-\u9fff]{0,31}")
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,31}")
_SEEN_EVERY = timedelta(minutes=1)


Done = TypeVar("Done")


class Aside(Protocol):
    """Runs work that is long and only computes, so that nobody else has to wait for it."""

    def __call__(self, work: Callable[..., Done], args: tuple[object, ...], /) -> Done:
        """Return what `work(*args)` returns, or raise what it raises."""
        ...


def in_turn(work: Callable[..., Done], args: tuple[object, ...], /) -> Done:
    """Run it here and now, where every request has a thread of its own."""
    return work(*args)


class Access:
    """Accounts, and who is signed in (Y54)."""

    def __init__(
        self,
        database: Database,
        now: Clock,
        hasher: PasswordHasher | None = None,
        aside: Aside = in_turn,
    ) -> None:
        """Keep accounts in `database`; a cheaper `hasher` suits tests, `aside` runs the hashing."""
        self._database = database
        self._now = now
        self._hasher = hasher or PasswordHasher()
        self._aside = aside

    def add(self, name: str, role: Role, password: str, *, actor: str, person: str = "") -> str:
        """Create an account and return its name as kept: small letters.

        `person` is whose it is: a cadre's or staff number. Two steps that need two people are
        refused to two accounts of one.

        Raises:
            InvalidInput: the name, the password or the person's number will not do.
            RuleViolation: the name is taken.
        """
        name = _checked_name(name)
        person = _checked_person(person)
        password_hash = self._hash(name, password)
        at = self._now()
        with self._database.write() as db:
            if access.account(db, name) is not None:
                raise RuleViolation(
                    f"账号“{name}”已存在。",
                    remedy="换一个名字，或用 evalsys user reset 重设密码。",
                )
            access.add_account(db, name, role, password_hash, at, person)
            record(db, at, actor, "account.add", name, {"role": role.value, "person": person})
        return name

    def set_person(self, name: str, person: str, *, actor: str) -> None:
        """Say whose an account is; empty takes it back. The old and the new are audited.

        Raises:
            InvalidInput: it is no number.
            NotFound: there is no such account.
        """
        name, person = _as_kept(name), _checked_person(person)
        with self._database.write() as db:
            before = _existing(access.account(db, name), name).person
            access.set_person(db, name, person)
            detail = {"was": before, "person": person}
            record(db, self._now(), actor, "account.person", name, detail)

    def accounts(self) -> tuple[Account, ...]:
        """List every account by name."""
        with self._database.read() as db:
            return access.accounts(db)

    def reset_password(self, name: str, password: str, *, actor: str) -> str:
        """Give an account a new password, sign it out everywhere; return the password's hash.

        Raises:
            InvalidInput: the password will not do.
            NotFound: there is no such account.
        """
        name = _as_kept(name)
        password_hash = self._hash(name, password)
        at = self._now()
        with self._database.write() as db:
            _existing(access.account(db, name), name)
            access.set_password(db, name, password_hash)
            access.end_logins_of(db, name)
            record(db, at, actor, "account.password", name)
        return password_hash

    def change_password(self, person: Person, old: str, new: str, *, address: str) -> str:
        """Change one's own password: every login ends, and a fresh token is returned.

        Raises:
            InvalidInput: the old password is wrong, or the new one will not do.
            TooManyTries: too many tries from this address of late; a login left open gives
                nobody more guesses than the sign-in page.
        """
        self._count_try(person.name, address)
        with self._database.read() as db:
            own = _existing(access.account(db, person.name), person.name)
        if not self._matches(own.password_hash, old):
            raise InvalidInput("原密码不正确。", remedy="请重新输入。", place="原密码")
        password_hash = self.reset_password(person.name, new, actor=person.name)
        with self._database.write() as db:
            access.forget_tries(db, person.name, address)
        return self._begin_login(person.name, password_hash)

    def disable(self, name: str, *, actor: str) -> None:
        """Close an account and sign it out everywhere at once.

        Raises:
            NotFound: there is no such account.
        """
        name, at = _as_kept(name), self._now()
        with self._database.write() as db:
            _existing(access.account(db, name), name)
            access.set_disabled(db, name, at)
            access.end_logins_of(db, name)
            record(db, at, actor, "account.disable", name)

    def enable(self, name: str, *, actor: str) -> None:
        """Open a disabled account again.

        Raises:
            NotFound: there is no such account.
        """
        name, at = _as_kept(name), self._now()
        with self._database.write() as db:
            _existing(access.account(db, name), name)
            access.set_disabled(db, name, None)
            record(db, at, actor, "account.enable", name)

    def sign_in(self, name: str, password: str, *, address: str) -> str:
        """Check name and password; return the token of a new login (for the cookie).

        An unknown name costs as much time as a wrong password and reads the same.

        Raises:
            NotSignedIn: name and password do not open an account.
            TooManyTries: too many tries from this address of late.
        """
        name = _as_kept(name)[:64]
        self._count_try(name, address)
        with self._database.read() as db:
            found = access.account(db, name)
        matches = self._matches(found.password_hash if found else self._decoy, password)
        if found is None or not matches or found.disabled_at is not None:
            with self._database.write() as db:
                record(db, self._now(), "system:access", "sign_in.refused", name or "-")
            raise _not_admitted()
        with self._database.write() as db:
            access.forget_tries(db, name, address)
        return self._begin_login(name, found.password_hash)

    def person(self, token: str) -> Person | None:
        """Return whose login this token is, or nobody when it ended or expired."""
        key = _sha256(token)
        at = self._now()
        with self._database.read() as db:
            login = access.open_login(db, key)
        if login is None or at - login.began_at > LASTS_FOR or at - login.seen_at > IDLE_FOR:
            return None
        if at - login.seen_at >= _SEEN_EVERY:
            with self._database.write() as db:
                access.touch_login(db, key, at)
        return login.person

    def sign_out(self, token: str) -> None:
        """End one login; harmless when it ended before."""
        with self._database.write() as db:
            access.end_login(db, _sha256(token))

    def sign_out_everywhere(self, person: Person) -> None:
        """End every login of a person."""
        with self._database.write() as db:
            access.end_logins_of(db, person.name)
            record(db, self._now(), person.name, "sign_out.everywhere", person.name)

    def _begin_login(self, name: str, proven_hash: str) -> str:
        token = secrets.token_urlsafe(32)
        at = self._now()
        with self._database.write() as db:
            found = access.account(db, name)
            # The account may have been closed, or its password replaced, since it was proven.
            if found is None or found.disabled_at or found.password_hash != proven_hash:
                raise _not_admitted()
            access.forget_logins(db, began_before=at - LASTS_FOR, seen_before=at - IDLE_FOR)
            access.begin_login(db, _sha256(token), name, at)
            record(db, at, name, "sign_in", name)
        return token

    def _count_try(self, name: str, address: str) -> None:
        # Counted before the password is checked, so that tries in parallel count too.
        at = self._now()
        since = at - TRIES_WITHIN
        with self._database.write() as db:
            access.forget_old_tries(db, since)
            too_many = (
                access.tries(db, address, since, name=name) >= TRIES_A_NAME
                or access.tries(db, address, since) >= TRIES_AN_ADDRESS
            )
            if not too_many:
                access.note_try(db, name, address, at)
        if too_many:
            minutes = TRIES_WITHIN // timedelta(minutes=1)
            raise TooManyTries("尝试次数过多，登录已暂停。", remedy=f"请 {minutes} 分钟后再试。")

    def _hash(self, name: str, password: str) -> str:
        fits = PASSWORD_AT_LEAST <= len(password) <= PASSWORD_AT_MOST
        if not fits or name in password.lower() or not _is_text(password):
            raise InvalidInput(
                "密码不符合要求。",
                remedy=f"请用 {PASSWORD_AT_LEAST} 到 {PASSWORD_AT_MOST} 个字符，且不含用户名。",
                place="密码",
            )
        return self._aside(self._hasher.hash, (password,))

    @cached_property
    def _decoy(self) -> str:
        """What an unknown name's password is compared with, so that it takes as long."""
        return self._aside(self._hasher.hash, (secrets.token_urlsafe(16),))

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            typed = password[: PASSWORD_AT_MOST + 1]
            return self._aside(self._hasher.verify, (password_hash, typed))
        except (Argon2Error, InvalidHashError):
            return False


def must_be_two_people(db: Session, first: str, second: str) -> None:
    """Insist, in the transaction that is open, that two accounts are not one person's.

    Raises:
        RuleViolation: both are on record as the same person's.
    """
    check_two_people(first, second, access.persons_of(db, (first, second)))


def _checked_person(person: str) -> str:
    person = unicodedata.normalize("NFKC", person).strip()
    if person and not _PERSON.fullmatch(person):
        raise InvalidInput(
            f"不是编号或工号：{person!r}。",
            remedy="请填干部编号或工号：1 到 32 个字母、数字或 . _ -。",
            place="人员",
        )
    return person.lower()


def _as_kept(name: str) -> str:
    """Return a name as accounts have it, from how somebody typed it."""
    return name.strip().lower()


def _checked_name(name: str) -> str:
    name = _as_kept(name)
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"账号名不能用：{name!r}。",
            remedy="请用 1 到 32 个小写字母、数字、汉字或 . _ -，以字母、数字或汉字开头。",
            place="账号名",
        )
    return name


def _is_text(typed: str) -> bool:
    """Say whether it can be written as UTF-8: a terminal of another encoding types what cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in typed)


def _existing(account: Account | None, name: str) -> Account:
    if account is None:
        raise NotFound(f"没有账号“{name}”。", remedy="用 evalsys user list 查看全部账号。")
    return account


def _not_admitted() -> NotSignedIn:
    # One message for every cause: it must not tell which names exist.
    return NotSignedIn(
        "用户名或密码不正确，或账号已停用。", remedy="请核对后重试；忘记密码请联系管理员重设。"
    )


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
