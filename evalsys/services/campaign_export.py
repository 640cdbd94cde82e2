"""Taking lists out of a campaign: rates by place, households to visit, PINs for letters."""

from enum import StrEnum
from typing import IO
from zoneinfo import ZoneInfo

from evalsys.domain.campaign.plan import Kind
from evalsys.errors import RuleViolation
from evalsys.exports.campaign import letters_table, rates_table, visits_table
from evalsys.exports.csv import write_csv
from evalsys.exports.table import Table, at_level
from evalsys.exports.xlsx import write_xlsx
from evalsys.ids import CampaignId
from evalsys.services.rooms import CampaignRoom


class CampaignList(StrEnum):
    """Which list."""

    CADRES = "cadres"
    UNITS = "units"
    TOWNSHIPS = "townships"
    VISITS = "visits"
    LETTERS = "letters"


_GROUPS = {
    CampaignList.CADRES: "about",
    CampaignList.UNITS: "unit",
    CampaignList.TOWNSHIPS: "township",
}


def export_list(  # noqa: PLR0913 - what is written, and how
    room: CampaignRoom,
    campaign: CampaignId,
    wanted: CampaignList,
    out: IO[bytes],
    *,
    form: str,
    actor: str,
    zone: ZoneInfo,
    level: str,
) -> int:
    """Write a list as "csv" or "xlsx"; return its number of rows.

    `level` is what the county calls the level of the grid below its own.

    Raises:
        NotFound: there is no such campaign.
    """
    table = at_level(_table(room, campaign, wanted, actor), level)
    if form == "csv":
        write_csv(table, out)
    else:
        write_xlsx([table], out, made_at=room.plans.now().astimezone(zone))
    return table.count


def _table(room: CampaignRoom, campaign: CampaignId, wanted: CampaignList, actor: str) -> Table:
    title = room.plans.status(campaign).campaign.title
    match wanted:
        case CampaignList.VISITS:
            rows = room.plans.visit_list(campaign, actor=actor)
            return visits_table("走访名单", (title,), rows)
        case CampaignList.LETTERS if room.plans.one(campaign).kind is Kind.POLL:
            raise RuleViolation("群众点菜用的是项目的密码信。", remedy="请在项目页下载“信件密码”。")
        case CampaignList.LETTERS:
            script = room.calls.script_of(room.plans.status(campaign).campaign.script)
            pin = room.calls.pins.pin_of
            letters = [
                (household, head, pin(campaign, household, script.pin_digits))
                for household, head in room.plans.letters(campaign, actor=actor)
            ]
            return letters_table("信件密码", letters)
        case _:
            return rates_table("应答率", (title,), room.plans.rates(campaign, _GROUPS[wanted]))
