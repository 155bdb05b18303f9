"""Erase a customer: what names the person goes, everywhere; books and chains stay. See docs/privacy.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from orderwright.actions import send_test_mail
from orderwright.actions.permission import lacks
from orderwright.actions.reasons import is_offered
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict, FieldError, Invalid
from orderwright.core.forgetting import forget_everywhere
from orderwright.journal.writes import append
from orderwright.orders.customer_keys import erase_keys
from orderwright.orders.models import CancellationRequest, Line, Note, Order
from orderwright.orders.writes import change_order, lock_order, stream_of
from orderwright.outbox.models import Mail
from orderwright.payments.models import Cancellation, Drift, Operation, Payment, ProviderNotice, Refund
from orderwright.reads.customers import CustomerOrder, orders_of_customer
from orderwright.reads.order_detail import read_whole_order
from orderwright.reads.rows import OrderDetail
from orderwright.reads.search_index import drop_overwritten, index_order, words_of

PERMISSION: Final = "customers.privacy"
_ADDRESSES: Final = ("shipping_address", "billing_address")


class ConfirmationWrong(Invalid):
    """The number that was typed is not the order's."""

    code = "confirmation_wrong"


class CustomerChanged(Conflict):
    """An order came to this customer, or went, while it was being erased."""

    code = "customer_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """The numbers of the orders whose customer was erased, the oldest first."""

    numbers: tuple[str, ...]


def availability(order: OrderDetail, orders: Sequence[CustomerOrder], actor: Actor) -> Availability:
    """Return whether this actor can erase the order's customer now. `orders`: all of that customer's.

    Refused while an order is open, for it has to be sent somewhere, and while money, a difference or a mail is under
    way.
    """
    refusal = lacks(actor, PERMISSION, order.site.id)
    if refusal is not None:
        return refusal
    if order.customer_erased_at is not None:
        return refused("customer_erased", _("The customer was erased already."))
    numbers = [each.number for each in orders if each.is_open]
    if numbers:
        words = _("Complete or cancel these orders first: %(orders)s.")
        return refused("orders_open", words % {"orders": _listed(numbers)}, orders=numbers)
    numbers = [each.number for each in orders if each.under_way]
    if numbers:
        words = _("Money, a difference or an email is still under way on: %(orders)s.")
        return refused("still_under_way", words % {"orders": _listed(numbers)}, orders=numbers)
    return allowed(orders=len(orders))


def run(*, number: str, confirmation: str, actor: Actor, now: datetime) -> Erased:
    """Erase the customer of this order, with all orders of the same person at its site.

    `confirmation` is the order's number, typed once more. Gone afterwards: names, e-mails, phones, addresses but for
    their country, references, notes, tags, engravings and the like, mails, typed reasons, what a provider said, search
    words, kept answers of the API, and the key of what stands sealed in the journal.
    Raises: ConfirmationWrong; Conflict with the reason of `availability`; OrderNotFound; Refused.
    Effects: those rows; one journal entry per order that names nobody. It cannot be undone. Source: I17.
    """

    def change() -> tuple[str, ...]:
        seen = orders_of_customer(read_whole_order(number=number, actor=actor))
        # By id, so that two who lock several never wait for each other.
        rows = [lock_order(number=each.number, actor=actor) for each in sorted(seen, key=lambda each: each.id)]
        order = read_whole_order(number=number, actor=actor)
        orders = orders_of_customer(order)
        if [each.id for each in orders] != [each.id for each in seen]:
            raise CustomerChanged(_("This customer’s orders changed in this moment. Look at them again."))
        availability(order, orders, actor).require()
        if confirmation.strip().lstrip("#") != number:
            message = _("Type the number of this order, %(number)s, to confirm.") % {"number": number}
            place = FieldError(pointer="/confirmation", code=ConfirmationWrong.code, message=message)
            raise ConfirmationWrong(message, fields=(place,))
        keys = [row.customer_key_id for row in rows if row.customer_key_id is not None]
        for row in rows:
            _erase(row, actor=actor, now=now)
        erase_keys(keys, now=now)
        numbers = tuple(each.number for each in orders)
        forget_everywhere(numbers)
        for each in numbers:
            left = read_whole_order(number=each, actor=actor)
            index_order(order_id=left.id, found_by=words_of(left))
        return numbers

    numbers = in_write_transaction(change)
    drop_overwritten()
    return Erased(numbers=numbers)


def _erase(row: Order, *, actor: Actor, now: datetime) -> None:
    change_order(
        row,
        customer_name=_("Erased customer"),
        customer_email="",
        customer_phone="",
        customer_reference="",
        customer_key_id=None,
        customer_erased_at=now,
        tags=[],
        **{name: _country_of(getattr(row, name)) for name in _ADDRESSES},
    )
    Line.objects.filter(order=row).update(attributes={})
    Note.objects.filter(order=row).update(text="")
    # Tests of a template that were made of the order, too; of one that does not say of which, nobody knows better.
    tests = Mail.objects.filter(order=None, kind=send_test_mail.KIND, about__in=["", send_test_mail.made_of(row.pk)])
    for mails in (Mail.objects.filter(order=row), tests):
        mails.filter(state="due").update(state="dead")
        mails.update(recipient="", subject=_("Erased email"), text="", html="", last_error="")
    _erase_words_of_money(row)
    append(
        stream=stream_of(row.pk),
        kind="customer.erased",
        actor=actor,
        now=now,
        before={"customer": "kept"},
        after={"customer": "erased"},
        version=row.version,
    )


def _erase_words_of_money(row: Order) -> None:
    for kind in (Cancellation, CancellationRequest, Refund):
        typed = [each.pk for each in kind.objects.filter(order=row).only("reason") if not is_offered(each.reason)]
        kind.objects.filter(pk__in=typed).update(reason="")
    Operation.objects.filter(payment__order=row).update(failure_message="")
    Drift.objects.filter(payment__order=row).update(note="")
    for account, reference in Payment.objects.filter(order=row).values_list("account_id", "reference"):
        ProviderNotice.objects.filter(account_id=account, reference=reference).update(failure_message="")


def _country_of(address: Any) -> dict[str, str] | None:
    country = address.get("country") if address else None
    return {"country": country} if country else None


def _listed(numbers: Sequence[str]) -> str:
    most = 10
    more = _(" and %(n)s more") % {"n": len(numbers) - most} if len(numbers) > most else ""
    return ", ".join(f"#{number}" for number in numbers[:most]) + more
