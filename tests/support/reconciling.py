"""A day's comparison with the provider's list, as tests ask for it and look at what was kept."""

from __future__ import annotations

from datetime import date, timedelta

from orderwright.journal.models import Entry
from orderwright.payments.models import Drift

TODAY = date(2026, 11, 21)  # in New York, where it is four in the morning
TOMORROW = timedelta(days=1)


def account_kinds() -> list[str]:
    """Return the kinds of the journal entries about provider accounts, oldest first."""
    entries = Entry.objects.filter(stream__startswith="provider_account:").order_by("id")
    return [kind.removeprefix("provider_account.") for kind in entries.values_list("kind", flat=True)]


def rows() -> list[tuple[str, str, int | None, int | None, str]]:
    """Return every kept difference: reference, kind, there, here (minor units), state."""
    found = Drift.objects.order_by("id")
    return [(row.reference, row.kind, row.there_minor, row.here_minor, row.state) for row in found]
