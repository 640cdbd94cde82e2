"""Which day a moment falls on for the county's people: what is due or valid on a day asks this."""

from datetime import date, datetime, tzinfo


def local_date(at: datetime, zone: tzinfo) -> date:
    """Return the calendar day of an aware moment in the county's time zone."""
    return at.astimezone(zone).date()
