"""Adyen, through its official SDK: Checkout modifications and standard webhooks. Extra: orderwright[adyen].

Source: Adyen's API explorer (Checkout v72, modifications; Webhooks), Capture, Cancel, Refund, Failed captures and
refunds, API idempotency, Verify HMAC signatures, Currency codes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any, ClassVar, Literal

from django.conf import settings

from orderwright.payments.errors import GatewayMissing, ProviderUnreachable
from orderwright.payments.gateways.port import (
    Accepted,
    Account,
    Call,
    Credential,
    Failed,
    Listed,
    Movement,
    MovementKind,
    NeedsPerson,
    Notice,
    NoticeRefused,
    NotTaken,
    Observed,
    Outcome,
    Unknown,
)
from orderwright.payments.gateways.reading.adyen_documents import (
    DECIMALS,
    failure_of,
    hmac_keys,
    is_signed,
    item_of,
    time_of,
)
from orderwright.payments.gateways.reading.amounts import Unrepresentable, waiting_time

_REFERENCE = re.compile(r"[A-Za-z0-9]{1,64}")
_IN_PROGRESS = "704"
# Several captures on one hold, where Adyen has enabled that for the merchant account.
_SEVERAL = "yes"

_MOVED: dict[str, MovementKind] = {"CAPTURE": "capture", "CANCELLATION": "reverse", "REFUND": "refund"}
_TAKEN_BACK: dict[str, MovementKind] = {"CAPTURE_FAILED": "capture_failed", "REFUND_FAILED": "refund_failed"}
_DISPUTED: dict[str, MovementKind] = {
    "CHARGEBACK": "dispute",
    "SECOND_CHARGEBACK": "dispute",
    "CHARGEBACK_REVERSED": "dispute_won",
}
_TELLING = frozenset({*_MOVED, *_TAKEN_BACK, *_DISPUTED})


class AdyenGateway:
    """Speaks for one merchant account. A call is only received; a webhook, which names our key, tells how it went."""

    name = "adyen"
    title = "Adyen"
    credentials: ClassVar[tuple[Credential, ...]] = (
        Credential(name="api_key", label="API key"),
        Credential(name="merchant_account", label="Merchant account", is_secret=False),
        Credential(name="hmac_key", label="HMAC key of the webhook"),
        Credential(name="live_prefix", label="Live endpoint prefix", is_secret=False, is_needed=False),
        Credential(
            name="several_captures",
            label="Several captures on one hold, if Adyen has enabled them: yes",
            is_secret=False,
            is_needed=False,
        ),
    )
    recovery: ClassVar[Literal["replay", "lookup", "none"]] = "replay"
    key_window = timedelta(days=31)
    hold_lasts: ClassVar[timedelta | None] = timedelta(days=28)
    settles_later = True
    captures_in_parts = True
    may_release_rest = True
    can_move_money = True
    can_be_asked = False
    can_list = False
    is_recorded = False

    def __init__(self, account: Account) -> None:
        _sdk()  # who has not installed it is to know before anything is sent
        self._account = account

    def send(self, call: Call) -> Outcome:
        """Ask for the movement; what came of it is told by a webhook. Source: port."""
        if not _REFERENCE.fullmatch(call.reference):
            return Failed(code="not_found", message="Adyen knows no payment of this name.")  # it becomes a path
        errors = _sdk().exceptions
        try:
            return self._ask(call)
        except Unrepresentable as error:
            return Failed(code="amount_not_possible", message=str(error))
        except (errors.AdyenEndpointInvalidFormat, errors.AdyenInvalidRequestError):
            return NotTaken(code="credentials_missing", message="The API key or the live endpoint prefix is missing.")
        except errors.AdyenError as error:
            return _outcome_of(error)
        except (OSError, AttributeError, ValueError):
            # The SDK lets its transport's errors through, which are OSErrors, and trips over what is no JSON object.
            return Unknown(why="Adyen could not be reached, or gave no usable answer.")

    def look_up(self, reference: str) -> Observed:
        """Raise ProviderUnreachable: Adyen has no interface that tells how a payment stands."""
        raise ProviderUnreachable(f"Adyen cannot be asked about {reference}; it tells by webhook what happened.")

    def movements_between(self, start: datetime, end: datetime) -> Iterator[Listed]:
        """Raise ProviderUnreachable: Adyen lists movements in report files alone."""
        del start, end
        raise ProviderUnreachable("Adyen has no list that can be asked for: its settlement reports come as files.")

    def read_notices(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Notice]:
        """Return the events of a webhook, each with what moved or failed. Raises: NoticeRefused.

        Adyen signs no time, so a message that is sent again years later is not told by its age, but by its event id.
        """
        del headers
        keys = hmac_keys(self._account.credentials.get("hmac_key", ""))
        if not keys:
            raise NoticeRefused("The account has no HMAC key.")
        try:
            message = json.loads(body)
            items = [item_of(wrapped) for wrapped in message["notificationItems"]]
            if not items or not all(is_signed(item, keys) for item in items):
                raise NoticeRefused("The signature is not Adyen’s.")
            is_live = message["live"] in ("true", True)
        except (ValueError, RecursionError, KeyError, TypeError) as error:
            raise NoticeRefused("The message cannot be read.") from error
        if is_live != self._account.is_live:
            raise NoticeRefused("The message is of the other mode, live or test.")
        if any(item["merchantAccountCode"] != self._merchant() for item in items):
            raise NoticeRefused("The message is about another merchant account.")
        return [notice for item in items if item["eventCode"] in _TELLING for notice in self._notices(item, now)]

    def _ask(self, call: Call) -> Outcome:
        request: dict[str, Any] = {"merchantAccount": self._merchant(), "reference": call.key}
        if call.kind != "reverse":
            request["amount"] = {
                "currency": call.currency,
                "value": DECIMALS.to_wire(call.amount_minor, call.currency),
            }
        answered = self._method(call)(request, call.reference, idempotency_key=call.key)
        return _received(answered.message, call, request)

    def _notices(self, item: dict[str, Any], now: datetime) -> list[Notice]:
        """Return what an event tells, and that a capture let go of the rest where it is the only one on its hold."""
        notice = self._notice(item, now)
        if notice is None:
            return []
        if notice.kind != "CAPTURE" or isinstance(notice.told, Failed) or self._captures_several_times():
            return [notice]
        rest = self._movement(item, "reverse", now, parent=item["pspReference"], suffix="-rest")
        return [notice, replace(notice, event_id=f"{notice.event_id}:rest", key="", told=rest)]

    def _notice(self, item: dict[str, Any], now: datetime) -> Notice | None:
        event, reference, is_success = item["eventCode"], item["pspReference"], item["success"] == "true"
        ours = item["merchantReference"] if item["merchantReference"].startswith("op_") else ""
        # A capture that failed may be captured again by Adyen itself, under the reference that it had.
        again = "/again" if event == "CAPTURE" and "recaptured" in item["reason"].lower() else ""
        told: Movement | Failed | None
        if event in _MOVED:
            told = (
                failure_of(item) if not is_success else self._movement(item, _MOVED[event], now, key=ours, suffix=again)
            )
        elif not is_success:
            return None  # nothing was taken back or disputed after all
        elif event in _TAKEN_BACK:
            told = self._movement(item, _TAKEN_BACK[event], now, parent=reference, suffix="/failed")
        else:
            told = self._dispute(item, _DISPUTED[event], now)
        if isinstance(told, Failed) and not ours:
            return None  # what somebody tried at the dashboard, without effect
        return Notice(
            event_id=f"{event}:{reference}:{item['success']}{again}",
            kind=event,
            reference=item["originalReference"],
            key=ours,
            told=told,
        )

    def _movement(
        self,
        item: dict[str, Any],
        kind: MovementKind,
        now: datetime,
        *,
        key: str = "",
        parent: str = "",
        suffix: str = "",
    ) -> Movement:
        # A cancellation names the amount of the payment, and not what was let go of.
        amount = 0 if kind == "reverse" else DECIMALS.from_wire(item["amount"]["value"], item["amount"]["currency"])
        return Movement(
            kind=kind,
            provider_ref=f"{item['pspReference']}{suffix}",
            parent_ref=parent,
            amount_minor=amount,
            currency=item["amount"]["currency"],
            key="" if suffix else key,
            at=time_of(item.get("eventDate"), now),
        )

    def _dispute(self, item: dict[str, Any], kind: MovementKind, now: datetime) -> Movement:
        of_capture = str((item.get("additionalData") or {}).get("capturePspReference", ""))
        is_won = kind == "dispute_won"
        suffix = "/won" if is_won else "/second" if item["eventCode"] == "SECOND_CHARGEBACK" else ""
        parent = item["pspReference"] if is_won else of_capture
        return self._movement(item, kind, now, parent=parent, suffix=suffix)

    def _method(self, call: Call) -> Any:
        api = _api(self._account.credentials.get("api_key", ""), self._account.base_url, self._live_prefix())
        return {
            "capture": api.capture_authorised_payment,
            "reverse": api.cancel_authorised_payment_by_psp_reference,
            "refund": api.refund_captured_payment,
        }[call.kind]

    def _merchant(self) -> str:
        return self._account.credentials.get("merchant_account", "")

    def _live_prefix(self) -> str | None:
        """Return the prefix of the live address, empty where it is missing, or None for a test account."""
        return self._account.credentials.get("live_prefix", "") if self._account.is_live else None

    def _captures_several_times(self) -> bool:
        return self._account.credentials.get("several_captures", "").strip().lower() == _SEVERAL


GATEWAY = AdyenGateway


@cache
def _sdk() -> Any:
    """Return the SDK, imported only when an account needs it. Raises: GatewayMissing."""
    try:
        import Adyen  # type: ignore[import-untyped] # noqa: PLC0415 - see above
        import requests  # noqa: F401, PLC0415 - as below
    except ImportError as error:
        raise GatewayMissing("Adyen needs its SDK: install orderwright[adyen].") from error
    return Adyen


@cache
def _api(api_key: str, base_url: str, live_prefix: str | None) -> Any:
    """Return the SDK's modifications. It repeats nothing by itself, as the desk wants it."""
    from Adyen.services.checkout import (  # type: ignore[import-untyped] # noqa: PLC0415 - loaded when it is needed
        ModificationsApi,
    )

    # `requests`, and neither of the SDK's other two transports: it alone waits apart for the connection and the answer.
    client = _sdk().AdyenClient(
        xapikey=api_key,
        platform="test" if live_prefix is None else "live",
        live_endpoint_prefix=live_prefix or None,
        http_force="requests",
        http_timeout=(settings.PROVIDER_CONNECT_TIMEOUT, settings.PROVIDER_READ_TIMEOUT),
    )
    api = ModificationsApi(client)
    if base_url:
        api.baseUrl = base_url.rstrip("/")
    return api


def _outcome_of(error: Any) -> Outcome:
    """Return what an error of the SDK says of the money."""
    status = error.status_code if isinstance(error.status_code, int) else 0
    said = error.message if isinstance(error.message, dict) else {}
    code, message = str(said.get("errorCode") or ""), str(said.get("message") or "Adyen refused.")[:300]
    headers = error.headers if isinstance(error.headers, Mapping) else {}
    is_passing = code == _IN_PROGRESS or str(headers.get("Transient-Error", "")).lower() == "true"
    if is_passing or status in (HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS):
        return Unknown(why=f"Adyen answered {status}.", retry_after=waiting_time(headers.get("Retry-After")))
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and code:
        return Failed(code=f"adyen_{code}"[:60], message=message)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return NotTaken(code=f"adyen_{code or status}"[:60], message=message)
    return Unknown(
        why=f"Adyen answered {status or 'nothing usable'}.", retry_after=waiting_time(headers.get("Retry-After"))
    )


def _received(said: Any, call: Call, request: dict[str, Any]) -> Outcome:
    """Return that the call was taken on, unless Adyen took on something else."""
    reference = said.get("pspReference") if isinstance(said, dict) else None
    if not isinstance(reference, str) or said.get("status") != "received":
        return Unknown(why="Adyen’s answer could not be read.")
    if said.get("paymentPspReference") != call.reference:
        return NeedsPerson(why=f"Adyen took it on for {said.get('paymentPspReference')!s:.80}, another payment.")
    if said.get("amount", request.get("amount")) != request.get("amount"):
        return NeedsPerson(why=f"Adyen took on {said['amount']!s:.80} in place of {request.get('amount')}.")
    return Accepted(provider_ref=reference)
