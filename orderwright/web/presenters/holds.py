"""Expiring holds: what a bank will let go, and how soon."""

from __future__ import annotations

from datetime import datetime

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import capture
from orderwright.core.actor import Actor
from orderwright.core.money import Money, format_plain
from orderwright.reads.expiring_holds import HoldPage
from orderwright.reads.expiring_holds import HoldRow as Facts
from orderwright.web.presenters.money_pages import HoldRow, MoneyList
from orderwright.web.presenters.parts import Badge, Link
from orderwright.web.presenters.words import URGENT, amount, method_name, until, when

# How many days ahead one can look.
SPANS = (2, 7, 30)


def hold_list(
    page: HoldPage, *, days: int, here: str, order_href: str, is_first: bool, actor: Actor, now: datetime
) -> MoneyList:
    """Return a page of holds that end within so many days."""

    def href(span: int, after: str = "") -> str:
        return f"{here}?days={span}" + (f"&after={after}" if after else "")

    def name(span: int) -> str:
        return ngettext("Within %(n)s day", "Within %(n)s days", span) % {"n": span}

    return MoneyList(
        title=_("Expiring holds"),
        about=_("Money that a bank holds for an order and lets go on a certain day, unless it is captured before."),
        chips=tuple(Link(name(span), href(span), span == days) for span in SPANS),
        rows=tuple(_row(row, order_href=order_href, actor=actor, now=now) for row in page.items),
        sorted_by=_("The first to end stands first; what ended stays for a week. Times in each site’s zone."),
        first_href="" if is_first else href(days),
        following_href=href(days, page.next) if page.next else "",
        empty_title=_("No hold ends soon"),
        empty_text=_("A hold stands here when its bank lets it go within the time chosen above."),
    )


def _row(row: Facts, *, order_href: str, actor: Actor, now: datetime) -> HoldRow:
    href = order_href.format(number=row.order_number)
    has_ended = row.is_booked or row.expires_at <= now
    if has_ended:
        ends = Badge(_("Hold has ended"), "red")
    else:
        ends = Badge(
            _("Ends %(when)s") % {"when": until(row.expires_at, now=now)},
            "amber" if row.expires_at - now < URGENT else "grey",
        )
    why_not = capture.refusal_of_state(row.system_state)
    can_capture = actor.at(row.site_id).can("payments.capture") and why_not is None and not has_ended
    return HoldRow(
        order=Link(f"#{row.order_number}", href),
        customer=row.customer_name,
        payment=f"{method_name(method_type=row.method_type, brand=row.brand, last4=row.last4)} · {row.account_name}",
        state=Badge(row.state_name, row.state_color),
        site=row.site_name,
        ends=ends,
        ends_at=when(row.expires_at, now=now, zone_name=row.site_time_zone, is_zone_shown=True),
        held=amount(row.held_minor, row.currency, row.site_locale),
        href=_capture_href(row, href) if can_capture else f"{href}#payment-{row.payment_id}",
        can_capture=can_capture,
        why_not=why_not.reason if why_not is not None and not has_ended else "",
    )


def _capture_href(row: Facts, href: str) -> str:
    whole = format_plain(Money(row.held_minor, row.currency), locale=row.site_locale)
    return f"{href}/payments/{row.payment_id}/capture?{urlencode({'amount': whole})}"
