"""`evalsys export cards`: contact and pledge cards with a QR code, to print."""

import os
from pathlib import Path

import click

from evalsys.cli.database import opened_database
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.clock import utc_now
from evalsys.domain.local_date import local_date
from evalsys.exports.cards import CardKind, CardStyle
from evalsys.ids import CadreNumber
from evalsys.say import say
from evalsys.services.cards import CardOrder, printed_cards
from evalsys.settings import read_settings


@click.command("cards")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个 PDF · PDF to write, replaced if it exists",
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in CardKind]),
    default=CardKind.CONTACT.value,
    show_default=True,
    help="便民联系卡或公开承诺卡 · contact or pledge card",
)
@click.option("--cadre", "cadres", multiple=True, help="8 位编号，可多次 · number, may be repeated")
@click.option("--grid", default="", help="网格编码，含其下各级 · a cell and all below it")
@click.option("--organ", default="", help="印在右上角的机关 · organ, on the upper right")
@click.option("--hotline", default="", help="监督电话 · telephone for complaints")
@click.option("--pledge", "pledges", multiple=True, help="一条承诺，可多次 · may be repeated")
@click.option("--single", is_flag=True, help="一页一卡，不拼版 · one card a page")
def cards(  # noqa: PLR0913 - one argument an option
    *,
    out: Path,
    kind: str,
    cadres: tuple[str, ...],
    grid: str,
    organ: str,
    hotline: str,
    pledges: tuple[str, ...],
    single: bool,
) -> None:
    """打印便民联系卡、公开承诺卡 · print contact and pledge cards.

    A4 每页八张，二维码通向公开网页。卡上没有任何住户的信息。

    Eight on a sheet of A4; the QR code leads to a public page. Nothing of a household is on them.
    """
    style = CardStyle(CardKind(kind), organ, hotline, pledges, single)
    order = CardOrder(style, tuple(CadreNumber(number) for number in cadres), grid)
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        today = local_date(utc_now(), settings.zone)
        paper, count = printed_cards(database, order, today=today, public_url=settings.public_url)
    with whole_or_nothing(out) as part:
        part.write(paper)
    say(f"已写出 {out}：{count} 张卡。")
