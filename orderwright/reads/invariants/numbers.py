"""I13: no order number twice, and no gap that the journal does not tell of: a series begun by staff is an entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orderwright.journal.models import Entry
from orderwright.orders.models import Order, Site
from orderwright.orders.sites import SERIES, stream_of_site


@dataclass(slots=True, kw_only=True)
class _Stretch:
    """Numbers that a site gave out one after the other: from `first`, before `end`. `first` None: as far as found.

    A site that was there before its configuration was journaled began somewhere; nothing tells where.
    """

    prefix: str
    first: int | None
    end: int = 0
    found: int = 0
    lowest: int | None = None

    def has(self, number: int) -> bool:
        """Return whether the number, which stands behind the prefix, is one of these."""
        return (self.first is None or self.first <= number) and number < self.end

    def count(self, number: int) -> None:
        """Note that an order has this number."""
        self.found += 1
        self.lowest = number if self.lowest is None else min(self.lowest, number)

    @property
    def missing(self) -> int:
        """How many of the numbers no order has."""
        first = self.first if self.first is not None else self.lowest
        return 0 if first is None else self.end - first - self.found


def numbers_differ() -> Iterator[str]:
    """Yield orders with a number that their site never gave out, and stretches of a series with numbers missing."""
    stretches = {site.pk: list(_stretches(site)) for site in Site.objects.order_by("pk")}
    for site_id, number in Order.objects.order_by("pk").values_list("site_id", "number").iterator():
        digits = number[len(number.rstrip("0123456789")) :]
        prefix = number.removesuffix(digits)
        own = (each for each in stretches[site_id] if digits and each.prefix == prefix and each.has(int(digits)))
        stretch = next(own, None)
        if stretch is None:
            yield f"I13: the series of its site never gave order #{number} its number"
        else:
            stretch.count(int(digits))
    for found in stretches.values():
        for each in found:
            if each.missing:
                yield f"I13: {each.missing} numbers with “{each.prefix}” below {each.end} belong to no order"


def _stretches(site: Site) -> Iterator[_Stretch]:
    told = Entry.objects.filter(stream=stream_of_site(site.pk), after__has_key=SERIES[0]).order_by("sequence")
    current: _Stretch | None = None
    for before, after in told.values_list("before", "after"):
        if before[SERIES[0]] is not None:
            current = current or _Stretch(prefix=before["number_prefix"], first=None)
            current.end = before["next_number"]
            yield current
        current = _Stretch(prefix=after["number_prefix"], first=after["next_number"])
    current = current or _Stretch(prefix=site.number_prefix, first=None)
    current.end = site.next_number
    yield current
