"""`evalsys user`: accounts from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.main import cli
from evalsys.clock import utc_now
from evalsys.domain.access import Person, Role
from evalsys.errors import EvalsysError
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

    _user(environment, "disable", "caozuo")
    assert access.person(token) is None
    _user(environment, "enable", "caozuo")
    _user(environment, "reset", "caozuo", "--password-stdin", typed="another good one\n")
    assert access.sign_in("caozuo", "another good one", address="192.0.2.7")
    actions = [line.action for line in AuditTrail(database).latest(9)]
    assert actions[::-1] == [
        "account.add",
        "sign_in",
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
