"""`evalsys user`: accounts of the people who sign in. The first one is made here."""

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from evalsys.cli.database import opened_database
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.say import said, say
from evalsys.services.access import Access
from evalsys.services.casework_desk import set_scopes

_ROLES = click.Choice([role.value for role in Role])
_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, first line."
)


@click.group()
def command() -> None:
    """管理登录账号 · accounts of the people who sign in.

    Changes take effect at once, also in a running server, and are written to the audit log.
    Exit codes: 0 done, 1 refused, 2 input wrong.
    """


@command.command()
@click.argument("name")
@click.option("--role", type=_ROLES, required=True, help="What the person is here for.")
@click.option(
    "--person", default="", metavar="NUMBER", help="Whose it is: a cadre's or staff number."
)
@_from_stdin
def add(name: str, role: str, person: str, *, password_stdin: bool) -> None:
    """建立账号 · create an account.

    What two people must agree to is refused to two accounts of one person.
    """
    password = _password(from_stdin=password_stdin)
    with _access() as access:
        kept = access.add(name, Role(role), password, actor=_actor(), person=person)
    say(f"账号已建立：{kept}（{role}）")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array for programs.")
def list_accounts(*, as_json: bool) -> None:
    """列出账号 · list the accounts."""
    with _access() as access:
        found = access.accounts()
    if as_json:
        rows = [
            {
                "name": one.name,
                "role": one.role.value,
                "person": one.person,
                "created_at": one.created_at.isoformat(),
                "disabled_at": one.disabled_at.isoformat() if one.disabled_at else None,
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        state = "已停用" if one.disabled_at else "可登录"
        whose = f" ({one.person})" if one.person else ""
        click.echo(f"{one.role.value:<11} {said(state)}  {one.name}{whose}")
    if not found:
        say("还没有账号：evalsys user add NAME --role operator")


@command.command()
@click.argument("name")
@_from_stdin
def reset(name: str, *, password_stdin: bool) -> None:
    """重设密码 · give an account a new password; it is signed out everywhere."""
    password = _password(from_stdin=password_stdin)
    with _access() as access:
        access.reset_password(name, password, actor=_actor())
    say(f"密码已重设，{name} 的所有登录已退出。")


@command.command()
@click.argument("name")
def disable(name: str) -> None:
    """停用账号 · close an account; it is signed out everywhere at once."""
    with _access() as access:
        access.disable(name, actor=_actor())
    say(f"账号已停用：{name}")


@command.command()
@click.argument("name")
def enable(name: str) -> None:
    """恢复账号 · open a closed account again."""
    with _access() as access:
        access.enable(name, actor=_actor())
    say(f"账号已恢复：{name}")


@command.command()
@click.argument("name")
@click.argument("number", default="")
def person(name: str, number: str) -> None:
    """登记账号是谁的 · say whose an account is: a cadre's or staff NUMBER; none takes it back."""
    with _access() as access:
        access.set_person(name, number, actor=_actor())
    say(f"账号 {name} 登记为：{number or '（未登记）'}")


@command.command()
@click.argument("name")
@click.option("--cadre", "cadres", multiple=True, metavar="NUMBER", help="Acts for this cadre.")
@click.option("--grid", "grids", multiple=True, metavar="CODE", help="Acts as head of this grid.")
@click.option("--unit", "units", multiple=True, metavar="CODE", help="Acts for this unit.")
def scope(
    name: str, *, cadres: tuple[str, ...], grids: tuple[str, ...], units: tuple[str, ...]
) -> None:
    """设定范围 · say for whom an account handles requests; replaces what was said before.

    A cadre's account also acts for the grids and the unit that the cadre heads in the roster.
    """
    written = (
        *(f"cadre:{one}" for one in cadres),
        *(f"grid:{one}" for one in grids),
        *(f"unit:{one}" for one in units),
    )
    with opened_database() as database:
        set_scopes(database, name, written, at=utc_now(), actor=_actor())
    say(f"{name} 的范围：{'、'.join(written) or '无'}")


@contextmanager
def _access() -> Iterator[Access]:
    with opened_database() as database:
        yield Access(database, utc_now)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("密码 · password", hide_input=True, confirmation_prompt=True)
    return password


def _actor() -> str:
    return f"cli:{getpass.getuser()}"
