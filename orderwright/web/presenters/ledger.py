"""The ledger by day: amounts as each site writes them, days in words, and the ways to its files."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.core.dates import full_day
from orderwright.reads.ledger_days import DayRow, LedgerDays, Sums, TotalRow
from orderwright.reads.ledger_scope import AccountRow, LedgerQuery, Scope
from orderwright.web.presenters.parts import Badge, Choice, Field, Link, Select
from orderwright.web.presenters.words import amount, count

# A page of more is slow to draw and nobody reads it; the files have all.
MOST_ROWS = 100
_NEUTRAL_LOCALE = "en-US"


@dataclass(frozen=True, slots=True)
class LedgerFigure:
    """One amount of a row; an amount of zero is shown quietly."""

    label: str
    value: str
    is_zero: bool
    is_balance: bool


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A day of a site, or the total of an account: what it is, where, and its figures."""

    title: str
    where: str
    provider: str
    mode: Badge
    figures: tuple[LedgerFigure, ...]
    transactions: str
    iso: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """The page. `columns` are the headings of the figures; `control` tells two exports apart."""

    title: str
    about: str
    action: str
    first: Field
    last: Field
    site: Select
    provider: Select
    columns: tuple[str, ...] = ()
    rows: tuple[LedgerRow, ...] = ()
    totals: tuple[LedgerRow, ...] = ()
    files: tuple[Link, ...] = ()
    span: str = ""
    control: str = ""
    sorted_by: str = ""
    is_refused: bool = False


def ledger_page(scope: Scope, ledger: LedgerDays, *, here: str, files: str) -> LedgerPage:
    """Return the ledger of these days, the newest first, with its totals."""
    newest = list(reversed(ledger.days))[:MOST_ROWS]
    asked = {
        "from": scope.first.isoformat(),
        "to": scope.last.isoformat(),
        "site": scope.site.slug if scope.site else "",
        "provider": scope.account.slug if scope.account else "",
    }
    locale = scope.site.locale if scope.site else _NEUTRAL_LOCALE
    return LedgerPage(
        title=_("Ledger"),
        about=_about(),
        action=here,
        first=Field(asked["from"]),
        last=Field(asked["to"]),
        site=_sites(scope, asked["site"]),
        provider=_providers(scope, asked["provider"]),
        columns=_columns(),
        rows=tuple(_day(row) for row in newest),
        totals=tuple(_total(row, locale) for row in ledger.totals),
        files=tuple(Link(text, f"{files}?{urlencode({**asked, **more})}") for text, more in _files()),
        span=f"{full_day(scope.first)} – {full_day(scope.last)}",
        control=_control(ledger),
        sorted_by=_sorted_by(len(ledger.days)),
    )


def refused_page(scope: Scope, query: LedgerQuery, *, here: str, errors: dict[str, str]) -> LedgerPage:
    """Return the page of a wish that cannot be: what was typed stays, each error stands beside its field."""
    return LedgerPage(
        title=_("Ledger"),
        about=_about(),
        action=here,
        first=Field(query.first, error=errors.get("from", "")),
        last=Field(query.last, error=errors.get("to", "")),
        site=_sites(scope, query.site, error=errors.get("site", "")),
        provider=_providers(scope, query.provider, error=errors.get("provider", "")),
        is_refused=True,
    )


def _about() -> str:
    return _(
        "What moved on each day, by provider account and currency, and what stood at its end: held by the bank, and "
        "kept, which is captured less refunded."
    )


def _columns() -> tuple[str, ...]:
    return (
        _("Authorised"),
        _("Captured"),
        _("Refunded"),
        _("Reversed"),
        _("Expired"),
        _("Held at the end"),
        _("Kept at the end"),
    )


def _files() -> tuple[tuple[str, dict[str, str]], ...]:
    return (
        (_("Export CSV"), {"form": "days", "format": "csv"}),
        (_("Export XLSX"), {"form": "days", "format": "xlsx"}),
        (_("Every transaction, CSV"), {"form": "transactions", "format": "csv"}),
        (_("Every transaction, XLSX"), {"form": "transactions", "format": "xlsx"}),
    )


def _sites(scope: Scope, chosen: str, *, error: str = "") -> Select:
    everywhere = Choice("", _("All sites"), not chosen)
    sites = (Choice(site.slug, site.name, site.slug == chosen) for site in scope.all_sites)
    return Select((everywhere, *sites), error=error)


def _providers(scope: Scope, chosen: str, *, error: str = "") -> Select:
    every = Choice("", _("All provider accounts"), not chosen)
    accounts = (
        Choice(each.slug, f"{each.name} ({_mode(each).text.lower()})", each.slug == chosen)
        for each in scope.all_accounts
    )
    return Select((every, *accounts), error=error)


def _mode(account: AccountRow) -> Badge:
    return Badge(_("Live"), "green") if account.is_live else Badge(_("Test"), "grey")


def _day(row: DayRow) -> LedgerRow:
    return LedgerRow(
        title=full_day(row.day),
        iso=row.day.isoformat(),
        where=row.site.name,
        zone=row.site.time_zone,
        provider=row.account.name,
        mode=_mode(row.account),
        figures=_figures(row.sums, row.currency, row.site.locale),
        transactions=_moved(row.sums.transactions),
    )


def _total(row: TotalRow, locale: str) -> LedgerRow:
    return LedgerRow(
        title=row.currency,
        where=_("All days"),
        provider=row.account.name,
        mode=_mode(row.account),
        figures=_figures(row.sums, row.currency, locale),
        transactions=_moved(row.sums.transactions),
    )


def _figures(sums: Sums, currency: str, locale: str) -> tuple[LedgerFigure, ...]:
    minor = (
        sums.authorised_minor,
        sums.captured_minor,
        sums.refunded_minor,
        sums.reversed_minor,
        sums.expired_minor,
        sums.held_minor,
        sums.kept_minor,
    )
    balances = len(minor) - 2
    return tuple(
        LedgerFigure(label, amount(figure, currency, locale), is_zero=figure == 0, is_balance=place >= balances)
        for place, (label, figure) in enumerate(zip(_columns(), minor, strict=True))
    )


def _moved(transactions: int) -> str:
    text = ngettext("%(n)s transaction", "%(n)s transactions", transactions)
    return text % {"n": count(transactions, most=10**9)}


def _control(ledger: LedgerDays) -> str:
    if not ledger.transactions:
        return ""
    return _("%(moved)s, the last one no. %(last)s") % {"moved": _moved(ledger.transactions), "last": ledger.last_id}


def _sorted_by(rows: int) -> str:
    words = _("Newest day first, then by site. Each day in its site’s time zone.")
    if rows <= MOST_ROWS:
        return words
    more = _("The newest %(shown)s of %(rows)s rows are shown; the exports have all of them.")
    return f"{words} {more % {'shown': MOST_ROWS, 'rows': count(rows)}}"
