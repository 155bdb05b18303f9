"""Shopify's transactions as payments with their history. What an order without transactions means is in `presumed`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from orderwright.actions.shopify_order.amounts import Purse
from orderwright.actions.shopify_order.reading import Node

LONGEST_BRAND = 40
# A masked number shows at most the six leading and four trailing digits; more is a card number (W14).
_MOST_MASKED_DIGITS = 10
_LAST4 = re.compile("[0-9]{4}", re.ASCII)
_KINDS: Final = frozenset({"authorization", "emv_authorization", "sale", "capture", "refund", "void", "change"})
# `suggested_refund` is Shopify's proposal in a calculation, never a movement of money.
_NO_MOVEMENT: Final = frozenset({"suggested_refund"})
_MANUAL_GATEWAYS: Final = frozenset({"manual", "cash on delivery (cod)", "bank deposit", "money order"})
_BRANDS: Final = {"american express": "amex", "master": "mastercard", "diners club": "diners"}


@dataclass(frozen=True, slots=True)
class Movement:
    """One transaction of Shopify's that succeeded or is awaited. Unit: minor units of the order's currency."""

    node: Node
    id: str
    kind: str
    is_settled: bool
    amount: int
    at: str
    parent: str | None


@dataclass(slots=True)
class Capture:
    """What was captured in one step, and how much of it was given back."""

    id: str
    amount: int
    at: str
    refunded: int = 0


@dataclass(slots=True)
class Hold:
    """One payment in the making: an authorisation or a straight sale, and what followed it."""

    node: Node
    id: str
    authorised: int
    at: str
    method: dict[str, Any]
    expires_at: str | None = None
    captures: dict[str, Capture] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    reversed: int = 0

    @property
    def captured(self) -> int:
        """Return all that was ever captured, refunded or not."""
        return sum(capture.amount for capture in self.captures.values())

    @property
    def refunded(self) -> int:
        """Return all that was given back."""
        return sum(capture.refunded for capture in self.captures.values())

    @property
    def held(self) -> int:
        """Return what is still held: neither captured nor reversed."""
        return self.authorised - self.captured - self.reversed

    def capture(self, movement_id: str, amount: int, at: str) -> None:
        """Record a capture."""
        self.captures[movement_id] = Capture(movement_id, amount, at)
        self._record("capture", movement_id, amount, at)

    def refund(self, movement_id: str, amount: int, at: str, *, of: Capture) -> None:
        """Record a refund of one capture; a clock that ran behind does not put it before what it gives back."""
        of.refunded += amount
        self._record("refund", movement_id, amount, max(at, of.at), parent=of.id)

    def reverse(self, movement_id: str, at: str) -> None:
        """Record that all that was still held was released."""
        amount, self.reversed = self.held, self.reversed + self.held
        self._record("reversal", movement_id, amount, at)

    def _record(self, kind: str, movement_id: str, amount: int, at: str, *, parent: str | None = None) -> None:
        self.history.append(
            {
                "kind": kind,
                "amount": amount,
                "reference": reference(movement_id),
                "parent": None if parent is None else reference(parent),
                "at": at,
            }
        )

    def document(self, *, provider: str) -> dict[str, Any]:
        """Return the payment as an order document has it, its history in order of time."""
        rank = {"capture": 0, "reversal": 1, "refund": 2}
        return {
            "provider": provider,
            "reference": reference(self.id),
            "method": self.method,
            "authorised": self.authorised,
            "authorised_at": self.at,
            "expires_at": self.expires_at if self.held > 0 else None,
            "transactions": sorted(self.history, key=lambda each: (each["at"], rank[each["kind"]])),
        }


def reference(movement_id: str) -> str:
    """Return a transaction's id as the desk names it: the bare number could pass for a card's (W14)."""
    return f"shopify-{movement_id}"


def holds_of(order: Node, *, purse: Purse) -> list[Hold]:
    """Return a payment for every successful authorisation and sale, with its captures, refunds and reversal.

    Failed attempts moved no money and are left out. What is still awaited is left out with a warning.
    """
    settled: list[Movement] = []
    awaited: set[str] = set()
    for movement in movements_of(order, purse=purse):
        if movement.is_settled:
            settled.append(movement)
        else:
            awaited.add(movement.id)
            amount = purse.show(movement.amount)
            movement.node.warn("transaction_awaited", f"A {movement.kind} of {amount} is awaited; it was left out.")
    settled.sort(key=lambda movement: movement.at)
    holds: dict[str, Hold] = {}
    for movement in settled:
        if is_root(movement, awaited):
            holds[movement.id] = _hold(movement, changes=settled, purse=purse)
    for kind in ("capture", "refund", "void"):  # captures first: the clocks of providers disagree by seconds
        for movement in settled:
            if movement.kind == kind and movement.id not in holds:
                _follow(movement, holds=holds, purse=purse)
    for hold in holds.values():
        if hold.captured > hold.authorised:
            purse.disagree(
                hold.node, "captured_above_authorised", "More captured than held", hold.captured, hold.authorised
            )
    return [hold for hold in holds.values() if hold.authorised > 0]


def is_root(movement: Movement, awaited: set[str]) -> bool:
    """Return whether a payment begins here: an authorisation, a sale, or a capture of what was only awaited."""
    if movement.kind == "capture":
        return movement.parent is None or movement.parent in awaited
    return movement.kind in ("authorization", "emv_authorization", "sale")


def movements_of(order: Node, *, purse: Purse) -> list[Movement]:
    """Return the order's transactions and those of its refunds, each once, without the failed ones."""
    places = order.objects("transactions")
    for refund in order.objects("refunds"):
        places += refund.objects("transactions")
    found: dict[str, Movement] = {}
    for place in places:
        movement = _movement(place, purse=purse)
        if movement is not None:
            found.setdefault(movement.id, movement)
    return list(found.values())


def _movement(place: Node, *, purse: Purse) -> Movement | None:
    status, kind = place.text("status", longest=30), place.text("kind", longest=30)
    if status in ("failure", "error") or kind in _NO_MOVEMENT:
        return None
    if status not in ("success", "pending", "awaiting_response"):
        place.at("status").fault("transaction_status_unknown", "Shopify documents no such status of a transaction.")
        return None
    if kind not in _KINDS:
        place.at("kind").fault("transaction_kind_unknown", "Shopify documents no such kind of transaction.")
        return None
    own_id, parent, amount = place.id("id"), place.id("parent_id"), purse.plain(place.at("amount"))
    at = place.time("processed_at") or place.time("created_at")
    if own_id is None and not place.has("id"):
        place.at("id").fault("required", "A transaction has its id here.")
    if at is None and not place.has("processed_at") and not place.has("created_at"):
        place.at("created_at").fault("required", "A transaction has its time here.")
    in_currency = purse.in_currency(place, "currency")
    if own_id is None or amount is None or at is None or not in_currency:
        return None
    return Movement(place, own_id, kind, status == "success", amount, at, parent)


def _hold(movement: Movement, *, changes: Sequence[Movement], purse: Purse) -> Hold:
    # Change handed back from the till was never the shop's: the payment is what stayed in it.
    back = sum(each.amount for each in changes if each.kind == "change" and each.parent == movement.id)
    if back > movement.amount:
        purse.disagree(movement.node, "change_above_paid", "More change than cash", back, movement.amount)
    authorised = max(movement.amount - back, 0)
    hold = Hold(
        node=movement.node,
        id=movement.id,
        authorised=authorised,
        at=movement.at,
        method=method_of(movement.node),
    )
    if movement.kind in ("sale", "capture"):
        if authorised:
            hold.capture(movement.id, authorised, movement.at)
    else:
        hold.expires_at = movement.node.time("authorization_expires_at")
        if hold.expires_at is not None and hold.expires_at <= hold.at:
            movement.node.at("authorization_expires_at").fault("ends_before_start", "The hold ends before it begins.")
    return hold


def _follow(movement: Movement, *, holds: dict[str, Hold], purse: Purse) -> None:
    """Put a capture, refund or void where it belongs, or note that its place is unknown."""
    if not movement.amount and movement.kind != "void":
        return
    if movement.kind == "refund":
        _give_back(movement, holds=holds, purse=purse)
        return
    hold = holds.get(movement.parent or "")
    if hold is None and movement.kind == "void" and len(holds) == 1 and movement.parent is None:
        hold = next(iter(holds.values()))
    if hold is None:
        _parent_unknown(movement)
    elif movement.kind == "capture":
        hold.capture(movement.id, movement.amount, movement.at)
    elif hold.held > 0:
        # Shopify writes a void with the amount of the authorisation, with what was left of it, or with zero.
        if movement.amount not in (0, hold.held, hold.authorised):
            purse.disagree(movement.node.at("amount"), "void_differs", "Voided and held", movement.amount, hold.held)
        hold.reverse(movement.id, movement.at)
    else:
        movement.node.warn("nothing_to_void", "Nothing was held any more when this was voided; it was left out.")


def _give_back(movement: Movement, *, holds: dict[str, Hold], purse: Purse) -> None:
    pairs = [(hold, capture) for hold in holds.values() for capture in hold.captures.values()]
    if movement.parent is None:
        candidates = pairs
    else:
        candidates = [pair for pair in pairs if pair[1].id == movement.parent]
        # Some gateways refund against the authorisation; that is clear while it was captured once.
        candidates = candidates or [pair for pair in pairs if pair[0].id == movement.parent]
    if len(candidates) != 1:
        _parent_unknown(movement)
        return
    hold, capture = candidates[0]
    left = capture.amount - capture.refunded
    if movement.amount > left:
        purse.disagree(
            movement.node.at("amount"), "refunded_above_captured", "More refunded than captured", movement.amount, left
        )
        return
    hold.refund(movement.id, movement.amount, movement.at, of=capture)


def _parent_unknown(movement: Movement) -> None:
    movement.node.at("parent_id").fault(
        "parent_unknown", f"This {movement.kind} does not say which of the order's transactions it belongs to."
    )


def method_of(node: Node, *, gateway_key: str = "gateway") -> dict[str, Any]:
    """Return the means of payment of a transaction: type, brand, and the last four digits of a card at most."""
    gateway = node.text(gateway_key, longest=80, shorten=True) or ""
    brand = gateway[:LONGEST_BRAND] or None
    details = node.object("payment_details")
    if gateway == "gift_card":
        receipt = node.at("receipt")
        last = receipt.value.get("gift_card_last_characters") if isinstance(receipt.value, dict) else None
        is_number = isinstance(last, str) and _LAST4.fullmatch(last)
        return {"type": "gift-card", "brand": None, "last4": last if is_number else None}
    if details is not None and (details.has("credit_card_company") or details.has("credit_card_number")):
        company = (details.text("credit_card_company", longest=LONGEST_BRAND, shorten=True) or "").lower()
        return {"type": "card", "brand": _BRANDS.get(company, company) or None, "last4": _last4(details)}
    if "paypal" in gateway.lower():
        return {"type": "paypal", "brand": None, "last4": None}
    if gateway.lower() == "cash":
        return {"type": "cash", "brand": None, "last4": None}
    if node.at("manual_payment_gateway").value is True or gateway.lower() in _MANUAL_GATEWAYS:
        return {"type": "manual", "brand": brand, "last4": None}
    return {"type": "other", "brand": brand, "last4": None}


def _last4(details: Node) -> str | None:
    place = details.at("credit_card_number")
    if place.value is None:
        return None
    if not isinstance(place.value, str):
        place.wrong_type("a masked card number")
        return None
    digits = [mark for mark in place.value if mark.isdigit()]
    if len(digits) > _MOST_MASKED_DIGITS:
        place.fault("card_number_in_full", "Here stands more of a card number than its last four digits.")
        return None
    tail = place.value.strip()[-4:]
    return tail if _LAST4.fullmatch(tail) else None
