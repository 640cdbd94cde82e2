"""Accounts and signing in, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from evalsys.domain.access import Person, Role
from evalsys.errors import InvalidInput, NotFound, NotSignedIn, RuleViolation, TooManyTries
from evalsys.services.access import IDLE_FOR, LASTS_FOR, TRIES_A_NAME, TRIES_WITHIN, Access, Done
from evalsys.services.audit import AuditTrail
from evalsys.store.database import Database
from evalsys.store.schema import Base
from tests.accounts import CHEAP
from tests.builders import NOON

HERE = "192.0.2.7"
GOOD = "correct horse battery"


class SetClock:
    """Time that a test moves on."""

    def __init__(self) -> None:
        self.at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, time: timedelta) -> None:
        self.at += time


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def access(database: Database, clock: SetClock) -> Access:
    access = Access(database, clock, CHEAP)
    access.add("caozuo", Role.OPERATOR, GOOD, actor="test")
    return access


def test_the_right_password_signs_in(access: Access) -> None:
    token = access.sign_in(" CaoZuo ", GOOD, address=HERE)
    assert access.person(token) == Person("caozuo", Role.OPERATOR)


def test_a_made_up_token_is_nobody(access: Access) -> None:
    access.sign_in("caozuo", GOOD, address=HERE)
    assert access.person("made-up") is None


def test_an_unknown_name_a_wrong_password_and_a_closed_account_read_the_same(
    access: Access,
) -> None:
    access.add("tingyong", Role.HOST, GOOD, actor="test")
    access.disable("tingyong", actor="test")
    refusals = set()
    for name, password in (("nobody", GOOD), ("caozuo", "wrong"), ("tingyong", GOOD)):
        with pytest.raises(NotSignedIn) as refused:
            access.sign_in(name, password, address=HERE)
        refusals.add(str(refused.value))
    assert len(refusals) == 1


def test_tries_are_refused_after_a_few_even_with_the_right_password(
    access: Access, clock: SetClock
) -> None:
    for _ in range(TRIES_A_NAME):
        with pytest.raises(NotSignedIn):
            access.sign_in("caozuo", "wrong", address=HERE)
    with pytest.raises(TooManyTries):
        access.sign_in("caozuo", GOOD, address=HERE)
    assert access.sign_in("caozuo", GOOD, address="192.0.2.8")
    clock.pass_by(TRIES_WITHIN + timedelta(seconds=1))
    assert access.sign_in("caozuo", GOOD, address=HERE)


def test_signing_in_forgets_the_tries_before(access: Access) -> None:
    for _ in range(3):
        for _ in range(TRIES_A_NAME - 1):
            with pytest.raises(NotSignedIn):
                access.sign_in("caozuo", "wrong", address=HERE)
        access.sign_in("caozuo", GOOD, address=HERE)


def test_a_login_ends_when_it_is_not_used(access: Access, clock: SetClock) -> None:
    token = access.sign_in("caozuo", GOOD, address=HERE)
    clock.pass_by(IDLE_FOR)
    assert access.person(token) is not None
    clock.pass_by(IDLE_FOR + timedelta(seconds=1))
    assert access.person(token) is None


def test_a_login_ends_after_a_day_of_work_however_busy(access: Access, clock: SetClock) -> None:
    token = access.sign_in("caozuo", GOOD, address=HERE)
    begun = clock.at
    while clock.at - begun <= LASTS_FOR:
        assert access.person(token) is not None
        clock.pass_by(timedelta(hours=1))
    assert access.person(token) is None


def test_signing_out_ends_this_login_only(access: Access) -> None:
    here, there = (access.sign_in("caozuo", GOOD, address=HERE) for _ in range(2))
    access.sign_out(here)
    assert access.person(here) is None
    assert access.person(there) is not None


def test_signing_out_everywhere_disabling_and_a_new_password_end_every_login(
    access: Access,
) -> None:
    person = Person("caozuo", Role.OPERATOR)
    for end in (
        lambda: access.sign_out_everywhere(person),
        lambda: access.reset_password("caozuo", GOOD, actor="test"),
        lambda: access.disable("caozuo", actor="test"),
    ):
        tokens = [access.sign_in("caozuo", GOOD, address=HERE) for _ in range(2)]
        end()
        assert [access.person(token) for token in tokens] == [None, None]


def test_changing_ones_password_keeps_this_browser_and_ends_the_others(access: Access) -> None:
    old = access.sign_in("caozuo", GOOD, address=HERE)
    own = Person("caozuo", Role.OPERATOR)
    fresh = access.change_password(own, GOOD, "another good one", address=HERE)
    assert access.person(old) is None
    assert access.person(fresh) is not None
    with pytest.raises(NotSignedIn):
        access.sign_in("caozuo", GOOD, address=HERE)
    assert access.sign_in("caozuo", "another good one", address=HERE)


def test_changing_ones_password_needs_the_old_one_and_takes_few_guesses(access: Access) -> None:
    own = Person("caozuo", Role.OPERATOR)
    for _ in range(TRIES_A_NAME):
        with pytest.raises(InvalidInput, match="原密码"):
            access.change_password(own, "wrong", "another good one", address=HERE)
    with pytest.raises(TooManyTries):
        access.change_password(own, GOOD, "another good one", address=HERE)


def test_a_closed_account_opens_again(access: Access) -> None:
    access.disable("caozuo", actor="test")
    access.enable("caozuo", actor="test")
    assert access.sign_in("caozuo", GOOD, address=HERE)


def test_a_name_is_given_once(access: Access) -> None:
    with pytest.raises(RuleViolation, match="已存在"):
        access.add("CAOZUO", Role.HOST, GOOD, actor="test")


@pytest.mark.parametrize("name", ["", " ", "a b", "-x", "x" * 33, "\uff21", "a/b"])
def test_names_that_would_confuse_are_refused(access: Access, name: str) -> None:
    with pytest.raises(InvalidInput, match="账号名"):
        access.add(name, Role.HOST, GOOD, actor="test")


@pytest.mark.parametrize("password", ["short", "x" * 201, "my-zhuchi-pass", "not of UTF-8 \udcff"])
def test_passwords_that_are_easily_guessed_or_endless_are_refused(
    access: Access, password: str
) -> None:
    with pytest.raises(InvalidInput, match="密码"):
        access.add("zhuchi", Role.HOST, password, actor="test")


def test_an_account_that_is_not_there_is_not_found(access: Access) -> None:
    for change in (access.disable, access.enable):
        with pytest.raises(NotFound):
            change("nobody", actor="test")
    with pytest.raises(NotFound):
        access.reset_password("nobody", GOOD, actor="test")


def test_neither_passwords_nor_tokens_are_kept(access: Access, database: Database) -> None:
    token = access.sign_in("caozuo", GOOD, address=HERE)
    with database.read() as db:
        rows = [db.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    kept = str(rows)
    assert GOOD not in kept
    assert token not in kept


def test_hashing_runs_aside_so_that_screens_need_not_wait(database: Database) -> None:
    aside: list[str] = []

    def note(work: Callable[..., Done], args: tuple[object, ...], /) -> Done:
        aside.append(work.__name__)
        return work(*args)

    access = Access(database, lambda: NOON, CHEAP, note)
    access.add("zhuchi", Role.HOST, GOOD, actor="test")
    access.sign_in("zhuchi", GOOD, address=HERE)
    with pytest.raises(NotSignedIn):
        access.sign_in("nobody", GOOD, address=HERE)
    assert aside == ["hash", "verify", "hash", "verify"]


def test_accounts_and_sign_ins_are_audited(access: Access, database: Database) -> None:
    access.sign_in("caozuo", GOOD, address=HERE)
    with pytest.raises(NotSignedIn):
        access.sign_in("nobody", "wrong", address=HERE)
    access.disable("caozuo", actor="admin")
    lines = AuditTrail(database).latest(10)
    assert [(line.actor, line.action, line.subject) for line in reversed(lines)] == [
        ("test", "account.add", "caozuo"),
        ("caozuo", "sign_in", "caozuo"),
        ("system:access", "sign_in.refused", "nobody"),
        ("admin", "account.disable", "caozuo"),
    ]
