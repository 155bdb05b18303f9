"""The ordinary orders of the demo: what happens to one of each kind, step by step. Some of it is left to chance."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from orderwright.cli.demo_data.documents import Basket, order_document, text_of
from orderwright.cli.demo_data.numbers import number_of
from orderwright.cli.demo_data.people import Person
from orderwright.cli.demo_data.shipping import AT_CUSTOMS
from orderwright.cli.demo_data.steps import (
    AskToCancel,
    Cancel,
    Capture,
    Deliver,
    DemoOrder,
    Hold,
    Note,
    Past,
    SaveInvoice,
    SetState,
    Ship,
    Step,
    Track,
)
from orderwright.cli.demo_data.stores import ANNA, BACK_ORDER, BEN, MANUAL_REVIEW, MIA, Store
from orderwright.cli.demo_data.times import Calendar

A_WEEK: Final = timedelta(days=7)
# Holds that are older than a week are captured and reversed in the demo too; some banks grant so long.
A_LONG_HOLD: Final = timedelta(days=45)
_STILL_HELD: Final = timedelta(days=6, hours=12)
_CARDS: Final = ("visa", "visa", "visa", "mastercard", "mastercard", "amex", "maestro", "jcb")
_CLERKS: Final = (ANNA, ANNA, BEN, BEN, MIA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Who buys what, where and when."""

    store: Store
    person: Person
    basket: Basket
    placed_at: datetime
    external_id: str


class Teller:
    """Tells the story of one purchase: collects its holds and steps, each some time after the one before."""

    def __init__(self, purchase: Purchase, *, calendar: Calendar, chance: random.Random) -> None:
        """Begin when the order is placed."""
        self.purchase = purchase
        self.chance = chance
        self.document: dict[str, Any] = order_document(
            store=purchase.store,
            person=purchase.person,
            basket=purchase.basket,
            placed_at=purchase.placed_at,
            external_id=purchase.external_id,
        )
        self.holds: list[Hold] = []
        self.steps: list[Step] = []
        self.clerk = chance.choice(_CLERKS)
        self._calendar = calendar
        self._moment = purchase.placed_at

    @property
    def total(self) -> int:
        """What the order costs, in minor units."""
        return int(self.document["totals"]["total"])

    def later(self, *, hours: int = 0, minutes: int = 0) -> datetime:
        """Return when the next step is taken, at the earliest so long after the one before."""
        wait = timedelta(hours=hours, minutes=minutes + self.chance.randrange(1, 50))
        self._moment = self._calendar.at_work(self._moment, wait)
        return self._moment

    def just_now(self, *, minutes: int) -> datetime:
        """Return the moment so many minutes before the demo's present."""
        self._moment = self._calendar.ago(minutes=minutes)
        return self._moment

    def hold(self, *, lasts: timedelta | None = None, past: tuple[Past, ...] = ()) -> None:
        """Let the customer's bank hold the whole amount when the order is placed.

        It lasts a week, unless the order is so old that its steps at the provider, made today, would find it ended.
        """
        if lasts is None:
            age = self._calendar.now - self.purchase.placed_at
            lasts = A_WEEK if past or age < _STILL_HELD else A_LONG_HOLD
        self.holds.append(
            Hold(
                reference=f"auth_{self.chance.getrandbits(48):012x}",
                amount_minor=self.total,
                authorised_at=self.purchase.placed_at + timedelta(seconds=self.chance.randrange(1, 9)),
                brand=self.chance.choice(_CARDS),
                last4=f"{self.chance.randrange(10_000):04d}",
                lasts=lasts,
                past=past,
            )
        )

    def tracking_number(self, method: str = "") -> str:
        """Return a number such as the carrier of the method gives, or of the one that was bought."""
        return number_of(method or self.purchase.basket.method, self.chance.randrange(10**9))

    def invoice_number(self) -> str:
        """Return an invoice number of the store's book-keeping."""
        return f"INV-{self.purchase.placed_at.year}-{self.chance.randrange(10_000):04d}"

    def came_with(self, **fields: Any) -> None:
        """Set fields of the document: what was true already when the order was handed in."""
        self.document.update(fields)

    def told(self) -> DemoOrder:
        """Return the whole story."""
        return DemoOrder(document=self.document, holds=tuple(self.holds), steps=tuple(self.steps))


# Open orders ----------------------------------------------------------------------------------------------------------


def new(tell: Teller) -> None:
    """Tell of an order that nobody has looked at yet."""
    tell.hold()


def begun(tell: Teller) -> None:
    """Tell of an order that somebody works on."""
    tell.hold()
    tell.steps.append(SetState(at=tell.later(hours=1), by=tell.clerk, state="processing"))
    if tell.chance.randrange(3) == 0:
        text = tell.chance.choice(_NOTES)
        tell.steps.append(Note(at=tell.later(), by=tell.clerk, text=text))


def sent_in_part(tell: Teller) -> None:
    """Tell of an order whose first item has gone by itself and was captured; the rest follows."""
    begun(tell)
    document = tell.document
    if len(document["items"]) == 1:
        return
    first = document["items"][0]
    price = first["quantity"] * first["unit_price"] - first["discount"]
    method = "dhl-express" if tell.purchase.basket.method != "dhl-express" else "courier-same-day"
    tell.steps += [
        Ship(at=tell.later(hours=2), by=tell.clerk, items=((0, first["quantity"]),), method=method),
        Deliver(at=tell.later(), by=tell.clerk, items=(0,), state="shipped"),
        Track(at=tell.later(), by=tell.clerk, shipment=2, tracking_number=tell.tracking_number(method)),
        Capture(at=tell.later(), by=tell.clerk, amount_minor=price),
    ]


def sent(tell: Teller) -> None:
    """Tell of an order that is captured and on its way."""
    begun(tell)
    tell.steps += [
        Capture(at=tell.later(hours=4), by=tell.clerk),
        Track(at=tell.later(), by=tell.clerk, tracking_number=tell.tracking_number()),
        Deliver(at=tell.later(), by=tell.clerk, state=tell.chance.choice(("shipped", "in-transit", AT_CUSTOMS))),
    ]


def waiting_for_stock(tell: Teller) -> None:
    """Tell of an order for which something is missing in the warehouse."""
    begun(tell)
    tell.steps += [
        Note(at=tell.later(hours=3), by=tell.clerk, text=tell.chance.choice(_STOCK_NOTES)),
        SetState(at=tell.later(), by=tell.clerk, state=BACK_ORDER.key),
    ]


def asked_to_cancel(tell: Teller) -> None:
    """Tell of an order that the customer does not want any more, and nobody has decided."""
    begun(tell)
    reason = tell.chance.choice(
        ("My sister has bought the same one.", "I found the colour that I wanted in your shop.")
    )
    tell.steps.append(AskToCancel(at=tell.later(hours=2), by=tell.clerk, reason=reason))


def under_review(tell: Teller) -> None:
    """Tell of an order about which somebody has doubts."""
    tell.hold()
    tell.steps.append(SetState(at=tell.later(), by=MIA, state=MANUAL_REVIEW.key))


def fraudulent(tell: Teller) -> None:
    """Tell of an order that is not honest."""
    under_review(tell)
    text = "Three cards tried in two minutes, and the address is a parcel forwarder’s."
    tell.steps += [
        Note(at=tell.later(hours=2), by=MIA, text=text),
        SetState(at=tell.later(), by=MIA, state="fraud"),
    ]


def suspended(tell: Teller) -> None:
    """Tell of an order that rests for a while."""
    begun(tell)
    tell.steps += [
        SetState(at=tell.later(hours=5), by=tell.clerk, state="suspended"),
        Note(at=tell.later(), by=tell.clerk, text="Customer is away and asks us to send it after the 3rd."),
    ]


# Closed orders --------------------------------------------------------------------------------------------------------


def completed(tell: Teller) -> None:
    """Tell of an order that was done here, from the first step to the last."""
    tell.hold()
    tell.steps += [
        SetState(at=tell.later(hours=1), by=tell.clerk, state="processing"),
        SaveInvoice(at=tell.later(), by=tell.clerk, invoice_number=tell.invoice_number()),
        Capture(at=tell.later(hours=3), by=tell.clerk),
        Track(at=tell.later(), by=tell.clerk, tracking_number=tell.tracking_number()),
        Deliver(at=tell.later(), by=tell.clerk, state="delivered"),
        SetState(at=tell.later(hours=40), by=tell.clerk, state="completed"),
    ]


def completed_before(tell: Teller, *, given_back: int = 0, delivery_state: str = "delivered") -> None:
    """Tell of an order that was done before it was handed in: it came with its capture, parcel and invoice.

    Unit: `given_back` is the share that was refunded, in percent.
    """
    placed_at = tell.purchase.placed_at
    captured_at, refunded_at = placed_at + timedelta(hours=20), placed_at + timedelta(hours=70)
    past = [Past(kind="capture", amount_minor=tell.total, at=captured_at)]
    if given_back:
        past.append(Past(kind="refund", amount_minor=tell.total * given_back // 100, at=refunded_at))
    tell.hold(past=tuple(past))
    tell.came_with(
        state="completed", invoice_number=tell.invoice_number(), shipments=_all_shipped(tell, delivery_state)
    )


def returned(tell: Teller) -> None:
    """Tell of an order of which a part came back: some of its money was refunded before it was handed in."""
    completed_before(tell, given_back=tell.chance.choice((20, 35, 50)), delivery_state="returned")


def canceled(tell: Teller) -> None:
    """Tell of an order canceled before anything was captured: the hold is reversed."""
    tell.hold()
    tell.steps.append(
        Cancel(
            at=tell.later(hours=2),
            by=tell.clerk,
            reason=tell.chance.choice(("Customer request", "Item unavailable", "Ordered twice")),
            email_customer=tell.chance.randrange(4) > 0,
        )
    )


def canceled_after_capture(tell: Teller) -> None:
    """Tell of an order canceled when a part was captured: that is refunded, and the rest of the hold reversed."""
    tell.hold()
    tell.steps += [
        SetState(at=tell.later(hours=1), by=tell.clerk, state="processing"),
        Capture(at=tell.later(hours=2), by=tell.clerk, amount_minor=max(1, tell.total * 2 // 5)),
        Cancel(at=tell.later(hours=6), by=tell.clerk, reason="Item unavailable"),
    ]


def canceled_before(tell: Teller) -> None:
    """Tell of an order canceled in the storefront, its hold reversed, before it was handed in."""
    reversed_at = tell.purchase.placed_at + timedelta(minutes=90)
    tell.hold(past=(Past(kind="reversal", amount_minor=tell.total, at=reversed_at),))
    tell.came_with(state="canceled")


def _all_shipped(tell: Teller, delivery_state: str) -> list[dict[str, Any]]:
    items = [
        {"item": place, "quantity": item["quantity"]}
        for place, item in enumerate(tell.document["items"])
        if item["requires_shipping"]
    ]
    sent_at = text_of(tell.purchase.placed_at + timedelta(hours=22))
    return [
        {
            "method": tell.purchase.basket.method,
            "tracking_numbers": [tell.tracking_number()],
            "delivery_state": delivery_state,
            "sent_at": sent_at,
            "items": items,
        }
    ]


_NOTES: Final = (
    "Gift: please no prices in the parcel.",
    "Leave with the neighbour at number 3 if nobody opens.",
    "Asked by phone whether it fits through a 70 cm door. It does.",
    "Second order this week; send both in one parcel if it can still be done.",
)
_STOCK_NOTES: Final = (
    "Supplier has promised it for Thursday. Customer knows.",
    "Two of them came broken; replacements are on their way to us.",
    "Colour is out of stock. Waiting for the customer’s second choice.",
)

Story = Callable[[Teller], None]


def teller(
    store: Store,
    person: Person,
    basket: Basket,
    *,
    calendar: Calendar,
    placed_at: datetime,
    external_id: str | None = None,
) -> Teller:
    """Return the teller of one particular order.

    The same names give the same chances in every run; a seed of its own, so that no order disturbs another.
    """
    chance = random.Random(f"{store.slug}/{person.name}/{external_id}")  # noqa: S311 - made-up data
    purchase = Purchase(
        store=store,
        person=person,
        basket=basket,
        placed_at=placed_at,
        external_id=external_id or f"7{chance.randrange(10**5):05d}",
    )
    return Teller(purchase, calendar=replace(calendar, time_zone=store.time_zone), chance=chance)
