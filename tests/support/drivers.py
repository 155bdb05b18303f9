"""People who work at the desk: each calls the actions as the portal and the API do, with a name and at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from orderwright.accounts.models import Role, RoleGrant, User
from orderwright.core.actor import SYSTEM, Actor
from orderwright.orders.models import Site
from orderwright.reads.money_rows import PaymentRow
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import OrderDetail

# Long enough for the sign-in form; everything that tests make up may be known.
PASSWORD = "only for tests, never for real"


class Asking:
    """Calls the actions and returns what they return. Orders are given as rows or as numbers."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self.actor = actor
        self.now = now

    def change_state(self, order: OrderDetail | str, state: str, **more: Any) -> Any:
        return self._run("change_state", order, state=state, **more)

    def save_invoice(self, order: OrderDetail | str, invoice_number: str, **more: Any) -> Any:
        return self._run("save_invoice", order, invoice_number=invoice_number, **more)

    def add_note(self, order: OrderDetail | str, text: str, **more: Any) -> Any:
        return self._run("add_note", order, text=text, **more)

    def edit_customer(self, order: OrderDetail | str, *, version: int | None = None, **changes: Any) -> Any:
        """Change what is named of the customer: name, email, phone, language, shipping_address, billing_address."""
        return self._run("edit_customer", order, changes=changes, version=version)

    def update_shipment(
        self, order: OrderDetail, *, items: str | Iterable[str] | Mapping[str, int] = "all", method: str, **more: Any
    ) -> Any:
        """Put items into a shipment by this method. `items`: "all", SKUs, or SKUs with how many pieces of each."""
        pick = import_module("orderwright.actions.update_shipment").Pick
        if items == "all":
            chosen: dict[str, int | None] = {line.sku: None for line in order.lines if line.requires_shipping}
        else:
            chosen = dict(items) if isinstance(items, Mapping) else dict.fromkeys(items)
        picks = [pick(line_id=line_of(order, sku), quantity=quantity) for sku, quantity in chosen.items()]
        return self._run("update_shipment", order, picks=picks, method=method, **more)

    def set_delivery_state(self, order: OrderDetail, item: str, delivery_state: str, **more: Any) -> Any:
        """Set the delivery state of an item, named by its SKU."""
        line_id = line_of(order, item)
        return self._run("set_delivery_state", order, line_id=line_id, delivery_state=delivery_state, **more)

    def set_tracking(self, order: OrderDetail | str, shipment: int, tracking_number: str, **more: Any) -> Any:
        return self._run("set_tracking", order, shipment=shipment, tracking_number=tracking_number, **more)

    def capture_order(self, order: OrderDetail, amount: int, **more: Any) -> Any:
        """Capture an amount over all payments of the order."""
        return self._run("capture_order", order, amount_minor=amount, **more)

    def capture(
        self, order: OrderDetail, amount: int | None = None, *, payment: PaymentRow | None = None, **more: Any
    ) -> Any:
        """Capture from the first payment unless another is named; without an amount, all that this row says is free."""
        held = payment or order.payments[0]
        asked = held.free_minor if amount is None else amount
        return self._run("capture", order, payment_id=held.id, amount_minor=asked, **more)

    def sync_payments(self, order: OrderDetail | str, **more: Any) -> Any:
        return self._run("sync_payments", order, **more)

    def cancel(self, order: OrderDetail | str, *, email: bool = False, reason: str = "", **more: Any) -> Any:
        return self._run("cancel_order", order, email_customer=email, reason=reason, **more)

    def refund(
        self,
        order: OrderDetail,
        *,
        items: Mapping[str, int] | None = None,
        shipping: int = 0,
        other: int = 0,
        by_payment: Mapping[int, int] | None = None,
        **more: Any,
    ) -> Any:
        """Refund pieces by SKU, shipping, or another amount. `by_payment`: payment id to share."""
        wish = import_module("orderwright.actions.refund_plan").Wish(
            lines=[(line_of(order, sku), quantity) for sku, quantity in (items or {}).items()],
            shipping_minor=shipping,
            other_minor=other,
            by_payment=by_payment or {},
        )
        return self._run("refund", order, wish=wish, **more)

    def reverse_hold(self, order: OrderDetail, *, payment: PaymentRow | None = None, **more: Any) -> Any:
        """Reverse what is still held, on the first payment unless another is named."""
        return self._run("reverse_hold", order, payment_id=(payment or order.payments[0]).id, **more)

    def request_cancellation(self, order: OrderDetail | str, reason: str = "", **more: Any) -> Any:
        return self._run("request_cancellation", order, reason=reason, **more)

    def decline_cancellation(self, order: OrderDetail | str, **more: Any) -> Any:
        return self._run("decline_cancellation", order, **more)

    def withdraw_request(self, order: OrderDetail | str, **more: Any) -> Any:
        return self._run("withdraw_request", order, **more)

    def withdraw_cancellation(self, order: OrderDetail | str) -> Any:
        return self._run("withdraw_cancellation", order)

    def resume_cancellation(self, order: OrderDetail | str) -> Any:
        return import_module("orderwright.actions.cancel_order").resume(
            number=number_of(order), actor=self.actor, now=self.now
        )

    def take_in(self, document: dict[str, Any]) -> Any:
        return import_module("orderwright.actions.take_in_order").run(document=document, actor=self.actor, now=self.now)

    def _run(self, action: str, order: OrderDetail | str, **more: Any) -> Any:
        run = import_module(f"orderwright.actions.{action}").run
        return run(number=number_of(order), actor=self.actor, now=self.now, **more)


class Clerk:
    """Somebody at the desk. Each of Asking's methods, called here, returns the whole order as it is afterwards.

    `asks` has the same methods with what the action itself returned; `result` keeps that of the last call.
    """

    def __init__(self, actor: Actor, now: datetime, user: User | None = None) -> None:
        self.actor = actor
        self.now = now
        self.user = user
        self.asks = Asking(actor, now)
        self.result: Any = None

    def at(self, now: datetime | timedelta) -> Clerk:
        """Return the same person at another time, or so much later."""
        return Clerk(self.actor, self.now + now if isinstance(now, timedelta) else now, self.user)

    def sees(self, order: OrderDetail | str) -> OrderDetail:
        """Return the order as it is now."""
        return read_order(number=number_of(order), actor=SYSTEM)

    def __getattr__(self, name: str) -> Callable[..., OrderDetail]:
        if name.startswith("_"):
            raise AttributeError(name)
        ask = getattr(self.asks, name)

        def act(order: OrderDetail | str, *args: Any, **more: Any) -> OrderDetail:
            self.result = ask(order, *args, **more)
            return self.sees(order)

        return act


def hire(
    *,
    name: str,
    email: str,
    now: datetime,
    role: str = "administrator",
    permissions: Iterable[str] = (),
    sites: Iterable[Site] = (),
) -> Clerk:
    """Return a person with a row of their own, in a system role or in one made of the given permissions.

    They have it at the sites named, or everywhere where none is.
    """
    chosen = sorted(permissions)
    held_role = (
        Role.objects.create(slug=role, name=role.title(), permissions=chosen) if chosen else Role.objects.get(slug=role)
    )
    user = User.objects.create_user(email=email, name=name, password=PASSWORD, role=held_role)
    for place, site in enumerate(sites):
        if not place:
            user.grants.all().delete()
        RoleGrant.objects.create(user=user, role=held_role, site=site)
    return Clerk(user.actor(), now, user)


def number_of(order: OrderDetail | str) -> str:
    """Return the order's number."""
    return order if isinstance(order, str) else order.number


def line_of(order: OrderDetail, sku: str) -> int:
    """Return the id of the order's line with this SKU."""
    found = [line.id for line in order.lines if line.sku == sku]
    assert len(found) == 1, f"{sku} stands on {len(found)} lines of #{order.number}"
    return found[0]
