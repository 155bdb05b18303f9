"""What a story is told in: holds at the provider, and steps at the desk, each with its moment. Plain facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from orderwright.cli.demo_data.stores import Colleague

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A movement that was made before the order came to the desk. `of` counts the hold's captures, for a refund."""

    kind: str  # capture, reversal or refund
    amount_minor: int
    at: datetime
    of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An authorisation to be made at the practice provider, with what happened to it before the order came in."""

    reference: str
    amount_minor: int
    authorised_at: datetime
    brand: str = "visa"
    last4: str = "4242"
    lasts: timedelta = A_WEEK
    past: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that somebody does with the order, at a moment."""

    at: datetime
    by: Colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class SetState(Step):
    """Order State. `state` is the slug of a default state or the key of one of the shop's own."""

    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveInvoice(Step):
    """Save Invoice."""

    invoice_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCustomer(Step):
    """Edit the customer: what changes, by the names of `edit_customer.COLUMNS`."""

    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Step):
    """A note for colleagues."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship(Step):
    """Update Shipment: items, by their place in the document and how many pieces, go by another method."""

    items: tuple[tuple[int, int], ...]
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Step):
    """Delivery State of some items, by their place in the document; of all that are shipped when none is named."""

    state: str
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Track(Step):
    """A shipment's tracking number."""

    tracking_number: str
    shipment: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(Step):
    """Capture Transaction. All that is free when no amount is named. `hold` counts the order's payments from 0."""

    amount_minor: int | None = None
    hold: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Step):
    """Cancel Order."""

    reason: str
    email_customer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToCancel(Step):
    """The customer asks the storefront for a cancellation; `by` is who will decide."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync(Step):
    """Sync Payments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere(Step):
    """A capture that somebody makes at the provider's own dashboard, past the desk."""

    amount_minor: int
    hold: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Step):
    """What the provider is told to do with the next calls about one of the order's holds."""

    kind: str
    on: str
    times: int = 1
    hold: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrder:
    """One order of the demo: its document without payments, the holds behind it, and what is done with it."""

    document: dict[str, Any]
    holds: tuple[Hold, ...] = ()
    steps: tuple[Step, ...] = field(default=())
