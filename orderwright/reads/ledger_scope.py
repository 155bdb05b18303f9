"""Which part of the ledger is asked for: days, site and provider account, and how each site's clock cuts the days."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.core.days import day_start, today
from orderwright.core.errors import FieldError, Invalid
from orderwright.orders.errors import SiteUnknown
from orderwright.payments.errors import ProviderUnknown
from orderwright.reads.own_sites import serving
from orderwright.reads.row import Row
from orderwright.reads.rows import SiteRow
from orderwright.reads.sites import list_sites

MOST_DAYS: Final = 366
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", flags=re.ASCII)
# Far from the ends of the calendar, where no zone's clock can be told.
FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(9998, 12, 31)
_ONE_DAY: Final = timedelta(days=1)


class DayInvalid(Invalid):
    """The text is not a day such as 2026-11-20, or lies outside the calendar of the ledger."""

    code = "not_a_day"


class SpanReversed(Invalid):
    """The first day lies after the last one."""

    code = "from_after_to"


class SpanTooLong(Invalid):
    """More days than a ledger shows at once; facts give `most_days`."""

    code = "span_too_long"


class AccountRow(Row, frozen=True, kw_only=True):
    """A provider account as the ledger names it."""

    id: int
    slug: str
    name: str
    is_live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerQuery:
    """What somebody asks for. Days as text, such as 2026-11-20; empty: from the last calendar month to date."""

    first: str = ""
    last: str = ""
    site: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The days of one time zone. `starts` has one moment per day and then the end of the last day."""

    time_zone: str
    first: date
    starts: tuple[datetime, ...]

    def index(self, at: datetime) -> int:
        """Return which day the moment lies in, from 0; −1 before the first, and the number of days after the last."""
        return bisect_right(self.starts, at) - 1

    def day(self, index: int) -> date:
        """Return the day at this place."""
        return self.first + index * _ONE_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The days from `first` to `last`, both included, of these sites; `account` None means every account."""

    first: date
    last: date
    sites: dict[int, SiteRow]
    accounts: dict[int, AccountRow]
    cuts: dict[str, Cut]
    site: SiteRow | None
    account: AccountRow | None
    # For those who choose: every site and account that they may see, whatever the scope.
    all_sites: tuple[SiteRow, ...]
    all_accounts: tuple[AccountRow, ...]
    # Whether no site of the installation is kept from whoever asks.
    is_whole: bool = True

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    def cut_of(self, site_id: int) -> Cut:
        """Return how this site's clock cuts the days."""
        return self.cuts[self.sites[site_id].time_zone]


def read_scope(query: LedgerQuery, *, now: datetime, actor: Actor) -> Scope:
    """Return what the query means.

    Without days it is the last calendar month to date, where it is latest. Cost: two statements.
    Raises: SiteUnknown, ProviderUnknown, DayInvalid, SpanReversed, SpanTooLong, each with its pointer.
    """
    all_sites = tuple(list_sites(actor=actor))
    # Movements of own sites are told whole, at whichever account; to choose from are those that serve these sites.
    accounts, all_accounts = _accounts(actor)
    site = next((each for each in all_sites if each.slug == query.site), None)
    account = next((each for each in all_accounts if each.slug == query.provider), None)
    if query.site and site is None:
        raise _refusal(SiteUnknown, "site", "There is no such site.")
    if query.provider and account is None:
        raise _refusal(ProviderUnknown, "provider", "There is no such provider account.")
    sites = {each.id: each for each in all_sites if site in (None, each)}
    first, last = _span(query, zones={each.time_zone for each in sites.values()} or {"UTC"}, now=now)
    return scope_of(
        first=first,
        last=last,
        sites=sites,
        accounts=accounts,
        site=site,
        account=account,
        all_sites=all_sites,
        all_accounts=all_accounts,
        is_whole=actor.sites is None,
    )


def _accounts(actor: Actor) -> tuple[dict[int, AccountRow], tuple[AccountRow, ...]]:
    """Return every account by its id, and those to choose from by slug."""
    own, sites = serving(actor)
    columns = f"a.id, a.slug, a.name, a.is_live, {own}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM payments_provideraccount a ORDER BY a.slug", sites)
        found = [
            (AccountRow(id=number, slug=slug, name=name, is_live=bool(is_live)), is_own)
            for number, slug, name, is_live, is_own in cursor.fetchall()
        ]
    return {row.id: row for row, _is_own in found}, tuple(row for row, is_own in found if is_own)


def scope_of(
    *,
    first: date,
    last: date,
    sites: dict[int, SiteRow],
    accounts: dict[int, AccountRow],
    site: SiteRow | None = None,
    account: AccountRow | None = None,
    all_sites: tuple[SiteRow, ...] = (),
    all_accounts: tuple[AccountRow, ...] = (),
    is_whole: bool = True,
) -> Scope:
    """Return a scope whose days are cut, however many there are."""
    days = range((last - first).days + 2)
    zones = {each.time_zone for each in sites.values()}
    cuts = {
        name: Cut(
            time_zone=name,
            first=first,
            starts=tuple(day_start(first + number * _ONE_DAY, zone_name=name) for number in days),
        )
        for name in sorted(zones)
    }
    return Scope(
        first=first,
        last=last,
        sites=sites,
        accounts=accounts,
        cuts=cuts,
        site=site,
        account=account,
        all_sites=all_sites,
        all_accounts=all_accounts,
        is_whole=is_whole,
    )


def _span(query: LedgerQuery, *, zones: set[str], now: datetime) -> tuple[date, date]:
    last = parse_day(query.last, "to") if query.last else max(today(now, zone_name=name) for name in zones)
    month_before = (last.replace(day=1) - _ONE_DAY).replace(day=1)
    first = parse_day(query.first, "from") if query.first else max(month_before, FIRST_DAY)
    if first > last:
        raise _refusal(SpanReversed, "from", f"The first day, {first}, lies after the last, {last}.")
    if (last - first).days >= MOST_DAYS:
        said = f"At most {MOST_DAYS} days at once; these are {(last - first).days + 1}."
        raise _refusal(SpanTooLong, "to", said, most_days=MOST_DAYS)
    return first, last


def parse_day(text: str, name: str) -> date:
    """Return the day that the text names. Raises: DayInvalid, pointing at `name`."""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:  # such as 2026-02-30
        found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise _refusal(DayInvalid, name, f"It must be a day such as 2026-11-20, from {FIRST_DAY} on.")
    return found


def _refusal(kind: type[Invalid], name: str, message: str, **facts: int) -> Invalid:
    place = FieldError(pointer=f"/{name}", code=kind.code, message=message)
    return kind(message, facts=facts, fields=(place,))
