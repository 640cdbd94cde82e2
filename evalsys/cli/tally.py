"""`evalsys tally`: opens the sealed ballots of closed rounds, in a process of its own."""

import json
import os
import signal
from collections.abc import Mapping, Sequence
from secrets import token_bytes
from threading import Event

import click

from evalsys.app import build_tally
from evalsys.cli.database import opened_database
from evalsys.domain.campaign.result import Result
from evalsys.domain.scoring import Band, Release
from evalsys.errors import InvalidInput
from evalsys.ids import CampaignId, LiveId, is_id
from evalsys.say import say
from evalsys.services.tally import Tally
from evalsys.settings import read_settings, read_tally_key
from evalsys.store.ballot_box import BoxKey

_TOLD: Mapping[Band, str] = {
    Band.TOO_FEW: "答复不足，不公布 · too few, nothing is published",
    Band.UNANIMOUS_HIGH: "全部评为 4 分以上 · all gave 4 or 5",
    Band.UNANIMOUS_LOW: "全部评为 3 分以下 · all gave 1 to 3",
}


@click.command()
@click.argument("round_", metavar="ROUND", required=False)
@click.option("--watch", is_flag=True, help="一直看着，逐轮开票 · open each round as it closes.")
@click.option("--new-key", is_flag=True, help="生成一对密钥 · draw a pair of keys and print it.")
@click.option("--public-key", is_flag=True, help="打印公钥 · print the half for the application.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def command(
    round_: str | None, *, watch: bool, new_key: bool, public_key: bool, as_json: bool
) -> None:
    """开票 · open the sealed ballots of one closed ROUND, or of each in time.

    A ROUND is SESSION/NUMBER, or the identity of a campaign that is over.

    Needs the application's settings and the private half EVALSYS_TALLY_KEY, which nothing else
    may have (docs/scoring.md). A round whose calls go on is refused; a round that was opened
    before is told again. It may be killed at any time.
    """
    if [bool(round_), watch, new_key, public_key].count(True) != 1:
        raise click.UsageError("请给出 ROUND，或 --watch、--new-key、--public-key 之一。")
    if new_key:
        _print_pair(token_bytes(32))
        return
    key = read_tally_key(os.environ)
    if public_key:
        click.echo(BoxKey(key).public.hex())
        return
    settings = read_settings(os.environ)
    with opened_database(settings):
        tally = build_tally(settings, key)
    if watch:
        _watch(tally)
    elif is_id(round_ or ""):
        campaign = CampaignId(round_ or "")
        _tell_campaign(campaign, tally.campaigns.open(campaign), as_json=as_json)
    else:
        live, j = _round(round_ or "")
        _tell(live, j, tally.open_round(live, j), as_json=as_json)


def _print_pair(private: bytes) -> None:
    click.echo(f"EVALSYS_TALLY_KEY={private.hex()}")
    click.echo(f"EVALSYS_TALLY_PUBLIC_KEY={BoxKey(private).public.hex()}")


def _watch(tally: Tally) -> None:
    stop = Event()
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, lambda *_: stop.set())
    click.echo("计票进程已启动，每轮连线结束后自动开票 · watching; Ctrl-C stops")
    tally.watch(stop)


def _round(text: str) -> tuple[LiveId, int]:
    live, _, j = text.partition("/")
    if not (is_id(live) and j.isascii() and j.isdigit() and len(j) <= 2):
        raise InvalidInput(
            f"“{text}”不是轮次。",
            remedy="格式是 会议编号/轮次，例如 0123…cdef/3，或评议活动的编号。",
            place="ROUND",
        )
    return LiveId(live), int(j)


def _tell_campaign(campaign: CampaignId, told: Sequence[Result], *, as_json: bool) -> None:
    if as_json:
        found = [
            {
                "about": one.about,
                "answered": one.scores.n,
                "band": one.scores.band.value,
                "mean_tenths": one.scores.mean_tenths,
                "satisfied": one.satisfied,
                "replies": one.replies,
            }
            for one in told
        ]
        click.echo(json.dumps({"campaign": campaign, "results": found}))
        return
    for one in told:
        say(f"{one.about}：共 {one.scores.n} 户，{_figure(one.scores)}")
    click.echo(f"共 {len(told)} 名 · in all")


def _tell(live: LiveId, j: int, told: Release, *, as_json: bool) -> None:
    if as_json:
        found = {
            "live": live,
            "j": j,
            "answered": told.n,
            "band": told.band.value,
            "mean_tenths": told.mean_tenths,
        }
        click.echo(json.dumps(found))
        return
    say(f"第 {j} 轮：{told.n} 户，{_figure(told)}")


def _figure(told: Release) -> str:
    return _TOLD.get(told.band) or f"均分 {(told.mean_tenths or 0) / 10:.1f} · mean"
