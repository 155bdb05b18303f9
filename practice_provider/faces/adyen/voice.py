"""The words of the Adyen face: "received" for every modification, and webhooks that tell what came of it."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from practice_provider.answers import Answer, answer_of
from practice_provider.calls import (
    AUTHORISATION,
    CAPTURE,
    CAPTURE_FAILED,
    DISPUTE,
    DISPUTE_WON,
    REFUND,
    REFUND_FAILED,
    REVERSAL,
)
from practice_provider.documents import Json
from practice_provider.faces.adyen import refusals
from practice_provider.faces.adyen.amounts import to_wire
from practice_provider.faults import Fault
from practice_provider.instants import moment_of
from practice_provider.refusals import Refusal
from practice_provider.voices import Scene, Told

NAME = "adyen"

_EVENTS = {
    AUTHORISATION: "AUTHORISATION",
    CAPTURE: "CAPTURE",
    REVERSAL: "CANCELLATION",
    REFUND: "REFUND",
    CAPTURE_FAILED: "CAPTURE_FAILED",
    REFUND_FAILED: "REFUND_FAILED",
    DISPUTE: "CHARGEBACK",
    DISPUTE_WON: "CHARGEBACK_REVERSED",
}
_REASONS = {CAPTURE_FAILED: "Capture Failed", REFUND_FAILED: "Refund Failed", DISPUTE: "Fraudulent"}
# What a webhook's signature is over, in this order.
_SIGNED = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")


class AdyenVoice:
    """Says what happened as Adyen would."""

    settles_later = True
    signs_with = r"([0-9A-Fa-f]{2}){16,64}"

    def done(self, scene: Scene) -> Answer:
        """Return the new payment; modifications are only ever received."""
        hold, kept = scene.hold, scene.particulars.get(scene.hold.id, {})
        return answer_of(
            200,
            {
                "pspReference": hold.id,
                "resultCode": "Authorised",
                "amount": to_wire(hold.amount, hold.currency),
                "merchantReference": kept.get("reference", ""),
                "paymentMethod": {"brand": hold.card_brand, "type": "scheme"},
                "additionalData": {"cardSummary": hold.card_last4},
            },
        )

    def accepted(self, scene: Scene) -> Answer:
        """Return that the modification was received."""
        call = scene.call
        assert call is not None  # noqa: S101 - something was accepted
        said: Json = json.loads(call.extras)
        document: Json = {
            "merchantAccount": said["merchantAccount"],
            "paymentPspReference": scene.hold.id,
            "pspReference": call.reference,
            "reference": said["reference"],
            "status": "received",
        }
        if call.amount is not None:
            document["amount"] = to_wire(call.amount, scene.hold.currency)
        return answer_of(201, document)

    def shown(self, scene: Scene) -> Answer:
        """Raise: a payment cannot be looked up here."""
        raise NotImplementedError(scene)

    def refused(self, refusal: Refusal) -> Answer:
        """Return the refusal with its errorCode."""
        return refusals.refused(refusal)

    def failed_by(self, fault: Fault) -> Answer:
        """Return the fault's answer."""
        return refusals.failed_by(fault)

    def wrongly_echoed(self, answer: Answer, kind: str) -> Answer:
        """Return the document with one minor unit too many, or another currency; a cancellation names neither."""
        document: Json = json.loads(answer.body)
        amount = document.get("amount")
        if not isinstance(amount, dict):
            return answer
        if kind == "wrong_currency":
            amount["currency"] = "EUR" if amount["currency"] != "EUR" else "USD"
        else:
            amount["value"] += 1
        return answer_of(answer.status, document, headers=answer.headers)

    def notices(self, scene: Scene) -> list[Told]:
        """Return the webhook of what was made; that a last capture lets go of the rest is not told."""
        made = scene.made
        assert made is not None  # noqa: S101 - notices tell of something
        about = made.undoes or made.id
        amount = scene.hold.amount if made.kind == REVERSAL else made.amount
        more: Json = {"capturePspReference": made.capture or ""} if made.kind in (DISPUTE, DISPUTE_WON) else {}
        reason = _REASONS.get(made.kind, "")
        item = _item(scene, made.kind, about=about, amount=amount, reason=reason, is_success=True, at=made.at)
        return [_told(item, more)]

    def notices_of_refusal(self, scene: Scene, refusal: Refusal) -> list[Told]:
        """Return the webhook of a modification that came to nothing."""
        call = scene.call
        assert call is not None  # noqa: S101 - what is refused was called for
        item = _item(
            scene,
            call.kind,
            about=call.reference or "",
            amount=scene.hold.amount if call.amount is None else call.amount,
            reason=refusals.reason_of(refusal),
            is_success=False,
            at=scene.now,
            reference=str(json.loads(call.extras).get("reference", "")),
        )
        return [_told(item, {})]

    def signed(self, body: bytes, *, secret: str, at: datetime) -> tuple[bytes, dict[str, str]]:
        """Return the webhook as it goes out. Source: Adyen, Verify HMAC signatures: HMAC-SHA256 of some fields."""
        del at
        document = json.loads(body)
        for wrapped in document["notificationItems"]:
            item = wrapped["NotificationRequestItem"]
            amount = item["amount"]
            parts = [*(item[name] for name in _SIGNED), amount["value"], amount["currency"]]
            text = ":".join(str(part) for part in (*parts, item["eventCode"], item["success"]))
            digest = hmac.new(bytes.fromhex(secret), text.encode(), hashlib.sha256).digest()
            item["additionalData"]["hmacSignature"] = base64.b64encode(digest).decode()
        return json.dumps(document, separators=(",", ":")).encode(), {}


def _item(
    scene: Scene, kind: str, *, about: str, amount: int, reason: str, is_success: bool, at: int, reference: str = ""
) -> Json:
    hold = scene.hold
    kept, said = scene.particulars.get(hold.id, {}), scene.particulars.get(about, {})
    # What was done at the dashboard, by a bank or by a cardholder carries the payment's own reference.
    merchant_reference = reference or str(said.get("reference", "")) or str(kept.get("reference", ""))
    return {
        "amount": to_wire(amount, hold.currency),
        "eventCode": _EVENTS[kind],
        "eventDate": moment_of(at).replace(microsecond=0).isoformat(),
        "merchantAccountCode": kept.get("merchantAccount", ""),
        "merchantReference": merchant_reference,
        "originalReference": "" if kind == AUTHORISATION else hold.id,
        "paymentMethod": kept.get("paymentMethod", hold.card_brand),
        "pspReference": about,
        "reason": reason,
        "success": "true" if is_success else "false",
    }


def _told(item: Json, more: Json) -> Told:
    document = {"live": "false", "notificationItems": [{"NotificationRequestItem": {"additionalData": more, **item}}]}
    name = f"{item['eventCode']}-{item['pspReference']}-{item['success']}"
    return Told(name, json.dumps(document, separators=(",", ":")).encode())
