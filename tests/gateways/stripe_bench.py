"""Stripe's side of the contract, at the practice provider's Stripe face."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import secrets
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import urllib3

from orderwright.payments.gateways import stripe as stripe_gateway
from orderwright.payments.gateways.port import (
    Account,
)
from orderwright.payments.gateways.stripe import StripeGateway
from tests.gateways.bench import Bench
from tests.gateways.mailbox import Letter
from tests.support.practice import BY_HAND

_numbers = itertools.count(1)
_http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10))


class StripeBench(Bench):
    """PaymentIntents that can be captured once."""

    name = "stripe"
    kind = StripeGateway
    face = "stripe"
    releases_rest = True
    has_pending_refunds = True
    wrong_credentials = {"secret_key": "sk_live_of_somebody_else"}
    secrets = ("whsec_practice_now", "whsec_practice_before")
    secret_name = "webhook_secret"
    foreign_secret = "whsec_of_somebody_else"
    kinds = {
        "capture": {"charge.captured", "payment_intent.succeeded"},
        "refund": {"refund.created", "charge.refunded"},
        "reverse": {"payment_intent.canceled"},
    }
    impossible = ((1234501, "BHD"),)
    multicapture = "never"

    def account(self, **changed: str) -> Account:
        credentials = {"secret_key": "sk_test_practice", "webhook_secret": self.secrets[0], **changed}
        base_url = credentials.pop("base_url", self.practice.url)
        return Account(base_url=f"{base_url}/stripe", credentials=credentials)

    def forget_clients(self) -> None:
        stripe_gateway._client.cache_clear()

    def hold(self, amount: int = 10000, currency: str = "USD") -> str:
        made = self.ask(
            "payment_intents",
            amount=wire(amount, currency),
            currency=currency.lower(),
            capture_method="manual",
            confirm="true",
            payment_method="pm_card_visa",
            **{"payment_method_options[card][request_multicapture]": self.multicapture},
        )
        return str(made["id"])

    def capture_by_hand(self, reference: str, amount: int) -> None:
        more = {"final_capture": "false"} if not self.releases_rest else {}
        self.ask(f"payment_intents/{reference}/capture", amount_to_capture=amount, **more)

    def refund_by_hand(self, reference: str, amount: int) -> None:
        self.ask("refunds", payment_intent=reference, amount=amount)

    def reverse_by_hand(self, reference: str) -> None:
        self.ask(f"payment_intents/{reference}/cancel")

    def ask(self, path: str, **parameters: Any) -> dict[str, Any]:
        """Call the provider as somebody else than the desk: without a word of ours in the metadata."""
        answer = _http.request(
            "POST",
            f"{self.practice.url}/stripe/v1/{path}",
            body=urlencode(parameters),
            headers={
                "Authorization": "Bearer sk_test_dashboard",
                "Content-Type": "application/x-www-form-urlencoded",
                "Idempotency-Key": f"{BY_HAND}stripe-{secrets.token_hex(4)}-{next(_numbers)}",
            },
        )
        assert answer.status == 200, answer.data.decode()
        return dict(json.loads(answer.data))

    def signed(self, document: dict[str, Any], *, secret: str, at: datetime) -> Letter:
        body = json.dumps(document).encode()
        return sign_as_stripe(body, secret=secret, at=at)

    def in_other_mode(self, document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "livemode": True}

    def tampered(self, letter: Letter) -> Letter:
        return Letter(letter.headers, letter.body.replace(b'"livemode":false', b'"livemode": false'))

    def about_something_else(self, document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "type": "customer.created", "data": {"object": {"id": "cus_1", "object": "customer"}}}

    def unsigned(self, letter: Letter) -> Letter:
        return Letter({"content-type": "application/json"}, letter.body)

    def signed_bytes(self, body: bytes) -> Letter:
        return sign_as_stripe(body, secret=self.secrets[0], at=datetime.now(UTC))

    def with_time_moved(self, letter: Letter) -> list[Letter]:
        stamp, digest = letter.headers["stripe-signature"].split(",")
        fresh = int(datetime.now(UTC).timestamp())
        headers = (f"t={fresh},{digest}", f"{stamp},t={fresh},{digest}", f"t={fresh},{stamp},{digest}", digest, stamp)
        return [Letter({"stripe-signature": header}, letter.body) for header in headers]


class StripeMulticaptureBench(StripeBench):
    """PaymentIntents that can be captured several times."""

    name = "stripe-multicapture"
    releases_rest = False
    kinds = {**StripeBench.kinds, "capture": {"charge.captured"}}
    multicapture = "if_available"


def sign_as_stripe(body: bytes, *, secret: str, at: datetime) -> Letter:
    """Return a body under Stripe's signature, made by the recipe of its manual and not by the code under test."""
    stamp = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return Letter({"stripe-signature": f"t={stamp},v1={digest}", "content-type": "application/json"}, body)


def wire(minor: int, currency: str) -> int:
    """Return an amount as Stripe writes it, by the table in its manual."""
    return minor * 100 if currency in ("ISK", "UGX") else minor // 100 if currency == "MGA" else minor
