"""What `evalsys campaign` tells of a campaign, as JSON and in a line."""

from dataclasses import asdict

from evalsys.domain.campaign.forecast import Forecast, Trunk
from evalsys.services.campaigns import Status


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
