"""`evalsys user`: accounts from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.main import cli
from evalsys.clock import utc_now
from evalsys.domain.access import Person, Role
from evalsys.errors import EvalsysError, InvalidInput, OutsideFailure
from evalsys.services.access import Access
from evalsys.services.audit import AuditTrail
from evalsys.store.database import Database
from tests.builders import environment_of, some_settings

GOOD = "correct horse battery"


@pytest.fixture
def environment(database: Database, tmp_path: Path) -> dict[str, str]:
    address = database.engine.url.render_as_string(hide_password=False)
    return environment_of(some_settings(address, tmp_path))


def _user(environment: dict[str, str], *arguments: str, typed: str = "") -> Result:
    result = CliRunner().invoke(cli, ["user", *arguments], input=typed, env=environment)
    if isinstance(result.exception, EvalsysError):
        raise result.exception
    return result


def test_the_first_account_is_made_here_and_signs_in(
    database: Database, environment: dict[str, str]
) -> None:
    made = _user(environment, "add", "caozuo", "--role", "operator", "--password-stdin", typed=GOOD)
    assert made.exit_code == 0
    access = Access(database, utc_now)
    token = access.sign_in("caozuo", GOOD, address="192.0.2.7")
    assert access.person(token) == Person("caozuo", Role.OPERATOR)

    _user(environment, "person", "caozuo", "GH-0815")
    (listed,) = json.loads(_user(environment, "list", "--json").output)
    assert listed["person"] == "gh-0815"
    with pytest.raises(InvalidInput, match="编号或工号"):
        _user(environment, "person", "caozuo", "王 某")
    _user(environment, "disable", "caozuo")
    assert access.person(token) is None
    _user(environment, "enable", "caozuo")
    _user(environment, "reset", "caozuo", "--password-stdin", typed="another good one\n")
    assert access.sign_in("caozuo", "another good one", address="192.0.2.7")
    actions = [line.action for line in AuditTrail(database).latest(9)]
    assert actions[::-1] == [
        "account.add",
        "sign_in",
        "account.person",
        "account.disable",
        "account.enable",
        "account.password",
        "sign_in",
    ]


def test_a_typed_password_is_asked_for_twice_and_never_shown(environment: dict[str, str]) -> None:
    made = _user(environment, "add", "zhuchi", "--role", "host", typed=f"{GOOD}\n{GOOD}\n")
    assert made.exit_code == 0
    assert GOOD not in made.output


def test_accounts_are_listed_for_people_and_for_programs(environment: dict[str, str]) -> None:
    assert "还没有账号" in _user(environment, "list").output
    _user(environment, "add", "zhuchi", "--role", "host", "--password-stdin", typed=GOOD)
    _user(environment, "disable", "zhuchi")
    assert "host        已停用  zhuchi" in _user(environment, "list").output
    (row,) = json.loads(_user(environment, "list", "--json").output)
    assert (row["name"], row["role"]) == ("zhuchi", "host")
    assert row["disabled_at"]


def test_an_unknown_role_is_refused_with_the_roles_there_are(environment: dict[str, str]) -> None:
    refused = _user(environment, "add", "x", "--role", "king", "--password-stdin", typed=GOOD)
    assert refused.exit_code == 2
    assert "auditor" in refused.output


def test_a_name_is_the_same_however_it_is_typed(
    database: Database, environment: dict[str, str]
) -> None:
    accounts = Access(database, utc_now).accounts
    added = _user(environment, "add", "Shenji", "--role", "auditor", "--password-stdin", typed=GOOD)
    assert "shenji" in added.output
    _user(environment, "reset", "SHENJI", "--password-stdin", typed=f"{GOOD} again")
    _user(environment, "disable", " Shenji ")
    assert [one.disabled_at is None for one in accounts()] == [False]
    _user(environment, "enable", "SHENJI")
    assert [one.disabled_at is None for one in accounts()] == [True]


def test_a_database_that_was_never_made_is_told_and_what_to_do(tmp_path: Path) -> None:
    environment = environment_of(some_settings(f"sqlite:///{tmp_path}/new.db", tmp_path))
    with pytest.raises(InvalidInput, match="evalsys migrate"):
        _user(environment, "list")


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("postgresql://nobody:geheim@127.0.0.1:1/none", OutsideFailure),
        ("postgresql://nobody:geheim@127.0.0.1:port/none", InvalidInput),
        ("mysql://nobody:geheim@127.0.0.1/none", InvalidInput),
        ("sqlite:////proc/none/evalsys.db", InvalidInput),
        ("sqlite:////proc/version", OutsideFailure),
        ("geheim", InvalidInput),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    tmp_path: Path, address: str, error: type[EvalsysError]
) -> None:
    environment = environment_of(some_settings(address, tmp_path))
    with pytest.raises(error) as refusal:
        _user(environment, "list")
    assert "EVALSYS_DATABASE_URL" in str(refusal.value)
    assert "geheim" not in str(refusal.value)
