"""Adyen's side of the contract, at the practice provider's Adyen face."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import secrets
from datetime import datetime
from typing import Any

import urllib3

from orderwright.payments.gateways import adyen as adyen_gateway
from orderwright.payments.gateways.adyen import AdyenGateway
from orderwright.payments.gateways.port import (
    Account,
)
from tests.gateways.bench import Bench
from tests.gateways.mailbox import Letter
from tests.support.practice import BY_HAND

_numbers = itertools.count(1)
_http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10))


class AdyenBench(Bench):
    """A merchant account whose holds can be captured once, as is Adyen's default."""

    name = "adyen"
    kind = AdyenGateway
    face = "adyen"
    releases_rest = True
    answers_with_release = False
    wrong_credentials = {"api_key": "of-somebody-else"}
    signs_bytes = False
    signs_time = False
    secrets = ("0a" * 32, "b1" * 32)
    secret_name = "hmac_key"
    foreign_secret = "ee" * 32
    kinds = {"capture": {"CAPTURE"}, "refund": {"REFUND"}, "reverse": {"CANCELLATION"}}
    impossible = ((12345, "CVE"),)
    merchant = "PracticeStore"
    several = ""

    def account(self, **changed: str) -> Account:
        credentials = {
            "api_key": "AQEpractice",
            "merchant_account": self.merchant,
            "hmac_key": self.secrets[0],
            "several_captures": self.several,
            **changed,
        }
        base_url = credentials.pop("base_url", self.practice.url)
        return Account(base_url=f"{base_url}/adyen/v72", credentials=credentials)

    def forget_clients(self) -> None:
        adyen_gateway._api.cache_clear()

    def hold(self, amount: int = 10000, currency: str = "USD") -> str:
        made = self.ask(
            "payments",
            amount=self.amount(amount, currency),
            paymentMethod={"type": "scheme", "encryptedCardNumber": "test_4111111111111111"},
        )
        return str(made["pspReference"])

    def capture_by_hand(self, reference: str, amount: int) -> None:
        self.ask(f"payments/{reference}/captures", amount=self.amount(amount))

    def refund_by_hand(self, reference: str, amount: int) -> None:
        self.ask(f"payments/{reference}/refunds", amount=self.amount(amount))

    def reverse_by_hand(self, reference: str) -> None:
        self.ask(f"payments/{reference}/cancels")

    def amount(self, minor: int, currency: str = "USD") -> dict[str, Any]:
        """Return an amount as Adyen writes it, by the table in its manual."""
        return {"value": minor * 100 if currency == "ISK" else minor, "currency": currency}

    def ask(self, path: str, **document: Any) -> dict[str, Any]:
        """Call the provider as somebody else than the desk: with the shop's reference and none of our keys."""
        answer = _http.request(
            "POST",
            f"{self.practice.url}/adyen/v72/{path}",
            body=json.dumps({"merchantAccount": self.merchant, "reference": "ORDER-1", **document}),
            headers={
                "X-API-Key": "AQEdashboard",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{BY_HAND}adyen-{secrets.token_hex(4)}-{next(_numbers)}",
            },
        )
        assert answer.status in (200, 201), answer.data.decode()
        return dict(json.loads(answer.data))

    def signed(self, document: dict[str, Any], *, secret: str, at: datetime) -> Letter:
        return sign_as_adyen(document, secret=secret)

    def in_other_mode(self, document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "live": "true"}

    def about_something_else(self, document: dict[str, Any]) -> dict[str, Any]:
        return self._with(document, eventCode="REPORT_AVAILABLE")

    def tampered(self, letter: Letter) -> Letter:
        document = json.loads(letter.body)
        amount = document["notificationItems"][0]["NotificationRequestItem"]["amount"]
        return Letter(
            letter.headers,
            json.dumps(self._with(document, amount={**amount, "value": amount["value"] + 1})).encode(),
        )

    def unsigned(self, letter: Letter) -> Letter:
        return Letter(letter.headers, json.dumps(self._with(json.loads(letter.body), additionalData={})).encode())

    def signed_bytes(self, body: bytes) -> Letter:
        return Letter({}, body)

    @staticmethod
    def _with(document: dict[str, Any], **changed: Any) -> dict[str, Any]:
        item = document["notificationItems"][0]["NotificationRequestItem"]
        return {**document, "notificationItems": [{"NotificationRequestItem": {**item, **changed}}]}


class AdyenPartsBench(AdyenBench):
    """A merchant account for which Adyen has enabled several captures on one hold."""

    name = "adyen-parts"
    releases_rest = False
    merchant = "PracticeStoreParts"
    several = "yes"


def sign_as_adyen(document: dict[str, Any], *, secret: str) -> Letter:
    """Return a webhook under Adyen's signature, made by the recipe of its manual and not by the code under test."""
    document = json.loads(json.dumps(document))
    for wrapped in document["notificationItems"]:
        item = wrapped["NotificationRequestItem"]
        item["additionalData"].pop("hmacSignature", None)
        fields = [
            *(item["pspReference"], item["originalReference"], item["merchantAccountCode"], item["merchantReference"]),
            *(str(item["amount"]["value"]), item["amount"]["currency"], item["eventCode"], item["success"]),
        ]
        digest = hmac.new(bytes.fromhex(secret), ":".join(fields).encode(), hashlib.sha256).digest()
        item["additionalData"]["hmacSignature"] = base64.b64encode(digest).decode()
    return Letter({"content-type": "application/json"}, json.dumps(document).encode())
