from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from evalsys.domain.local_date import local_date

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_day_of_the_county_begins_at_its_own_midnight() -> None:
    last = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    first = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert local_date(last, SHANGHAI) == date(2026, 12, 31)
    assert local_date(first, SHANGHAI) == date(2027, 1, 1)
