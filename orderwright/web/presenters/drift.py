"""Provider drift: from differences to rows that say what either side has, and the questions before a decision."""

from __future__ import annotations

from datetime import datetime

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from orderwright.actions import decide_drift
from orderwright.core.actor import Actor
from orderwright.reads.drift import DriftPage
from orderwright.reads.drift import DriftRow as Facts
from orderwright.web.presenters.money_pages import Act, DriftRow, MoneyList, WordDialog
from orderwright.web.presenters.outcomes import act_text
from orderwright.web.presenters.parts import Badge, Leg, Link
from orderwright.web.presenters.press import press
from orderwright.web.presenters.reconciliation import Reconciliations
from orderwright.web.presenters.words import amount, count, method_name, when


def drift_list(
    page: DriftPage,
    counts: dict[str, int],
    *,
    actor: Actor,
    view: str,
    here: str,
    order_href: str,
    is_first: bool,
    now: datetime,
    reconciliations: Reconciliations | None = None,
) -> MoneyList:
    """Return a page of differences as this person sees it."""
    names = {
        "undecided": _("To decide"),
        "investigating": _("Being investigated"),
        "accepted": _("Accepted"),
        "gone": _("Gone by itself"),
        "all": _("All"),
    }
    return MoneyList(
        title=_("Provider drift"),
        about=_(
            "Where a provider and our books disagree, found by Sync Payments, by the nightly sweep and on daily lists."
        ),
        chips=tuple(
            Link(text, _href(here, each), each == view, count(counts[each]))
            for each, text in names.items()
            if counts[each] or each in (view, "undecided")
        ),
        rows=tuple(_row(row, actor=actor, here=here, order_href=order_href, now=now) for row in page.items),
        sorted_by=_("Newest first, by the time found. Times in each site’s zone."),
        first_href="" if is_first else _href(here, view),
        following_href=f"{here}?{urlencode({'view': view, 'after': page.next})}" if page.next else "",
        reconciliations=reconciliations,
        empty_title=_("Nothing to decide"),
        empty_text=_("What Sync Payments or the nightly sweep finds and does not book stands here."),
    )


def _href(here: str, view: str) -> str:
    return here if view == "undecided" else f"{here}?{urlencode({'view': view})}"


def _row(row: Facts, *, actor: Actor, here: str, order_href: str, now: datetime) -> DriftRow:
    zone_name = row.site_time_zone or "UTC"
    decided = when(row.decided_at, now=now, zone_name=zone_name).text if row.decided_at else ""
    by = " · ".join(filter(None, (row.decided_by, decided)))
    return DriftRow(
        id=str(row.id),
        state=_badge(row.state),
        act=act_text(row.kind),
        there=_side(row.there_minor, row.currency, row.site_locale),
        here=_side(row.here_minor, row.payment_currency, row.site_locale),
        provider=row.account_name,
        happened=when(row.at, now=now, zone_name=zone_name) if row.at else None,
        reference=row.provider_ref,
        order=Link(f"#{row.order_number}", order_href.format(number=row.order_number))
        if row.order_number
        else Link(_("No order"), ""),
        customer=row.customer_name,
        payment=method_name(method_type=row.method_type, brand=row.brand, last4=row.last4)
        if row.payment_id
        else row.payment_reference,
        told=_told(row),
        found=when(row.found_at, now=now, zone_name=zone_name),
        note=": ".join(filter(None, (by, row.note))),
        acts=_acts(row, actor=actor, here=here),
    )


def _badge(state: str) -> Badge:
    return {
        "open": Badge(_("To decide"), "amber"),
        "investigating": Badge(_("Being investigated"), "blue"),
        "accepted": Badge(_("Accepted"), "green"),
        "gone": Badge(_("Gone by itself"), "grey"),
    }[state]


def _side(minor: int | None, currency: str, locale: str) -> str:
    return _("nothing") if minor is None else amount(minor, currency, locale)


def _told(row: Facts) -> str:
    if row.is_listed:
        return _told_by_list(row)
    if row.there_minor is None:
        return _("Our books have it, the provider does not show it.")
    if row.currency != row.payment_currency:
        return _("The provider tells another currency.")
    if row.here_minor is not None:
        return _("The amounts differ.")
    if is_bookable(row):
        return _("Done at the provider, not by us. Accepting books it.")
    return _("Done at the provider, and more than our books have room for.")


def _told_by_list(row: Facts) -> str:
    if row.there_minor is None:
        return _("Our books have it; it is not on the provider’s list of that day.")
    if row.here_minor is not None:
        return _("The provider’s list names another amount.")
    if row.order_number is None:
        return _("On the provider’s list, on a payment that no order knows.")
    return _("On the provider’s list, and not in our books.")


def is_bookable(row: Facts) -> bool:
    """Return whether accepting the difference would book it now."""
    return not row.is_listed and decide_drift.can_be_booked(row, currency=row.payment_currency, room=row.room)


def _acts(row: Facts, *, actor: Actor, here: str) -> tuple[Act, ...]:
    if row.state not in ("open", "investigating"):
        return ()
    control = press(decide_drift.availability(row, actor))
    accept, look = (("decision", "accept"),), (("decision", "investigate"),)
    name, action = f"drift-{row.id}", f"{here}/{row.id}"
    return (
        Act(f"{name}-accept", _("Accept"), action, control, is_asking=True, hidden=accept),
        Act(f"{name}-investigate", _("Investigate"), action, control, is_asking=True, hidden=look),
    )


def decision_dialog(
    row: Facts, *, actor: Actor, decision: str, here: str, note: str = "", errors: dict[str, str] | None = None
) -> WordDialog:
    """Return the question before a difference is decided; the confirm button says the act."""
    there = _side(row.there_minor, row.currency, row.site_locale)
    words = {"act": act_text(row.kind).lower(), "there": there, "provider": row.account_name}
    is_booking = decision == "accept" and is_bookable(row)
    if is_booking:
        title, confirm = _("Book the %(act)s of %(there)s?"), _("Book %(there)s")
        tell = _("It was made at %(provider)s, past the desk. It goes into the ledger, marked as the provider’s.")
    elif decision == "accept":
        title, confirm = _("Accept this difference as it is?"), _("Accept without booking")
        tell = _("Nothing is booked. The difference is closed with your reason, and does not come back.")
    else:
        title, confirm = _("Investigate this difference?"), _("Keep it open")
        tell = _("It stays on this page under your note, until somebody accepts it or it is gone.")
    here_text = _side(row.here_minor, row.payment_currency, row.site_locale)
    return WordDialog(
        title=title % words,
        action=f"{here}/{row.id}",
        back_href=here,
        target="#money-list",
        tell=tell % words,
        legs=(
            Leg(act=act_text(row.kind), to=_("at %(provider)s") % words, amount=there, hint=row.provider_ref),
            Leg(act=act_text(row.kind), to=_in_books(row), amount=here_text),
        ),
        confirm=confirm % words,
        press=press(decide_drift.availability(row, actor)),
        reason=note,
        reason_label=_("Note (optional)") if is_booking else _("Reason") if decision == "accept" else _("Note"),
        reference="",
        is_reference_asked=False,
        hidden=(("decision", decision), ("books", "yes" if is_booking else "no")),
        errors=errors or {},
    )


def _in_books(row: Facts) -> str:
    if row.order_number is None:
        return _("in our books, which know no such payment")
    return _("in our books, order #%(n)s") % {"n": row.order_number}
