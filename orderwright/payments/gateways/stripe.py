"""Stripe, through its official SDK: PaymentIntents with manual capture. Extra: orderwright[stripe].

Source: Stripe's API reference (PaymentIntents, Refunds, Errors, Idempotent requests), Place a hold, Capture a payment
multiple times, Currencies, Webhook signatures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.conf import settings

from orderwright.core.clock import now as machine_now
from orderwright.core.money import exponent
from orderwright.payments.errors import GatewayMissing, ProviderUnreachable
from orderwright.payments.gateways.port import (
    HOLD_EXPIRED,
    Accepted,
    Account,
    Call,
    Credential,
    Failed,
    Movement,
    NeedsPerson,
    Notice,
    NoticeRefused,
    NotTaken,
    Observed,
    Outcome,
    Succeeded,
    Unknown,
)

if TYPE_CHECKING:
    import stripe

# How old a signed message may be: Stripe's own advice against replays.
TOLERANCE = timedelta(minutes=5)
# Stripe's own decimals, which are neither ISO 4217's nor ours everywhere: what is not listed has two, ISK and UGX too.
_WITHOUT_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_WITH_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
_EXPIRED = frozenset({"expired", "automatic"})
# Events that say that a PaymentIntent may stand differently; all else is not about what the desk keeps books on.
_TELLING = ("payment_intent.", "charge.", "refund.")
_PAYMENT_INTENT = "payment_intent"


class StripeGateway:
    """Speaks for one Stripe account. What is captured or refunded carries our key in its metadata, so it can be found.

    Without multicapture, which an account may have for some cards, a capture in part releases the rest of the hold.
    """

    name = "stripe"
    title = "Stripe"
    credentials: ClassVar[tuple[Credential, ...]] = (
        Credential(name="secret_key", label="Secret key"),
        Credential(name="webhook_secret", label="Webhook signing secret", is_needed=False),
    )
    recovery: ClassVar[Literal["replay", "lookup", "none"]] = "replay"
    key_window = timedelta(hours=24)
    settles_later = False
    captures_in_parts = True
    may_release_rest = True
    can_move_money = True
    can_be_asked = True
    is_recorded = False

    def __init__(self, account: Account) -> None:
        _sdk()  # who has not installed it is to know before anything is sent
        self._account = account

    def send(self, call: Call) -> Outcome:
        """Make the movement. Source: port."""
        sdk = _sdk()
        try:
            if call.kind == "refund":
                return self._refund(call)
            intent = self._intent(call.reference)
            return self._capture(call, intent) if call.kind == "capture" else self._cancel(call, intent)
        except sdk.StripeError as error:
            return _outcome_of(error)
        except _Unrepresentable as error:
            return Failed(code="amount_not_possible", message=str(error))
        except _Unreadable as error:
            return Unknown(why=str(error))

    def look_up(self, reference: str) -> Observed:
        """Return the PaymentIntent with its captures, refunds and disputes. Raises: ProviderUnreachable."""
        sdk = _sdk()
        try:
            intent = self._intent(reference)
            page = self._client().v1.refunds.list({"payment_intent": reference, "limit": 100})
            refunds = list(page.auto_paging_iter())
            is_disputed = _charge_of(intent).get("disputed")
            found = self._client().v1.disputes.list({"payment_intent": reference}) if is_disputed else None
            disputes = list(found.auto_paging_iter()) if found is not None else []
            return _observed(intent, [_dict(one) for one in refunds], [_dict(one) for one in disputes])
        except sdk.StripeError as error:
            words = f"Stripe answered {error.http_status}." if error.http_status else "Stripe could not be reached."
            raise ProviderUnreachable(words, facts={"status": error.http_status or 0}) from error
        except _Unreadable as error:
            raise ProviderUnreachable(str(error)) from error

    def read_notices(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Notice]:
        """Return the event of a webhook as a hint to look its PaymentIntent up. Raises: NoticeRefused."""
        sdk = _sdk()
        secrets = self._account.credentials.get("webhook_secret", "").split()
        signature = headers.get("stripe-signature", "")
        if not secrets or not signature:
            raise NoticeRefused("The signature is missing, or the account has no signing secret.")
        try:
            text = body.decode()
            # While a secret is being replaced there are two, and either may have signed.
            if not any(_is_signed(sdk, text, signature, secret) for secret in secrets):
                raise NoticeRefused("The signature is not Stripe’s.")
            event = _json(text)
        except (ValueError, RecursionError, _Unreadable) as error:
            raise NoticeRefused("The message cannot be read.") from error
        if not _is_fresh(signature, now):
            raise NoticeRefused("The message is too old.")
        if bool(event.get("livemode")) != self._account.is_live:
            raise NoticeRefused("The message is of the other mode, live or test.")
        reference = _reference_of(event)
        if not reference or not str(event.get("type", "")).startswith(_TELLING):
            return []
        return [Notice(event_id=str(event["id"]), kind=str(event["type"]), reference=reference)]

    def _capture(self, call: Call, intent: dict[str, Any]) -> Outcome:
        if _is_expired(intent):
            return Failed(code=HOLD_EXPIRED, message="The hold ran out at Stripe.")
        elsewhere = _captured_elsewhere(intent)
        if call.key in intent["metadata"]:  # done before, and the answer lost: no call is needed to know
            return _captured(call, intent, elsewhere=elsewhere)
        params: dict[str, Any] = {
            "amount_to_capture": _to_wire(call.amount_minor, call.currency),
            "metadata": {call.key: str(call.amount_minor)},
            "expand": ["latest_charge"],
        }
        if _is_multicapture(intent):
            params["final_capture"] = False
        capture = self._client().v1.payment_intents.capture
        after = capture(call.reference, params, {"idempotency_key": call.key})  # type: ignore[arg-type]
        return _captured(call, _dict(after), elsewhere=elsewhere)

    def _cancel(self, call: Call, intent: dict[str, Any]) -> Outcome:
        if _is_expired(intent):
            return Failed(code=HOLD_EXPIRED, message="The hold ran out at Stripe.")
        after = _dict(
            self._client().v1.payment_intents.cancel(
                call.reference, {"expand": ["latest_charge"]}, {"idempotency_key": call.key}
            )
        )
        released = _released(after)
        return Succeeded(
            provider_ref=f"{call.reference}-released",
            amount_minor=released,
            currency=_currency(after),
            at=_time(after.get("canceled_at")) or machine_now(),
        )

    def _refund(self, call: Call) -> Outcome:
        refund = _dict(
            self._client().v1.refunds.create(
                {
                    "payment_intent": call.reference,
                    "amount": _to_wire(call.amount_minor, call.currency),
                    "metadata": {"key": call.key, "capture": call.capture_ref},
                },
                {"idempotency_key": call.key},
            )
        )
        return _outcome_of_refund(refund)

    def _intent(self, reference: str) -> dict[str, Any]:
        found = self._client().v1.payment_intents.retrieve(reference, {"expand": ["latest_charge"]})
        intent = _dict(found)
        if intent.get("id") != reference:
            raise _Unreadable("Stripe answered about another payment.")
        return intent

    def _client(self) -> stripe.StripeClient:
        return _client(self._account.credentials.get("secret_key", ""), self._account.base_url)


GATEWAY = StripeGateway


class _Unreadable(Exception):
    """An answer lacks what it has to have."""


class _Unrepresentable(Exception):
    """The amount has digits that Stripe has not in this currency."""


@cache
def _sdk() -> Any:
    """Return the SDK, imported only when an account needs it: it takes a second. Raises: GatewayMissing."""
    try:
        import stripe  # noqa: PLC0415 - see above
    except ImportError as error:
        raise GatewayMissing("Stripe needs its SDK: install orderwright[stripe].") from error
    stripe.enable_telemetry = False
    return stripe


@cache
def _client(secret_key: str, base_url: str) -> stripe.StripeClient:
    sdk = _sdk()
    # Repetition is the desk's own business: a library that repeats by itself would do so without a committed row.
    transport = sdk.RequestsClient(timeout=(settings.PROVIDER_CONNECT_TIMEOUT, settings.PROVIDER_READ_TIMEOUT))
    addresses = {"base_addresses": {"api": base_url.rstrip("/")}} if base_url else {}
    client: stripe.StripeClient = sdk.StripeClient(
        secret_key or "none", max_network_retries=0, http_client=transport, **addresses
    )
    return client


def _outcome_of(error: stripe.StripeError) -> Outcome:
    """Return what an error of the SDK says of the money."""
    sdk = _sdk()
    status = error.http_status or 0
    is_passing = status in (HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
    if isinstance(error, sdk.APIConnectionError):
        return Unknown(why="Stripe could not be reached, or did not answer in time.")
    if is_passing or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(why=f"Stripe answered {status or 'nothing usable'}.", retry_after=_retry_after(error))
    code, message = error.code or "", (error.user_message or "Stripe refused.")[:300]
    if code == "charge_expired_for_capture":
        return Failed(code=HOLD_EXPIRED, message=message)
    # A refusal without a code, or of a parameter, is one of the request's form: nothing was looked at.
    is_refusal = isinstance(error, sdk.CardError) or (bool(code) and not code.startswith("parameter_"))
    if is_refusal and not isinstance(error, sdk.AuthenticationError | sdk.PermissionError | sdk.IdempotencyError):
        return Failed(code=(code or "card_declined")[:60], message=message)
    return NotTaken(code=(code or f"stripe_{status}")[:60], message=message)


def _retry_after(error: stripe.StripeError) -> timedelta | None:
    seconds = str((error.headers or {}).get("Retry-After", ""))
    return timedelta(seconds=min(int(seconds), 3600)) if seconds.isascii() and seconds.isdigit() else None


def _captured(call: Call, intent: dict[str, Any], *, elsewhere: int) -> Outcome:
    """Return how the capture under our key went, by the PaymentIntent as it stands after it.

    What it came to is Stripe's own sum less what was captured under other keys of ours, or elsewhere before.
    """
    if call.key not in intent["metadata"]:
        raise _Unreadable("Stripe’s answer does not name the capture.")
    currency = _currency(intent)
    others = sum(minor for key, minor in _ours(intent).items() if key != call.key)
    return Succeeded(
        provider_ref=_capture_ref(intent, call.key),
        amount_minor=_from_wire(intent["amount_received"], currency) - others - elsewhere,
        currency=currency,
        at=machine_now(),
        released_minor=0 if _is_multicapture(intent) else _released(intent),
    )


def _ours(intent: dict[str, Any]) -> dict[str, int]:
    """Return what was captured under keys of ours. Unit: minor units."""
    return {key: int(said) for key, said in intent["metadata"].items() if key.startswith("op_") and said.isdigit()}


def _captured_elsewhere(intent: dict[str, Any]) -> int:
    """Return what was captured by no call of ours, at Stripe's dashboard say. Unit: minor units, never negative."""
    return max(_from_wire(intent["amount_received"], _currency(intent)) - sum(_ours(intent).values()), 0)


def _outcome_of_refund(refund: dict[str, Any]) -> Outcome:
    reference, status = str(refund["id"]), refund.get("status")
    if status == "succeeded":
        currency = _currency(refund)
        return Succeeded(
            provider_ref=reference,
            amount_minor=_from_wire(refund["amount"], currency),
            currency=currency,
            at=_time(refund.get("created")) or machine_now(),
        )
    if status in ("failed", "canceled"):
        return Failed(code=str(refund.get("failure_reason") or status)[:60], message=f"The refund {status} at Stripe.")
    if status == "requires_action":
        return NeedsPerson(why="Stripe waits for the customer to say where the money shall go.")
    return Accepted(provider_ref=reference)


def _observed(intent: dict[str, Any], refunds: list[dict[str, Any]], disputes: list[dict[str, Any]]) -> Observed:
    currency, reference = _currency(intent), str(intent["id"])
    charge = _charge_of(intent)
    card = charge.get("payment_method_details", {}).get("card") or {}
    movements = [*_captures(intent), *_releases(intent)]
    awaited: set[str] = set()
    refused: dict[str, Failed] = {}
    for refund in reversed(refunds):
        key = str((refund.get("metadata") or {}).get("key", ""))
        match refund.get("status"):
            case "pending" | "requires_action":
                awaited.add(key)
            case "canceled":
                refused[key] = Failed(code="canceled", message="The refund was canceled at Stripe.")
            case status:
                movements += _refund_movements(refund, is_failed=status == "failed", currency=currency)
    for dispute in reversed(disputes):
        movements += _dispute_movements(dispute, str(charge.get("id", "")))
    return Observed(
        reference=reference,
        currency=currency,
        authorised_minor=_from_wire(intent["amount"], currency),
        expires_at=_time(card.get("capture_before")),
        movements=tuple(movements),
        awaited=frozenset(awaited - {""}),
        refused={key: failed for key, failed in refused.items() if key},
    )


def _captures(intent: dict[str, Any]) -> list[Movement]:
    """Return the captures: those under keys of ours, and what is left of the sum as one that was made elsewhere."""
    currency, elsewhere = _currency(intent), _captured_elsewhere(intent)
    parts = [*_ours(intent).items(), *([("", elsewhere)] if elsewhere else [])]
    return [
        Movement(
            kind="capture",
            provider_ref=_capture_ref(intent, key),
            parent_ref="",
            amount_minor=minor,
            currency=currency,
            key=key,
            at=machine_now(),  # Stripe keeps no time per capture
        )
        for key, minor in parts
    ]


def _releases(intent: dict[str, Any]) -> list[Movement]:
    """Return what was let go of: by a cancellation, by the calendar, or with a capture that was the only one."""
    released = _released(intent)
    if not released:
        return []
    captured = _captures(intent)
    is_expired = intent.get("cancellation_reason") in _EXPIRED
    with_capture = bool(captured) and not _is_multicapture(intent)
    reference = f"{captured[-1].provider_ref}-rest" if with_capture else f"{intent['id']}-released"
    return [
        Movement(
            kind="expire" if is_expired else "reverse",
            provider_ref=f"expired-{intent['id']}" if is_expired else reference,
            parent_ref="",
            amount_minor=released,
            currency=_currency(intent),
            key="",
            at=_time(intent.get("canceled_at")) or machine_now(),
        )
    ]


def _refund_movements(refund: dict[str, Any], *, is_failed: bool, currency: str) -> list[Movement]:
    metadata = refund.get("metadata") or {}
    key, reference = str(metadata.get("key", "")), str(refund["id"])
    amount, at = _from_wire(refund["amount"], currency), _time(refund.get("created")) or machine_now()
    done = Movement(
        kind="refund",
        provider_ref=reference,
        parent_ref=str(metadata.get("capture", "")),
        amount_minor=amount,
        currency=_currency(refund),
        key=key,
        at=at,
    )
    undone = Movement(
        kind="refund_failed",
        provider_ref=f"{reference}-failed",
        parent_ref=reference,
        amount_minor=amount,
        currency=_currency(refund),
        key="",
        at=at,
    )
    return [done, undone] if is_failed else [done]


def _dispute_movements(dispute: dict[str, Any], charge: str) -> list[Movement]:
    """Return the dispute, whose money is gone at once, and that it came back when the shop has won."""
    reference, currency = str(dispute["id"]), _currency(dispute)
    amount, at = _from_wire(dispute["amount"], currency), _time(dispute.get("created")) or machine_now()
    lost = Movement(
        kind="dispute", provider_ref=reference, parent_ref=charge, amount_minor=amount, currency=currency, key="", at=at
    )
    won = Movement(
        kind="dispute_won",
        provider_ref=f"{reference}-won",
        parent_ref=reference,
        amount_minor=amount,
        currency=currency,
        key="",
        at=at,
    )
    if str(dispute.get("status", "")).startswith("warning"):
        return []  # an inquiry: no money has moved
    return [lost, won] if dispute.get("status") == "won" else [lost]


def _capture_ref(intent: dict[str, Any], key: str) -> str:
    """Return a name for the capture: Stripe's charge, with our key where several captures are on one."""
    charge = str(_charge_of(intent).get("id", ""))
    return f"{charge}/{key or 'elsewhere'}" if _is_multicapture(intent) else charge


def _is_multicapture(intent: dict[str, Any]) -> bool:
    card = _charge_of(intent).get("payment_method_details", {}).get("card") or {}
    return bool((card.get("multicapture") or {}).get("status") == "available")


def _released(intent: dict[str, Any]) -> int:
    """Return what was authorised and is neither captured nor can be any more. Unit: minor units."""
    if intent["status"] not in ("canceled", "succeeded"):
        return 0
    return _from_wire(intent["amount"] - intent["amount_received"] - intent["amount_capturable"], _currency(intent))


def _is_expired(intent: dict[str, Any]) -> bool:
    return intent["status"] == "canceled" and intent.get("cancellation_reason") in _EXPIRED


def _charge_of(intent: dict[str, Any]) -> dict[str, Any]:
    charge = intent.get("latest_charge")
    return charge if isinstance(charge, dict) else {}


def _to_wire(minor: int, currency: str) -> int:
    """Return an amount as Stripe writes it. Raises: _Unrepresentable. Source: Stripe, Currencies."""
    ours, theirs = exponent(currency), _wire_decimals(currency)
    figure, rest = divmod(minor * pow(10, theirs), pow(10, ours))
    if rest or (theirs == 3 and figure % 10):  # noqa: PLR2004 - three decimals, of which the last is always zero
        raise _Unrepresentable(f"Stripe cannot move {minor} minor units of {currency}: it has fewer decimals.")
    return int(figure)


def _from_wire(figure: int, currency: str) -> int:
    minor: int = figure * pow(10, exponent(currency)) // pow(10, _wire_decimals(currency))
    return minor


def _wire_decimals(currency: str) -> int:
    return 0 if currency in _WITHOUT_DECIMALS else 3 if currency in _WITH_THREE_DECIMALS else 2


def _currency(document: dict[str, Any]) -> str:
    return str(document["currency"]).upper()


def _time(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def _dict(found: Any) -> dict[str, Any]:
    """Return an object of the SDK as plain values, checked for what every one of them has."""
    document: dict[str, Any] = found.to_dict()
    if not isinstance(document.get("id"), str) or not isinstance(document.get("currency", ""), str):
        raise _Unreadable("Stripe’s answer could not be read.")
    return document


def _json(text: str) -> dict[str, Any]:
    document = json.loads(text)
    if not isinstance(document, dict) or not isinstance(document.get("id"), str):
        raise _Unreadable("The event cannot be read.")
    return document


def _is_signed(sdk: Any, text: str, signature: str, secret: str) -> bool:
    try:
        return bool(sdk.WebhookSignature.verify_header(text, signature, secret))
    except sdk.SignatureVerificationError:
        return False


def _is_fresh(signature: str, now: datetime) -> bool:
    """Tell whether the one time that was signed is near the present; with two, the other might be the one verified."""
    stamps = [value for name, _mark, value in (part.partition("=") for part in signature.split(",")) if name == "t"]
    if len(stamps) != 1 or not re.fullmatch(r"[0-9]{1,11}", stamps[0]):
        return False
    return abs(now - datetime.fromtimestamp(int(stamps[0]), UTC)) <= TOLERANCE


def _reference_of(event: dict[str, Any]) -> str:
    document = _inner(_inner(event, "data"), "object")
    if document.get("object") == _PAYMENT_INTENT:
        return str(document.get("id", ""))
    found = document.get(_PAYMENT_INTENT)
    return str(found.get("id", "") if isinstance(found, dict) else found or "")


def _inner(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
