"""Days in words, for pages and for the reasons that actions give."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils.dates import MONTHS_3
from django.utils.translation import get_language

from orderwright.core.days import zone


def day(at: datetime, *, now: datetime, zone_name: str) -> str:
    """Return the day in the site's zone, with the year only when it is not this one."""
    local = at.astimezone(zone(zone_name))
    text = day_text(local)
    return text if local.year == now.year else f"{text} {local.year}"


def full_day(day: date) -> str:
    """Return a day of the calendar with its year: `20 Nov 2026`."""
    return f"{day_text(day)} {day.year}"


def day_text(local: date) -> str:
    """Return a day, or the day of a local time, without its year: `24 Nov`."""
    return f"{local.day} {_month(local.month, get_language())}"


@lru_cache(maxsize=256)
def _month(number: int, language: str | None) -> str:  # noqa: ARG001 - the language is part of what is remembered
    return str(MONTHS_3[number]).capitalize()
