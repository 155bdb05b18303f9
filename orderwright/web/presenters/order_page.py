"""The shape of the order page: plain strings only. How they come about does not belong here (see order.py)."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import CAN_PRESS, Badge, Choice, Field, Figure, Leg, Press, Select, When


@dataclass(frozen=True, slots=True)
class Remark:
    """What is remarked about a tracking number. `methods`: by which its shipment may go instead, by one press each."""

    text: str
    is_warning: bool = False
    methods: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """One parcel's tracking number; `action` is where it is saved, `carrier_href` the carrier's page or empty."""

    id: str
    action: str
    position: str
    number: Field
    carrier_href: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class LineRow:
    """The pieces of one order line that travel in one shipment."""

    id: str
    name: str
    sku: str
    initial: str
    tone: str
    detail: str
    quantity: str
    total: str
    action: str
    delivery: Select
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ShipmentMail:
    """Whether the customer is told of a shipment. `kind`: choice (by itself when it leaves), tell (a press), told."""

    kind: str
    text: str
    href: str
    is_on: bool = False
    is_trouble: bool = False


@dataclass(frozen=True, slots=True)
class ShipmentBlock:
    """A shipment with its parcels and lines; `tracking_note` stands on each line's row."""

    id: str
    title: str
    method: str
    sent: str
    parcels: tuple[ParcelRow, ...]
    lines: tuple[LineRow, ...]
    tracking_note: str = ""
    mail: ShipmentMail | None = None
    next_parcel: ParcelRow | None = None
    picks: tuple[str, ...] = ()  # all of it, as the Update Shipment dialog names rows


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the payments' strip; `x` and `width` are percentages such as '51.6%'."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment under Current Status; without `action` there is nothing to capture on it."""

    id: str
    name: str
    meta: str
    badge: Badge | None
    figures: tuple[Figure, ...]
    action: str
    amount: Field
    capture: Press
    currency: str
    note: str = ""
    is_note_urgent: bool = False
    note_href: str = ""  # where a person decides, if one has to
    reverse_action: str = ""  # where what is held is reversed
    reverse: Press | None = None  # None where nothing is to be reversed
    # Where an order has several payments, each has a strip of its own.
    strip_label: str = ""
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class CaptureOver:
    """The capture of one amount over several payments, one after the other."""

    action: str
    amount: Field
    capture: Press
    currency: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of Transaction History, newest first."""

    when: When
    act: str
    amount: str
    payment: str
    outcome: Badge
    reference: str
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Payments:
    """The Payments section; `view` is 'status' or 'history'."""

    strip_label: str
    segments: tuple[Segment, ...]
    figures: tuple[Figure, ...]
    rows: tuple[PaymentRow, ...]
    history: tuple[HistoryRow, ...]
    sync: Press
    zone: str = ""
    view: str = "status"
    refund: Press | None = None  # None where nothing was ever captured
    over: CaptureOver | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a timeline sentence; `kind` is text, strong, was or now. `href` leads to what it names."""

    text: str
    kind: str = "text"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline; `mark` is money, trouble or empty. `undo` names what can be undone now, or is empty."""

    parts: tuple[Part, ...]
    by: str
    when: When
    mark: str = ""
    note: str = ""
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The timeline, newest first, in the named zone; `more_href` leads to older entries or is empty."""

    entries: tuple[Entry, ...]
    is_money_only: bool = False
    zone: str = ""
    more_href: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who bought, and where it goes; addresses are lines of text."""

    name: str
    email: str
    phone: str
    phone_href: str
    seen: str
    ships_to: tuple[str, ...]
    bills_to: tuple[str, ...]
    why_hidden: str = ""
    ships_remarks: tuple[str, ...] = ()
    bills_remarks: tuple[str, ...] = ()
    edit_href: str = ""
    edit: Press = CAN_PRESS
    privacy_href: str = ""  # empty where the role does not allow it
    erased: str = ""


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A line of Totals; the last one is the sum."""

    label: str
    amount: str
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a colleague."""

    text: str
    by: str
    when: When


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands across the page while something waits, such as a cancellation with an open leg."""

    title: str
    text: str
    tone: str
    legs: tuple[Leg, ...] = ()
    resume_href: str = ""  # where what is left of a cancellation is rehearsed
    resume: Press = CAN_PRESS
    resume_text: str = ""
    withdraw_action: str = ""  # where a stopped cancellation is given up, if it can be
    icon: str = "clock"
    quote: str = ""  # what somebody said
    accept_href: str = ""  # a request for a cancellation: where it is accepted and declined
    accept: Press = CAN_PRESS
    decline_href: str = ""
    decline: Press = CAN_PRESS
    take_back_action: str = ""  # where whoever asked takes the request back


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Everything the order page says. `base` is the page's own path without a slash at its end."""

    number: str
    base: str
    version: str
    state: Badge
    badges: tuple[Badge, ...]
    placed: str
    back_text: str
    back_href: str
    state_choice: Select
    may_email_state: bool
    cancel: Press
    ask_cancel_href: str  # for whoever may ask for a cancellation and not decide on it
    update_shipment: Press
    shipments_tell: str
    shipments: tuple[ShipmentBlock, ...]
    payments: Payments
    timeline: Timeline
    customer: Customer
    totals: tuple[TotalRow, ...]
    invoice: Field
    note: Field
    tell_delayed: Press | None  # None where nothing is left that could be delayed
    notes: tuple[Note, ...]
    banner: Banner | None = None
    watch_href: str = ""
    problem: str = ""
