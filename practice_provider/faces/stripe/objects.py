"""PaymentIntents, charges, refunds, disputes and events as documents. Source: Stripe's API reference."""

import json

from practice_provider.calls import CAPTURE, CAPTURE_FAILED, DISPUTE, DISPUTE_WON, REFUND, REFUND_FAILED, REVERSAL
from practice_provider.documents import Json
from practice_provider.engine import Movement
from practice_provider.faces.stripe.amounts import to_wire
from practice_provider.instants import SECOND_US
from practice_provider.voices import Scene

API_VERSION = "2026-09-30.practice"


def charge_id(scene: Scene) -> str:
    """Return the id of a PaymentIntent's one charge, on which everything is captured and refunded."""
    return f"ch_{scene.hold.id.removeprefix('pi_')}"


def is_expired(scene: Scene) -> bool:
    """Tell whether the hold ran out with something left on it, by which the PaymentIntent counts as canceled."""
    return scene.now >= scene.hold.expires_at and scene.hold.rest > 0


def payment_intent(scene: Scene, *, expand: tuple[str, ...] = ()) -> Json:
    """Return the PaymentIntent; ``expand`` may name latest_charge."""
    hold = scene.hold
    kept = _kept(scene, hold.id)
    released = any(movement.kind == REVERSAL for movement in scene.movements)
    capturable = 0 if released or is_expired(scene) else hold.rest
    status = "requires_capture" if capturable else "succeeded" if hold.captured else "canceled"
    return {
        "id": hold.id,
        "object": "payment_intent",
        "amount": to_wire(hold.amount, hold.currency),
        "amount_capturable": to_wire(capturable, hold.currency),
        "amount_received": to_wire(hold.captured, hold.currency),
        "canceled_at": _canceled_at(scene) if status == "canceled" else None,
        "cancellation_reason": _cancellation_reason(scene) if status == "canceled" else None,
        "capture_method": "manual",
        "client_secret": f"{hold.id}_secret_practice",
        "confirmation_method": "automatic",
        "created": hold.authorised_at // SECOND_US,
        "currency": hold.currency.lower(),
        "latest_charge": charge(scene) if "latest_charge" in expand else charge_id(scene),
        "livemode": False,
        "metadata": kept.get("metadata", {}),
        "payment_method": f"pm_{hold.id.removeprefix('pi_')}",
        "payment_method_types": ["card"],
        "status": status,
    }


def charge(scene: Scene) -> Json:
    """Return the charge of a PaymentIntent."""
    hold = scene.hold
    return {
        "id": charge_id(scene),
        "object": "charge",
        "amount": to_wire(hold.amount, hold.currency),
        "amount_captured": to_wire(hold.captured, hold.currency),
        "amount_refunded": to_wire(_refunded(scene), hold.currency),
        "captured": hold.captured > 0,
        "created": hold.authorised_at // SECOND_US,
        "currency": hold.currency.lower(),
        "disputed": any(movement.kind == DISPUTE for movement in scene.movements),
        "livemode": False,
        "metadata": {},
        "paid": True,
        "payment_intent": hold.id,
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": hold.card_brand,
                "last4": hold.card_last4,
                "capture_before": hold.expires_at // SECOND_US,
                "multicapture": {"status": _kept(scene, hold.id).get("multicapture", "unavailable")},
            },
        },
        "refunded": hold.captured > 0 and hold.refunded == hold.captured,
        "status": "succeeded",
    }


def refund(scene: Scene, reference: str) -> Json | None:
    """Return a refund by its id, however it stands: succeeded, pending, or failed at once or later; None if unknown."""
    for movement in scene.movements:
        if movement.kind == REFUND and movement.id == reference:
            is_failed = any(each.kind == REFUND_FAILED and each.undoes == reference for each in scene.movements)
            status, reason = ("failed", "expired_or_canceled_card") if is_failed else ("succeeded", "")
            kept = _kept(scene, reference)
            return _refund(scene, reference, movement.amount, status, movement.at, kept=kept, failure=reason)
    for call in scene.awaited:
        if call.kind == REFUND and call.reference == reference:
            return _refund(scene, reference, call.amount or 0, "pending", scene.now, kept=json.loads(call.extras))
    refused: Json = _kept(scene, scene.hold.id).get("refused", {})  # type: ignore[assignment]
    found: Json = refused.get(reference, {})  # type: ignore[assignment]
    if found.get("kind") != REFUND:
        return None
    amount, at, said = found["amount"], found["at"], found["extras"]
    return _refund(scene, reference, amount, "failed", at, kept=said, failure="declined")  # type: ignore[arg-type]


def refunds(scene: Scene) -> list[Json]:
    """Return every refund of the PaymentIntent, newest first."""
    done = [movement.id for movement in scene.movements if movement.kind == REFUND]
    refused: Json = _kept(scene, scene.hold.id).get("refused", {})  # type: ignore[assignment]
    awaited = [call.reference or "" for call in scene.awaited]
    shown = [refund(scene, reference) for reference in [*awaited, *refused, *reversed(done)]]
    return [document for document in shown if document is not None]


def disputes(scene: Scene) -> list[Json]:
    """Return every dispute of the PaymentIntent, newest first."""
    won = {movement.undoes for movement in scene.movements if movement.kind == DISPUTE_WON}
    return [
        {
            "id": movement.id,
            "object": "dispute",
            "amount": to_wire(movement.amount, movement.currency),
            "charge": charge_id(scene),
            "created": movement.at // SECOND_US,
            "currency": movement.currency.lower(),
            "livemode": False,
            "payment_intent": scene.hold.id,
            "reason": "fraudulent",
            "status": "won" if movement.id in won else "needs_response",
        }
        for movement in reversed(scene.movements)
        if movement.kind == DISPUTE
    ]


# What moves the balance, by kind: the type of its transaction, and whether the money comes or goes.
BALANCE: dict[str, tuple[str, int]] = {
    CAPTURE: ("charge", 1),
    REFUND: ("refund", -1),
    CAPTURE_FAILED: ("payment_failure_refund", -1),
    REFUND_FAILED: ("refund_failure", 1),
    DISPUTE: ("adjustment", -1),
    DISPUTE_WON: ("adjustment", 1),
}


def balance_transaction(scene: Scene, movement: Movement, *, is_expanded: bool) -> Json:
    """Return how a movement changed the account's balance, which is kept in the currency of each payment here."""
    kind, sign = BALANCE[movement.kind]
    about = movement.undoes or movement.id
    source: Json | None = charge(scene)
    if movement.kind in (REFUND, REFUND_FAILED):
        source = refund(scene, about)
    if movement.kind in (DISPUTE, DISPUTE_WON):
        source = next(document for document in disputes(scene) if document["id"] == about)
    figure = sign * to_wire(movement.amount, movement.currency)
    return {
        "id": f"txn_{movement.id}",
        "object": "balance_transaction",
        "amount": figure,
        "available_on": movement.at // SECOND_US,
        "created": movement.at // SECOND_US,
        "currency": movement.currency.lower(),
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": figure,
        "source": source if is_expanded else (source or {}).get("id"),
        "status": "available",
        "type": kind,
    }


def listed(documents: list[Json], *, address: str, has_more: bool = False) -> Json:
    """Return a page of a list of documents."""
    return {"object": "list", "data": documents, "has_more": has_more, "url": address}


def event(kind: str, document: Json, *, reference: str, now: int, key: str = "") -> Json:
    """Return an event that tells of a document."""
    return {
        "id": reference,
        "object": "event",
        "api_version": API_VERSION,
        "created": now // SECOND_US,
        "data": {"object": document},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": key or None},
        "type": kind,
    }


def _refund(scene: Scene, reference: str, amount: int, status: str, at: int, *, kept: Json, failure: str = "") -> Json:
    document: Json = {
        "id": reference,
        "object": "refund",
        "amount": to_wire(amount, scene.hold.currency),
        "charge": charge_id(scene),
        "created": at // SECOND_US,
        "currency": scene.hold.currency.lower(),
        "metadata": kept.get("metadata", {}),
        "payment_intent": scene.hold.id,
        "reason": kept.get("reason"),
        "status": status,
    }
    return {**document, "failure_reason": failure} if failure else document


def _refunded(scene: Scene) -> int:
    gone = {movement.undoes for movement in scene.movements if movement.kind == REFUND_FAILED}
    return sum(each.amount for each in scene.movements if each.kind == REFUND and each.id not in gone)


def _kept(scene: Scene, reference: str) -> Json:
    return scene.particulars.get(reference, {})


def _canceled_at(scene: Scene) -> int:
    released = [movement.at for movement in scene.movements if movement.kind == REVERSAL]
    return (released[0] if released else scene.hold.expires_at) // SECOND_US


def _cancellation_reason(scene: Scene) -> object:
    if not any(movement.kind == REVERSAL for movement in scene.movements):
        return "expired"
    return _kept(scene, scene.hold.id).get("cancellation_reason")
