"""Which day a moment falls on for the county's people: what is due or valid on a day asks this."""

from datetime import date, datetime, time, timedelta, tzinfo


def local_date(at: datetime, zone: tzinfo) -> date:
    """Return the calendar day of an aware moment in the county's time zone."""
    return at.astimezone(zone).date()


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which a day of the county is over."""
    return datetime.combine(day + timedelta(days=1), time(), zone)
