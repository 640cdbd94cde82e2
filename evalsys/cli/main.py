"""The `evalsys` command: one sub-command a job, errors as one clear line and an exit code."""

import os
import sys
from collections.abc import Mapping

import click

from evalsys.cli.sub_commands import SubCommands
from evalsys.errors import EvalsysError, OutsideFailure
from evalsys.say import check_language, say, say_error

# Loaded when called: `evalsys verify` must start without a database or a web server.
COMMANDS: Mapping[str, str] = {
    "campaign": "evalsys.cli.campaign",
    "county": "evalsys.cli.county",
    "demo": "evalsys.cli.demo",
    "deploy": "evalsys.cli.deploy",
    "doctor": "evalsys.cli.doctor",
    "exchange": "evalsys.cli.exchange",
    "export": "evalsys.cli.export",
    "grid": "evalsys.cli.grid",
    "import": "evalsys.cli.imports",
    "issues": "evalsys.cli.issues",
    "lrmx": "evalsys.cli.lrmx",
    "migrate": "evalsys.cli.migrate",
    "rates": "evalsys.cli.rates",
    "rebuild": "evalsys.cli.rebuild",
    "script": "evalsys.cli.script",
    "rules": "evalsys.cli.rules",
    "serve": "evalsys.cli.serve",
    "sign": "evalsys.cli.sign",
    "tally": "evalsys.cli.tally",
    "tick": "evalsys.cli.tick",
    "user": "evalsys.cli.user",
    "verify": "evalsys.cli.verify",
    "verify-opening": "evalsys.cli.verify_opening",
    "web": "evalsys.cli.web",
    "witness": "evalsys.cli.witness",
}


@click.group(
    cls=SubCommands,
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="evalsys")
def cli() -> None:
    """随机公开干部评议系统 · a randomized public cadre-evaluation system."""


def main() -> None:
    """Run the command line; an error that a person can act on is one line, never a traceback."""
    try:
        check_language()
        # Outside of its own mode click hands an `Exit` back as a number, for us to end with.
        sys.exit(cli.main(standalone_mode=False))
    except EvalsysError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        say("已取消。", fg="yellow", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain of it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        what = f"{error.filename or '文件'} 用不了（{error.strerror or error}）。"
        failure = OutsideFailure(what, remedy="请检查路径、权限和磁盘空间。")
        say_error(failure)
        sys.exit(failure.exit_code)
