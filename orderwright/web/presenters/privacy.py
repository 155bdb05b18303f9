"""The dialog about a customer's privacy: which orders, the exports, and what erasing takes away."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import erase_customer
from orderwright.core.actor import Actor
from orderwright.core.dates import full_day
from orderwright.reads.customers import CustomerOrder
from orderwright.reads.rows import OrderDetail
from orderwright.web.presenters.customer_page import PrivacyDialog
from orderwright.web.presenters.parts import Field
from orderwright.web.presenters.press import press

_MOST_NAMED = 12


def privacy_dialog(
    order: OrderDetail,
    orders: Sequence[CustomerOrder],
    *,
    actor: Actor,
    base: str,
    confirmation: str,
    error: str,
) -> PrivacyDialog:
    """Return the dialog. `confirmation` is what was typed, `error` why it was refused."""
    count = ngettext("%(n)s order of this customer", "%(n)s orders of this customer", len(orders)) % {"n": len(orders)}
    named = [f"#{each.number} ({full_day(each.placed_at.date())})" for each in orders[:_MOST_NAMED]]
    left = len(orders) - len(named)
    if left:
        named.append(_("and %(n)s more") % {"n": left})
    return PrivacyDialog(
        title=_("Privacy"),
        who=order.customer_name,
        orders=f"{count}: {', '.join(named)}",
        export_action=f"{base}/privacy/export",
        erase_action=f"{base}/privacy",
        back_href=base,
        goes=(
            _("Name, e-mail, phone, addresses except for their country, the shop’s number for the customer"),
            _("Notes, tags, engravings and other wishes on items"),
            _("Emails as they were sent; those that wait are not sent any more"),
            _("Reasons that were typed, and all that the timeline keeps of the customer"),
            _("The words by which a search finds the customer"),
        ),
        stays=_("Items, amounts, payments, ledger, shipments and tracking numbers, and who of the staff did what."),
        number=order.number,
        confirmation=Field(confirmation, error=error),
        press=press(erase_customer.availability(order, orders, actor)),
    )
