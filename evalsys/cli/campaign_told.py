"""What `evalsys campaign` tells of a campaign, as JSON and in a line."""

from collections.abc import Iterable
from dataclasses import asdict
from zoneinfo import ZoneInfo

import click

from evalsys.domain.campaign.forecast import Forecast, Trunk
from evalsys.domain.campaign.plan import STATE_WORDS
from evalsys.domain.outcome_codes import OUTCOMES
from evalsys.say import said, say
from evalsys.services.campaigns import Status
from evalsys.store.campaigns import CALLING, CLOSED, PERSON, WAITING

_CASES = {WAITING: "待拨", CALLING: "通话中", PERSON: "等人工回访", CLOSED: "已结束"}


def forecast_json(reckoned: Forecast, lines: Trunk) -> dict[str, object]:
    """Return how long a campaign takes; days to one decimal."""
    return {
        "attempts": reckoned.attempts,
        "lines": lines.lines,
        "days": round(float(reckoned.days), 1),
        "ends_at": reckoned.ends_at.isoformat() if reckoned.ends_at else None,
    }


def forecast_text(reckoned: Forecast, lines: Trunk) -> str:
    """Say how long a campaign takes."""
    return (
        f"预计拨打 {reckoned.attempts} 次，{lines.lines} 条线路，"
        f"约需 {float(reckoned.days):.1f} 个拨打日"
    )


def status_json(found: Status) -> dict[str, object]:
    """Return how a campaign stands, with its counts and rates."""
    return {
        "campaign": found.campaign.id,
        "kind": found.campaign.kind,
        "title": found.campaign.title,
        "state": found.campaign.state,
        "households": found.members,
        "states": dict(found.states),
        "stops": dict(found.stops),
        "outcomes": dict(found.codes),
        "contacts": {contact.value: n for contact, n in found.contacts.items()},
        "needs_new_number": found.needs_new_number,
        "lines_in_use": found.lines_in_use,
        "attempts": found.attempts,
        "counts": {group.value: n for group, n in found.whole.counts.by_group.items()},
        "rates": {
            name: None if rate is None else {"fraction": rate.fraction, "value": rate.rounded}
            for name, rate in found.whole.rates.items()
        },
        "ends_at": found.ends_at.isoformat() if found.ends_at else None,
        "callback": None if found.callback is None else asdict(found.callback),
    }


def print_status(found: Status, zone: ZoneInfo) -> None:
    """Print outcomes, rates, lines and the expected end, at a time of `zone`."""
    state, households = said(STATE_WORDS[found.campaign.state]), said(f"共 {found.members} 户")
    click.echo(f"{found.campaign.title}  {state}  {households}")
    cases = (f"{said(word)} {found.states.get(name, 0)}" for name, word in _CASES.items())
    _line("户数", cases)
    _line("编码", (f"{code} {said(OUTCOMES[code].label)} {n}" for code, n in found.codes))
    shown = (
        f"{name} {rate.fraction} = {float(rate.value):.1%}" if rate else f"{name} n/a"
        for name, rate in found.whole.rates.items()
        if name in {"RR2", "RR6", "COOP2", "REF1", "CON1"}
    )
    _line("比率", shown)
    say(f"线路  在用 {found.lines_in_use} / {found.trunk.lines}，已拨 {found.attempts} 次")
    if found.callback is not None:
        heard = found.callback
        say(
            f"回访  办好 {heard.yes}  没办好 {heard.no}  说不清 {heard.unsure}"
            f"  未核实 {heard.unverified} / {heard.asked} 件"
        )
    if found.ends_at is not None:
        say(f"预计  {found.ends_at.astimezone(zone):%Y-%m-%d %H:%M} 结束")


def _line(title: str, figures: Iterable[str]) -> None:
    click.echo("  ".join((said(title), *figures)))
