"""Instants as whole microseconds since 1970 in UTC, and their RFC 3339 text; no clock is read here."""

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND_US = 1_000_000

_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def instant_of(moment: datetime) -> int:
    """Return an aware moment as whole microseconds since 1970 in UTC."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(instant: int) -> datetime:
    """Return an instant as an aware moment in UTC."""
    return EPOCH + instant * MICROSECOND


def text_of(instant: int) -> str:
    """Return an instant in the form of RFC 3339, in UTC and ending in Z."""
    return moment_of(instant).isoformat().replace("+00:00", "Z")


def parse_instant(text: str) -> int:
    """Read the RFC 3339 form of an instant.

    Raises: ValueError when the text has another form, no offset, or names no moment of the calendar.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError(text)
    return instant_of(datetime.fromisoformat(text.upper()))
