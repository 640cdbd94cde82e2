"""`evalsys doctor`: looks at an installation before a show and says what is not in order."""

import json
import os
import sys
from dataclasses import asdict

import click

from evalsys.cli.doctor_checks import Mark, examine
from evalsys.say import said
from evalsys.settings import read_settings, refuse_tally_key

_COLOURS = {Mark.OK: "green", Mark.WARN: "yellow", Mark.FAIL: "red"}

_EPILOG = """
\b
退出码 · exit codes:
  0    可以开始，提醒不计 · ready; warnings do not count
  1    有不合格的项目 · something failed
  2    设置不全 · settings are missing or wrong
"""


@click.command(epilog=_EPILOG)
@click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON.")
def command(*, wants_json: bool) -> None:
    """体检 · check this installation: run it beside the running programs, before a show.

    Settings, database, its clock and last backup, disk, watch pages, carrier, who leads and
    whether it lives, the process for long work, tally process, the public address, accounts and
    roster: one line each, with what to do. It changes nothing and calls nobody.
    """
    refuse_tally_key(os.environ)
    settings = read_settings(os.environ)
    findings = tuple(examine(settings))
    if wants_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        for one in findings:
            mark = click.style(f"{one.mark:<5}", fg=_COLOURS[one.mark])
            told = (mark, f"{one.name:<9}", said(one.says), said(one.remedy))
            click.echo(" ".join(filter(None, told)))
    sys.exit(any(one.mark is Mark.FAIL for one in findings))
