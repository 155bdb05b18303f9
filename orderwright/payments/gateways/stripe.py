"""Stripe, through its official SDK: PaymentIntents with manual capture. Extra: orderwright[stripe].

Source: Stripe's API reference (PaymentIntents, Refunds, Errors, Idempotent requests), Place a hold, Capture a payment
multiple times, Currencies, Webhook signatures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.conf import settings

from orderwright.core.clock import now as machine_now
from orderwright.payments.errors import GatewayMissing, ProviderUnreachable
from orderwright.payments.gateways.port import (
    HOLD_EXPIRED,
    Account,
    Call,
    Credential,
    Failed,
    Listed,
    Notice,
    NoticeRefused,
    NotTaken,
    Observed,
    Outcome,
    Succeeded,
    Unknown,
)
from orderwright.payments.gateways.reading.amounts import Unrepresentable, waiting_time
from orderwright.payments.gateways.reading.stripe_documents import (
    DECIMALS,
    Unreadable,
    captured,
    captured_elsewhere,
    charge_of,
    currency_of,
    event_of,
    is_expired,
    is_multicapture,
    listed,
    observed,
    of_known_shape,
    outcome_of_refund,
    plain,
    reference_of,
    released_of,
    time_of,
)

if TYPE_CHECKING:
    import stripe

# How old a signed message may be: Stripe's own advice against replays.
TOLERANCE = timedelta(minutes=5)
# Objects on one page of a list: the most that Stripe gives.
_PAGE = 100
# Events that say that a PaymentIntent may stand differently; all else is not about what the desk keeps books on.
_TELLING = ("payment_intent.", "charge.", "refund.")


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
    hold_lasts: ClassVar[timedelta | None] = timedelta(days=7)
    settles_later = False
    captures_in_parts = True
    may_release_rest = True
    can_move_money = True
    can_be_asked = True
    can_list = True
    is_recorded = False

    def __init__(self, account: Account) -> None:
        _sdk()  # who has not installed it is to know before anything is sent
        self._account = account

    def send(self, call: Call) -> Outcome:
        """Make the movement. Source: port."""
        sdk = _sdk()
        try:
            with of_known_shape():
                if call.kind == "refund":
                    return self._refund(call)
                intent = self._intent(call.reference)
                return self._capture(call, intent) if call.kind == "capture" else self._cancel(call, intent)
        except sdk.StripeError as error:
            return _outcome_of(error)
        except Unrepresentable as error:
            return Failed(code="amount_not_possible", message=str(error))
        except Unreadable as error:
            return Unknown(why=str(error))

    def look_up(self, reference: str) -> Observed:
        """Return the PaymentIntent with its captures, refunds and disputes. Raises: ProviderUnreachable."""
        sdk = _sdk()
        try:
            with of_known_shape():
                intent = self._intent(reference)
                page = self._client().v1.refunds.list({"payment_intent": reference, "limit": 100})
                refunds = list(page.auto_paging_iter())
                is_disputed = charge_of(intent).get("disputed")
                found = self._client().v1.disputes.list({"payment_intent": reference}) if is_disputed else None
                disputes = list(found.auto_paging_iter()) if found is not None else []
                return observed(intent, [plain(one) for one in refunds], [plain(one) for one in disputes])
        except sdk.StripeError as error:
            raise _unreachable(error) from error
        except Unreadable as error:
            raise ProviderUnreachable(str(error)) from error

    def movements_between(self, start: datetime, end: datetime) -> Iterator[Listed]:
        """Yield the balance's transactions of the time that are about payments. Raises: ProviderUnreachable."""
        sdk = _sdk()
        try:
            with of_known_shape():
                page = self._client().v1.balance_transactions.list(
                    {
                        "created": {"gte": int(start.timestamp()), "lt": int(end.timestamp())},
                        "limit": _PAGE,
                        "expand": ["data.source"],
                    }
                )
                for found in page.auto_paging_iter():
                    movement = listed(plain(found))
                    if movement is not None:
                        yield movement
        except sdk.StripeError as error:
            raise _unreachable(error) from error
        except Unreadable as error:
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
            event = event_of(text)
        except (ValueError, RecursionError, Unreadable) as error:
            raise NoticeRefused("The message cannot be read.") from error
        if not _is_fresh(signature, now):
            raise NoticeRefused("The message is too old.")
        if bool(event.get("livemode")) != self._account.is_live:
            raise NoticeRefused("The message is of the other mode, live or test.")
        reference = reference_of(event)
        if not reference or not str(event.get("type", "")).startswith(_TELLING):
            return []
        return [Notice(event_id=str(event["id"]), kind=str(event["type"]), reference=reference)]

    def _capture(self, call: Call, intent: dict[str, Any]) -> Outcome:
        if is_expired(intent):
            return Failed(code=HOLD_EXPIRED, message="The hold ran out at Stripe.")
        elsewhere = captured_elsewhere(intent)
        if call.key in intent["metadata"]:  # done before, and the answer lost: no call is needed to know
            return captured(call, intent, elsewhere=elsewhere)
        params: dict[str, Any] = {
            "amount_to_capture": DECIMALS.to_wire(call.amount_minor, call.currency),
            "metadata": {call.key: str(call.amount_minor)},
            "expand": ["latest_charge"],
        }
        if is_multicapture(intent):
            params["final_capture"] = False
        capture = self._client().v1.payment_intents.capture
        after = capture(call.reference, params, {"idempotency_key": call.key})  # type: ignore[arg-type]
        return captured(call, plain(after), elsewhere=elsewhere)

    def _cancel(self, call: Call, intent: dict[str, Any]) -> Outcome:
        if is_expired(intent):
            return Failed(code=HOLD_EXPIRED, message="The hold ran out at Stripe.")
        after = plain(
            self._client().v1.payment_intents.cancel(
                call.reference, {"expand": ["latest_charge"]}, {"idempotency_key": call.key}
            )
        )
        released = released_of(after)
        return Succeeded(
            provider_ref=f"{call.reference}-released",
            amount_minor=released,
            currency=currency_of(after),
            at=time_of(after.get("canceled_at")) or machine_now(),
        )

    def _refund(self, call: Call) -> Outcome:
        refund = plain(
            self._client().v1.refunds.create(
                {
                    "payment_intent": call.reference,
                    "amount": DECIMALS.to_wire(call.amount_minor, call.currency),
                    "metadata": {"key": call.key, "capture": call.capture_ref},
                },
                {"idempotency_key": call.key},
            )
        )
        return outcome_of_refund(refund)

    def _intent(self, reference: str) -> dict[str, Any]:
        found = self._client().v1.payment_intents.retrieve(reference, {"expand": ["latest_charge"]})
        intent = plain(found)
        if intent.get("id") != reference:
            raise Unreadable("Stripe answered about another payment.")
        return intent

    def _client(self) -> stripe.StripeClient:
        return _client(self._account.credentials.get("secret_key", ""), self._account.base_url)


GATEWAY = StripeGateway


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


def _unreachable(error: stripe.StripeError) -> ProviderUnreachable:
    """Return what a question without a usable answer raises."""
    words = f"Stripe answered {error.http_status}." if error.http_status else "Stripe could not be reached."
    return ProviderUnreachable(words, facts={"status": error.http_status or 0})


def _outcome_of(error: stripe.StripeError) -> Outcome:
    """Return what an error of the SDK says of the money."""
    sdk = _sdk()
    status = error.http_status or 0
    is_passing = status in (HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
    if isinstance(error, sdk.APIConnectionError):
        return Unknown(why="Stripe could not be reached, or did not answer in time.")
    if is_passing or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = waiting_time((error.headers or {}).get("Retry-After"))
        return Unknown(why=f"Stripe answered {status or 'nothing usable'}.", retry_after=wait)
    code, message = error.code or "", (error.user_message or "Stripe refused.")[:300]
    if code == "charge_expired_for_capture":
        return Failed(code=HOLD_EXPIRED, message=message)
    # A refusal without a code, or of a parameter, is one of the request's form: nothing was looked at.
    is_refusal = isinstance(error, sdk.CardError) or (bool(code) and not code.startswith("parameter_"))
    if is_refusal and not isinstance(error, sdk.AuthenticationError | sdk.PermissionError | sdk.IdempotencyError):
        return Failed(code=(code or "card_declined")[:60], message=message)
    return NotTaken(code=(code or f"stripe_{status}")[:60], message=message)


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
