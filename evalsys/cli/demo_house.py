"""The demo's own installation: a folder with throw-away secrets, a made-up county, a database."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from evalsys.cli.demo_children import Child, Children
from evalsys.cli.demo_year import fill_year
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.errors import OutsideFailure
from evalsys.say import say
from evalsys.services.access import Access
from evalsys.settings import read_settings
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database

TALLY_KEY = "EVALSYS_TALLY_KEY"
_FEED = "client:feed"
KEY_BYTES: Mapping[str, int] = {
    "EVALSYS_SECRET_KEY": 32,
    "EVALSYS_PHONE_KEY": 64,
    "EVALSYS_INDEX_KEY": 32,
    TALLY_KEY: 32,
    "EVALSYS_HEAD_KEY": 32,
    "EVALSYS_TELEPHONY_TOKEN": 16,
    "EVALSYS_WEBHOOK_SECRET": 32,
}
"""What protects an installation, in bytes; each is written as hexadecimal digits."""

EXCHANGE_KNOWS = {
    "EVALSYS_TELEPHONY_ACCOUNT",
    "EVALSYS_TELEPHONY_TOKEN",
    "EVALSYS_WEBHOOK_SECRET",
}

USERS: Mapping[str, Role] = {f"demo-{role.value}": role for role in Role if role is not Role.PANEL}
"""One throw-away account a role; the panel joins by seat card."""


@dataclass(frozen=True, slots=True)
class County:
    """Which made-up county: the same numbers give the same county."""

    cadres: int
    households: int
    seed: int

    @property
    def name(self) -> str:
        """The folder's name."""
        return f"{self.cadres}-{self.households}-{self.seed}"


@dataclass(frozen=True, slots=True)
class House:
    """One demo installation. Everything it keeps lies in `folder`."""

    folder: Path
    county: County
    port: int
    exchange_port: int

    @property
    def url(self) -> str:
        """Where the application is reached."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def exchange_url(self) -> str:
        """Where the telephone exchange is reached."""
        return f"http://127.0.0.1:{self.exchange_port}"

    @property
    def truth(self) -> Path:
        """What the made-up households know; only the exchange and the summary read it."""
        return self.folder / "county" / "truth.jsonl"

    def environment(self) -> dict[str, str]:
        """The settings of this installation: all that the application may know."""
        own = {
            **self._secrets(),
            "EVALSYS_DATA_DIR": str(self.folder),
            "EVALSYS_PUBLIC_URL": self.url,
            "EVALSYS_HALL_LINE": "client:hall",
            "EVALSYS_FEED_LINE": _FEED,
            "EVALSYS_TELEPHONY_URL": self.exchange_url,
        }
        own["EVALSYS_TALLY_PUBLIC_KEY"] = BoxKey(bytes.fromhex(own.pop(TALLY_KEY))).public.hex()
        hidden = {TALLY_KEY, *own}
        given = {name: value for name, value in os.environ.items() if name not in hidden}
        return given | own

    def prepare(self) -> None:
        """Make secrets, database and county, as far as an earlier run has not made them.

        Raises:
            OutsideFailure: a step ended with an error, which it has printed.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = self.environment()
        run(["migrate"], environment)
        if self._stamp.exists() and self._stamp.read_text("utf-8") == self._wanted(environment):
            return
        county = self.folder / "county"
        seed = ["--seed", str(self.county.seed)]
        size = ["--cadres", str(self.county.cadres), "--households", str(self.county.households)]
        run(
            ["county", "generate", *size, *seed, "--format", "csv", "--out", str(county)],
            environment,
        )
        # As in a real county some telephone numbers are wrong: the report names each.
        report = self.folder / "import-report.xlsx"
        served, filled = county / "services.csv", county / "household_form.csv"
        apart = {served, filled}
        files = [str(file) for file in sorted(county.glob("*.csv")) if file not in apart]
        told = json.loads(
            run(["import", "roster", *files, "--report", str(report), "--json"], environment)
        )
        say(f"已导入花名册，{told['warnings']} 个提醒见 {report}")
        run(["import", "programme", str(served)], environment)
        run(["import", "forms", str(filled)], environment)
        self._stamp.write_text(self._wanted(environment), encoding="utf-8")

    def live_a_year(self) -> None:
        """Let the county have had its year, once: no room is empty when visitors come.

        The accounts must be there. An unattended session does without: its figures are its own.
        A year that was cut off, by Ctrl-C or a fault, is not begun twice: half of it is there.
        """
        begun, stamp = self.folder / "year-begun", self.folder / "year-lived"
        wanted = self._wanted(environment := self.environment())
        if stamp.exists() and stamp.read_text("utf-8") == wanted:
            return
        if begun.exists() and begun.read_text("utf-8") == wanted:
            click.echo(
                "这一年上次没有补完，有些页面是空的；要完整的，请删去后重来："
                f"{self.folder} · the year was cut off last time: some pages are empty."
            )
            return
        begun.write_text(wanted, encoding="utf-8")
        click.echo("补上这一年的台账、议题、投票和程序 · living through the county's year …")
        fill_year(read_settings(environment), bytes.fromhex(self._secrets()[TALLY_KEY]))
        stamp.write_text(wanted, encoding="utf-8")

    def admit(self) -> dict[Role, tuple[str, str]]:
        """Give every role an account with a fresh password; return name and password by role."""
        database = self.database()
        access = Access(database, utc_now)
        known = {account.name for account in access.accounts()}
        logins: dict[Role, tuple[str, str]] = {}
        for name, role in USERS.items():
            password = secrets.token_hex(5)
            if name in known:
                access.reset_password(name, password, actor="system:demo")
            else:
                access.add(name, role, password, actor="system:demo")
            logins[role] = (name, password)
        database.close()
        return logins

    def start(self, children: Children, speed: float) -> None:
        """Start the exchange and the application, and wait until both answer."""
        click.echo("启动交换机、应用和计票 · starting exchange, application and tally …")
        environment = self.environment()
        logs = self.folder / "logs"
        place = ["--host", "127.0.0.1", "--port"]
        # Another machine, as it were: it gets its own two secrets and none of ours.
        exchange = Child(
            "电话交换机 · exchange",
            [
                *evalsys("exchange", *place, str(self.exchange_port)),
                *("--public-url", self.exchange_url, "--seed", str(self.county.seed)),
                *("--truth", str(self.truth), "--speed", str(speed)),
                *("--data-dir", str(self.folder / "exchange")),
                *("--delayed", f"{_FEED}=8"),
                *("--inbound-url", f"{self.url}/voice/inbound/campaign"),
                *("--inbound-status-url", f"{self.url}/voice/inbound/status"),
                *("--inbound-message-url", f"{self.url}/voice/inbound/message"),
            ],
            {
                name: value
                for name, value in environment.items()
                if not name.startswith("EVALSYS_") or name in EXCHANGE_KNOWS
            },
            answers_at=f"{self.exchange_url}/health",
            log=logs / "exchange.log",
        )
        serve = Child(
            "应用 · application",
            evalsys("serve", *place, str(self.port)),
            environment,
            answers_at=self.url,
            log=logs / "serve.log",
        )
        # The one program that can open a ballot, and the one that has the key for it.
        tally = Child(
            "计票 · tally",
            evalsys("tally", "--watch"),
            environment | {TALLY_KEY: self._secrets()[TALLY_KEY]},
            answers_at=f"{self.url}/login",
            log=logs / "tally.log",
        )
        children.start(exchange, serve, tally)

    def database(self) -> Database:
        """Open this installation's database."""
        return Database(self.environment().get("EVALSYS_DATABASE_URL", self._default_database))

    @property
    def _default_database(self) -> str:
        return f"sqlite:///{self.folder}/evalsys.db"

    @property
    def _stamp(self) -> Path:
        return self.folder / "county-imported"

    def _wanted(self, environment: Mapping[str, str]) -> str:
        database = environment.get("EVALSYS_DATABASE_URL", self._default_database)
        return f"{self.county} with programmes and forms\n{database}\n"

    def _secrets(self) -> dict[str, str]:
        """Read this installation's secrets, drawing those that are not there yet."""
        file = self.folder / "secrets.env"
        # Nobody else may read it, from the first byte on.
        place = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(place, "r+", encoding="utf-8") as kept:
            kept.seek(0)
            known = dict(line.split("=", 1) for line in kept.read().splitlines())
            drawn = {"EVALSYS_TELEPHONY_ACCOUNT": f"AC{secrets.token_hex(16)}"}
            drawn |= {name: secrets.token_hex(size) for name, size in KEY_BYTES.items()}
            missing = {name: value for name, value in drawn.items() if name not in known}
            kept.write("".join(f"{name}={value}\n" for name, value in missing.items()))
        return known | missing


def evalsys(*arguments: str) -> list[str]:
    """The command line that runs this very program."""
    return [sys.executable, "-m", "evalsys", *arguments]


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run `evalsys ARGUMENTS` to its end and return its output; the rest goes to our terminal.

    Raises:
        OutsideFailure: it ended with an error.
    """
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        evalsys(*arguments), env=dict(environment), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        click.echo(done.stdout, err=True)
        raise OutsideFailure(
            f"evalsys {' '.join(arguments[:2])} 以代码 {done.returncode} 结束。",
            remedy="请按上面的提示处理后重新运行。",
        )
    return done.stdout
