"""Open Orders, All Orders and search results: rows, filter chips with counts, and where the pages lead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.orders.models import PAYMENT_STANDINGS
from orderwright.reads.counts import Chips
from orderwright.reads.order_list import SHORTEST_PIECE, ListQuery, Page
from orderwright.reads.order_list import OrderRow as OrderFacts
from orderwright.reads.rows import SiteRow
from orderwright.web.presenters.list_page import OrderList, OrderRow
from orderwright.web.presenters.parts import Badge, Link
from orderwright.web.presenters.words import amount, count, sent_text, standing, standing_text, when, zone_text

_FILTERS = ("state", "payment", "delivery", "hold", "cancellation", "site")


def order_list(
    page: Page, query: ListQuery, *, chips: Chips, sites: Sequence[SiteRow], here: str, order_href: str, now: datetime
) -> OrderList:
    """Return a page of orders. `here` is the list's own path, `order_href` an order's with `{number}` in it."""
    zones = {zone_text(row.placed_at, row.site_time_zone) for row in page.items}
    is_mixed = len(zones) > 1
    rows = tuple(_row(row, order_href=order_href, now=now, is_zone_shown=is_mixed) for row in page.items)
    is_narrowed = any(getattr(query, name) for name in _FILTERS) or bool(query.q)
    return OrderList(
        title=_("Open Orders") if query.view == "open" else _("Orders found") if query.q else _("All Orders"),
        chips=_chips(query, chips, here=here),
        sites=_sites(query, sites, here=here) if len(sites) > 1 else (),
        site_text=next((site.name for site in sites if site.slug == query.site), _("Every site")),
        rows=rows,
        sorted_by=_sorted_by(query, zones),
        query=query.q,
        newest_href=_href(here, query, after=None) if query.after else "",
        older_href=_href(here, query, after=page.next) if page.next else "",
        clear_href=here if is_narrowed else "",
        empty_title=_("No orders found") if is_narrowed else _("No orders yet"),
        empty_text=_empty_text(query, is_narrowed=is_narrowed),
    )


def _row(row: OrderFacts, *, order_href: str, now: datetime, is_zone_shown: bool) -> OrderRow:
    return OrderRow(
        number=row.number,
        href=order_href.format(number=row.number),
        placed=when(row.placed_at, now=now, zone_name=row.site_time_zone, is_zone_shown=is_zone_shown),
        customer=row.customer_name,
        state=Badge(row.state_name, row.state_color),
        payment=standing(row.payment_standing, hold_ends_at=row.hold_ends_at if row.is_open else None, now=now),
        delivery=sent_text(row.shipments_total, row.shipments_sent, row.shipments_partly),
        pieces=f"{row.pieces:,}",
        pieces_unit=ngettext("piece", "pieces", row.pieces),
        total=amount(row.total_minor, row.currency, row.site_locale),
        is_asked_to_cancel=row.is_asked_to_cancel,
    )


def _chips(query: ListQuery, chips: Chips, *, here: str) -> tuple[Link, ...]:
    plain = replace(query, state=None, hold=None, payment=None, delivery=None, cancellation=None, after=None)
    is_plain = not any((query.state, query.hold, query.payment, query.delivery, query.cancellation))
    whole = _("All open") if query.view == "open" else _("All")

    def shown(orders: int) -> str:
        # They count the view, and beside what a search finds they would promise too much.
        return "" if query.q else count(orders)

    links = [Link(whole, _href(here, plain), is_current=is_plain, count=shown(chips.total))]
    links.extend(
        Link(
            state.name,
            _href(here, replace(plain, state=state.slug)),
            is_current=state.slug == query.state,
            count=shown(state.count),
        )
        for state in chips.states
        if state.count or state.slug == query.state
    )
    if chips.requested or query.cancellation:
        href = _href(here, replace(plain, cancellation="requested"))
        asked = shown(chips.requested)
        links.append(Link(_("Cancellations to decide"), href, bool(query.cancellation), asked, is_urgent=True))
    if chips.holds_ending or query.hold:
        href = _href(here, replace(plain, hold="ending"))
        links.append(Link(_("Hold ends within 48 h"), href, bool(query.hold), shown(chips.holds_ending)))
    if query.payment in PAYMENT_STANDINGS:
        links.append(Link(standing_text(query.payment), _href(here, query), is_current=True))
    if query.delivery:
        names = {"unsent": _("Not sent"), "part": _("Partly sent"), "sent": _("Sent")}
        links.append(Link(names.get(query.delivery, query.delivery), _href(here, query), is_current=True))
    return tuple(links)


def _sites(query: ListQuery, sites: Sequence[SiteRow], *, here: str) -> tuple[Link, ...]:
    plain = replace(query, after=None)
    return (
        Link(_("Every site"), _href(here, replace(plain, site=None)), is_current=query.site is None),
        *(Link(site.name, _href(here, replace(plain, site=site.slug)), site.slug == query.site) for site in sites),
    )


def _href(here: str, query: ListQuery, *, after: str | None = None) -> str:
    pairs = [(name, getattr(query, name)) for name in _FILTERS]
    pairs += [("q", query.q), ("after", after)]
    asked = urlencode([(name, value) for name, value in pairs if value])
    return f"{here}?{asked}" if asked else here


def _sorted_by(query: ListQuery, zones: Collection[str]) -> str:
    is_by_intake = len(query.q) >= SHORTEST_PIECE
    by = _("Newest first, by the time taken in.") if is_by_intake else _("Newest first, by the time placed.")
    if not zones:
        return by
    zone = next(iter(zones))
    times = _("Times in %(zone)s.") % {"zone": zone} if len(zones) == 1 else _("Times in each site’s zone.")
    return f"{by} {times}"


def _empty_text(query: ListQuery, *, is_narrowed: bool) -> str:
    if query.q:
        return _(
            "Nothing matches “%(words)s”. Try a piece of a number, name, e-mail, phone, SKU or tracking number."
        ) % {"words": query.q}
    if is_narrowed:
        return _("No order matches this now.")
    return _("Orders stand here as soon as a storefront hands one in.")
