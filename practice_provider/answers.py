"""What the provider answers: documents of holds, movements and refusals, as bytes; what happens is no matter of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from practice_provider import engine
from practice_provider.documents import Json
from practice_provider.engine import Hold, Movement
from practice_provider.faults import Fault
from practice_provider.instants import text_of
from practice_provider.refusals import CardDeclined, KeyInUse, Refusal
from practice_provider.words import gettext as _


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer with a JSON body."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes of a call: the answer, and the fault under which the caller gets it or not.

    ``ended`` is to be called once the caller was answered or dropped: until then the key may count as in use.
    ``wrong`` is the answer that a fault makes name another amount or currency.
    """

    answer: Answer
    fault: Fault | None = None
    ended: Callable[[], None] = field(default=lambda: None)
    wrong: Answer | None = None


def answer_of(status: int, document: Json, *, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Return an answer whose body is the document."""
    return Answer(status, json.dumps(document, separators=(",", ":")).encode(), headers)


def refused(refusal: Refusal) -> Answer:
    """Return the answer that tells of a refusal."""
    document: Json = {"error": {"code": refusal.code, "message": refusal.message, **refusal.facts}}
    return answer_of(refusal.status, document)


def hold_document(hold: Hold, movements: list[Movement], *, now: int) -> Json:
    """Return an authorisation as the interface shows it."""
    return {
        "id": hold.id,
        "amount": hold.amount,
        "currency": hold.currency,
        "card": {"brand": hold.card_brand, "last4": hold.card_last4},
        "captured": hold.captured,
        "released": hold.released,
        "refunded": hold.refunded,
        "expired": hold.rest if now >= hold.expires_at else 0,
        "state": engine.state_of(hold, now=now),
        "authorised_at": text_of(hold.authorised_at),
        "expires_at": text_of(hold.expires_at),
        "movements": [movement_document(movement) for movement in movements],
    }


def movement_document(movement: Movement) -> Json:
    """Return a movement as the interface shows it; `undoes` names what was taken back."""
    return {
        "id": movement.id,
        "kind": movement.kind,
        "authorisation": movement.authorisation,
        "amount": movement.amount,
        "currency": movement.currency,
        "capture": movement.capture,
        "undoes": movement.undoes,
        "idempotency_key": movement.idempotency_key,
        "made_by": movement.made_by,
        "at": text_of(movement.at),
        "state": "succeeded",
    }


def effect_document(movement: Movement) -> Json:
    """Return one line of the effect log."""
    return {
        "sequence": movement.sequence,
        "kind": movement.kind,
        "authorisation": movement.authorisation,
        "id": movement.id,
        "amount": movement.amount,
        "currency": movement.currency,
        "idempotency_key": movement.idempotency_key,
        "at": text_of(movement.at),
    }


def failed_by(fault: Fault) -> Answer:
    """Return what the provider says when a fault makes it answer by itself."""
    if fault.kind == "decline":
        return refused(CardDeclined())
    if fault.kind == "conflict":
        return refused(KeyInUse())
    if fault.kind == "busy":
        error = {"code": "too_many_requests", "message": _("The provider is busy; try again later.")}
        wait = max(1, -int(-fault.seconds // 1))
        return answer_of(429, {"error": error}, headers=(("Retry-After", str(wait)),))
    error = {"code": "server_error", "message": _("The provider failed.")}
    return answer_of(500, {"error": error})


def wrongly_echoed(answer: Answer, kind: str) -> Answer:
    """Return an answer that names a wrong amount or currency, though the effect was right; refusals stay as is."""
    if answer.status >= HTTPStatus.BAD_REQUEST:
        return answer
    document = json.loads(answer.body)
    for shown in (document, *document.get("movements", ())[-1:]):
        if kind == "wrong_amount":
            shown["amount"] += 1
        else:
            shown["currency"] = "EUR" if shown["currency"] != "EUR" else "USD"
    return answer_of(answer.status, document, headers=answer.headers)


def answers_itself(fault: Fault) -> bool:
    """Tell whether a fault puts an answer of its own in the place of the right one."""
    return fault.kind in ("server_error", "server_error_after", "busy", "conflict")
