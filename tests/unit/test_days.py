"""Where a site's days begin, also when clocks are put forward or back, and where nobody knows the zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from orderwright.core.days import day_start, today

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone_name", "day", "start"),
    [
        ("UTC", date(2026, 11, 21), "2026-11-21T00:00:00"),
        ("America/New_York", date(2026, 11, 21), "2026-11-21T05:00:00"),
        ("America/New_York", date(2026, 7, 1), "2026-07-01T04:00:00"),
        ("Pacific/Kiritimati", date(2026, 11, 21), "2026-11-20T10:00:00"),  # UTC+14
        ("Pacific/Niue", date(2026, 11, 21), "2026-11-21T11:00:00"),  # UTC−11
        ("Asia/Kathmandu", date(2026, 11, 21), "2026-11-20T18:15:00"),
        ("No/Such_Zone", date(2026, 11, 21), "2026-11-21T00:00:00"),
        ("", date(2026, 11, 21), "2026-11-21T00:00:00"),
    ],
)
def test_a_day_begins_at_the_store_s_midnight(zone_name, day, start):
    assert day_start(day, zone_name=zone_name) == datetime.fromisoformat(start).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone_name", "day", "lasts"),
    [
        ("America/New_York", date(2026, 3, 8), 23 * HOUR),
        ("America/New_York", date(2026, 11, 1), 25 * HOUR),
        ("Europe/Berlin", date(2026, 3, 29), 23 * HOUR),
        ("Europe/Berlin", date(2026, 10, 25), 25 * HOUR),
        ("America/Havana", date(2026, 3, 8), 23 * HOUR),  # 00:00 does not exist
        ("America/Havana", date(2026, 11, 1), 25 * HOUR),  # 00:00 comes twice
        ("Asia/Beirut", date(2026, 3, 29), 23 * HOUR),  # 00:00 does not exist
        ("Pacific/Apia", date(2011, 12, 30), 0 * HOUR),  # the day that Samoa left out
        ("Pacific/Apia", date(2011, 12, 31), 24 * HOUR),
        (
            "America/Toronto",
            date(1919, 3, 30),
            23 * HOUR + HOUR // 2,
        ),  # clocks jumped from 23:30 to 00:30 the evening before
    ],
)
def test_a_day_lasts_as_long_as_its_clock_says(zone_name, day, lasts):
    start, end = (day_start(each, zone_name=zone_name) for each in (day, day + timedelta(days=1)))

    assert end - start == lasts


@pytest.mark.parametrize(
    "zone_name", ["America/Havana", "Asia/Beirut", "Pacific/Apia", "America/Toronto", "Asia/Tokyo"]
)
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 3, 29), date(2011, 12, 30), date(1919, 3, 31)])
def test_what_lies_before_the_start_is_another_day(zone_name, day):
    start = day_start(day, zone_name=zone_name)

    assert today(start, zone_name=zone_name) >= day
    assert today(start - timedelta(microseconds=1), zone_name=zone_name) < day
