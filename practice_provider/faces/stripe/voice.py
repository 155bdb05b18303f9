"""The words of the Stripe face: answers, notices and their signature."""

import hashlib
import hmac
import json
import secrets
from datetime import datetime

from practice_provider.answers import Answer, answer_of
from practice_provider.calls import (
    AUTHORISATION,
    CAPTURE,
    DISPUTE,
    DISPUTE_WON,
    REFUND,
    REFUND_FAILED,
    REVERSAL,
)
from practice_provider.documents import Json
from practice_provider.faces.stripe import objects, refusals
from practice_provider.faults import Fault
from practice_provider.refusals import Refusal
from practice_provider.voices import Scene, Told

NAME = "stripe"


class StripeVoice:
    """Says what happened as Stripe would."""

    settles_later = False
    signs_with = r"[!-~]{8,200}"

    def done(self, scene: Scene) -> Answer:
        """Return the PaymentIntent after what was done, or the refund."""
        return self._about_call(scene)

    def accepted(self, scene: Scene) -> Answer:
        """Return the refund as pending; other calls are never only accepted here."""
        return self._about_call(scene)

    def shown(self, scene: Scene) -> Answer:
        """Return the PaymentIntent."""
        return answer_of(200, objects.payment_intent(scene))

    def refused(self, refusal: Refusal) -> Answer:
        """Return the refusal with its type and code."""
        return refusals.refused(refusal)

    def failed_by(self, fault: Fault) -> Answer:
        """Return the fault's answer."""
        return refusals.failed_by(fault)

    def wrongly_echoed(self, answer: Answer, kind: str) -> Answer:
        """Return the document with one minor unit too many, or another currency."""
        if answer.status >= 400:  # noqa: PLR2004 - refusals stay as they are
            return answer
        document: Json = json.loads(answer.body)
        if kind == "wrong_currency":
            document["currency"] = "eur" if document.get("currency") != "eur" else "usd"
        else:
            name = "amount_received" if document.get("amount_received") else "amount"
            document[name] += 1  # type: ignore[operator]
        return answer_of(answer.status, document, headers=answer.headers)

    def notices(self, scene: Scene) -> list[Told]:
        """Return the events of what was made, in the order in which Stripe creates them."""
        made = scene.made
        assert made is not None  # noqa: S101 - notices tell of something
        if made.kind in (REFUND, REFUND_FAILED):
            reference = made.undoes or made.id
            refund = objects.refund(scene, reference) or {}
            was_awaited = scene.call is not None and scene.call.is_accepted
            kind = "refund.updated" if was_awaited or made.kind == REFUND_FAILED else "refund.created"
            events = [(kind, refund), ("charge.refunded", objects.charge(scene))]
            if made.kind == REFUND_FAILED:
                events = [(kind, refund), ("refund.failed", refund)]
            return self._told(scene, events)
        if made.kind in (DISPUTE, DISPUTE_WON):
            dispute = next(one for one in objects.disputes(scene) if one["id"] == (made.undoes or made.id))
            kinds = {
                DISPUTE: ("charge.dispute.created", "charge.dispute.funds_withdrawn"),
                DISPUTE_WON: ("charge.dispute.closed", "charge.dispute.funds_reinstated"),
            }[made.kind]
            return self._told(scene, [(kind, dispute) for kind in kinds])
        intent = objects.payment_intent(scene)
        if made.kind == AUTHORISATION:
            return self._told(scene, [("payment_intent.amount_capturable_updated", intent)])
        events = [("charge.captured", objects.charge(scene))] if made.kind == CAPTURE else []
        if made.kind == REVERSAL or intent["status"] == "succeeded":
            events.append((f"payment_intent.{intent['status']}", intent))
        else:
            events.append(("payment_intent.amount_capturable_updated", intent))
        return self._told(scene, events)

    def notices_of_refusal(self, scene: Scene, refusal: Refusal) -> list[Told]:
        """Return the events of a pending refund that failed."""
        del refusal
        reference = (scene.call.reference if scene.call else "") or ""
        refund = objects.refund(scene, reference)
        if refund is None:
            return []
        return self._told(scene, [("refund.updated", refund), ("refund.failed", refund)])

    def signed(self, body: bytes, *, secret: str, at: datetime) -> tuple[bytes, dict[str, str]]:
        """Return the event as it goes out. Source: Stripe, Verify webhook signatures: HMAC-SHA256 of time and body."""
        stamp = str(int(at.timestamp()))
        signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return body, {"Stripe-Signature": f"t={stamp},v1={signature}"}

    def _about_call(self, scene: Scene) -> Answer:
        call = scene.call
        if call is not None and call.kind == REFUND:
            reference = scene.made.id if scene.made else call.reference or ""
            return answer_of(200, objects.refund(scene, reference) or {})
        expand = tuple(str(each) for each in json.loads(call.extras).get("expand", ())) if call is not None else ()
        return answer_of(200, objects.payment_intent(scene, expand=expand))

    def _told(self, scene: Scene, events: list[tuple[str, Json]]) -> list[Told]:
        told = []
        key = scene.made.idempotency_key if scene.made else ""
        for kind, document in events:
            reference = f"evt_{secrets.token_hex(10)}"
            body = objects.event(kind, document, reference=reference, now=scene.now, key=key)
            told.append(Told(reference, json.dumps(body, separators=(",", ":")).encode()))
        return told
