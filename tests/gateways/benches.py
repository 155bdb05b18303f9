"""One bench per kind of gateway: how a test comes to an account and holds there, and to what the provider tells.

A gateway that is added gets a bench here and a place in BENCHES; the contract then runs against it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import urllib3

from orderwright.core.ids import operation_key
from orderwright.payments.gateways import adyen as adyen_gateway
from orderwright.payments.gateways import practice as practice_gateway
from orderwright.payments.gateways import stripe as stripe_gateway
from orderwright.payments.gateways.adyen import AdyenGateway
from orderwright.payments.gateways.manual import ManualGateway
from orderwright.payments.gateways.port import (
    Accepted,
    Account,
    Call,
    Failed,
    Gateway,
    Notice,
    NoticeRefused,
    Outcome,
)
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.gateways.stripe import StripeGateway
from tests.gateways.mailbox import Letter, Mailbox
from tests.support.practice import BY_HAND, Practice

_numbers = itertools.count(1)
_http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10))


class Bench:
    """What the contract needs to know of one kind of gateway, and how to get at its provider. Amounts: minor units."""

    name: str
    kind: type[Gateway]
    face = ""  # of the practice provider; empty: its own interface
    has_provider = True  # somebody answers, so that faults can be ordered and effects be read
    releases_rest = False  # a capture in part is the only one, and lets go of what it leaves
    answers_with_release = True  # and the answer says how much
    reverses_the_rest = True  # what a capture in part left can be reversed
    has_pending_refunds = False  # a refund may be accepted only, and be seen waiting
    refuses_wrong_credentials = True
    wrong_credentials: dict[str, str] = {}
    signs_bytes = True  # the signature is over the message as it came, and not over some of its fields
    signs_time = True  # the signature says when it was made
    secret_name = ""  # of the credential with which messages are verified
    foreign_secret = ""
    kinds: dict[str, set[str]] = {}  # of notices that a movement leads to
    secrets: tuple[str, str] = ("", "")  # what the provider signs with now, and what it signed with before
    # Amounts by currency that the provider cannot move, because its figures are coarser than ISO 4217's.
    impossible: tuple[tuple[int, str], ...] = ()

    def __init__(self, practice: Practice, mailbox: Mailbox) -> None:
        self.practice = practice
        self.mailbox = mailbox

    def account(self, **changed: str) -> Account:
        raise NotImplementedError

    def gateway(self, **changed: str) -> Gateway:
        """Return the gateway with an account whose credentials are the right ones, but for those that are changed."""
        return self.kind(self.account(**changed))

    def hold(self, amount: int = 10000, currency: str = "USD") -> str:
        """Hold an amount for seven days, and return the reference."""
        raise NotImplementedError

    def capture_by_hand(self, reference: str, amount: int) -> None:
        """Capture as somebody at the provider's dashboard would."""
        raise NotImplementedError

    def refund_by_hand(self, reference: str, amount: int) -> None:
        raise NotImplementedError

    def reverse_by_hand(self, reference: str) -> None:
        raise NotImplementedError

    def forget_clients(self) -> None:
        """Have the gateway make its connections anew, with the waiting times that are set now."""
        raise NotImplementedError

    def effects(self, reference: str) -> list[tuple[str, int]]:
        """Return what moved on the hold: (kind, amount), in order. Amounts in the practice provider's minor units."""
        return self.practice.effects(reference)

    def there(self, amount: int, currency: str) -> int:
        """Return our minor units as the practice provider's, which has the decimals of ISO 4217 and not of CLDR."""
        return amount * 100 if self.face and currency in ("MGA", "RSD") else amount

    def outcome(self, gateway: Gateway, call: Call) -> Outcome:
        """Send the call and return how it went in the end: of what is only accepted, what is told later."""
        outcome = gateway.send(call)
        if not isinstance(outcome, Accepted) or not self.kind.settles_later:
            return outcome
        return self.told_outcome(gateway, call)

    def told_outcome(self, gateway: Gateway, call: Call) -> Outcome:
        """Return how a call went by what the provider told of it."""
        notice = self.wait_for(gateway, lambda notice: notice.key == call.key and notice.told is not None)
        return notice.told if isinstance(notice.told, Failed) else notice.told.as_outcome()  # type: ignore[union-attr]

    def wait_for(self, gateway: Gateway, is_it: Callable[[Notice], bool]) -> Notice:
        """Return the first notice that is the one, once it has come."""

        def fits(letter: Letter) -> bool:
            try:
                return any(is_it(notice) for notice in self.read(gateway, letter))
            except NoticeRefused:
                return False  # of an earlier test, and on its way since

        letter = self.mailbox.wait_for(fits)[0]
        return next(notice for notice in self.read(gateway, letter) if is_it(notice))

    def read(self, gateway: Gateway, letter: Letter, *, now: datetime | None = None) -> list[Notice]:
        return gateway.read_notices(headers=letter.headers, body=letter.body, now=now or datetime.now(UTC))

    def listen(self, *, secret: str = "") -> None:
        """Have the provider tell the mailbox what happens, signed with this secret, else with the usual one."""
        if self.face:
            self.practice.listen(self.face, url=self.mailbox.url, secret=secret or self.secrets[0])

    def letter(self, gateway: Gateway) -> tuple[str, Letter]:
        """Have something happen of which the provider tells, and return the hold's reference and the message."""
        reference = self.hold()
        self.outcome(gateway, capture(reference, 10000))

        def is_about_it(letter: Letter) -> bool:
            try:
                return any(notice.reference == reference for notice in self.read(gateway, letter))
            except NoticeRefused:
                return False

        return reference, self.mailbox.wait_for(is_about_it)[0]

    def signed(self, document: dict[str, Any], *, secret: str, at: datetime) -> Letter:
        """Return a message of this wording as the provider would sign it."""
        raise NotImplementedError

    def in_other_mode(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the message as the provider's live mode would word it."""
        raise NotImplementedError

    def about_something_else(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the message as if it told of something that is no concern of payments."""
        raise NotImplementedError

    def tampered(self, letter: Letter) -> Letter:
        """Return the message with another amount or reference in it, under the signature that it had."""
        raise NotImplementedError

    def unsigned(self, letter: Letter) -> Letter:
        raise NotImplementedError

    def signed_bytes(self, body: bytes) -> Letter:
        """Return any bytes as the provider would send them, signed where the signature does not need their fields."""
        raise NotImplementedError

    def with_time_moved(self, letter: Letter) -> list[Letter]:
        """Return the message with the time of its signature moved or taken away, in several ways."""
        raise NotImplementedError


class PracticeBench(Bench):
    name = "practice"
    kind = PracticeGateway
    refuses_wrong_credentials = False

    def account(self, **changed: str) -> Account:
        return Account(base_url=changed.get("base_url", self.practice.url))

    def forget_clients(self) -> None:
        practice_gateway._pool.cache_clear()

    def hold(self, amount: int = 10000, currency: str = "USD") -> str:
        return self.practice.authorise(amount, currency, at=datetime.now(UTC))

    def capture_by_hand(self, reference: str, amount: int) -> None:
        self.practice.capture_by_hand(reference, amount)

    def refund_by_hand(self, reference: str, amount: int) -> None:
        captured = [one["id"] for one in self.practice.look_up(reference)["movements"] if one["kind"] == "capture"]
        self.practice.refund_by_hand(captured[0], amount)

    def reverse_by_hand(self, reference: str) -> None:
        self.practice.reverse_by_hand(reference)


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
        return {"value": minor * 100 if currency in ("ISK", "RSD", "MGA") else minor, "currency": currency}

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


class ManualBench(Bench):
    name = "manual"
    kind = ManualGateway
    has_provider = False
    refuses_wrong_credentials = False

    def account(self, **changed: str) -> Account:
        return Account()

    def hold(self, amount: int = 10000, currency: str = "USD") -> str:
        return f"INVOICE-{next(_numbers)}"


# Every gateway that moves or records money; a new one is added here and nowhere else.
BENCHES: tuple[type[Bench], ...] = (
    PracticeBench,
    StripeBench,
    StripeMulticaptureBench,
    AdyenBench,
    AdyenPartsBench,
    ManualBench,
)


def sign_as_stripe(body: bytes, *, secret: str, at: datetime) -> Letter:
    """Return a body under Stripe's signature, made by the recipe of its manual and not by the code under test."""
    stamp = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return Letter({"stripe-signature": f"t={stamp},v1={digest}", "content-type": "application/json"}, body)


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


def wire(minor: int, currency: str) -> int:
    """Return an amount as Stripe writes it, by the table in its manual."""
    return minor * 100 if currency in ("ISK", "UGX", "RSD") else minor


def capture(reference: str, amount: int, currency: str = "USD", *, key: str = "", known_ref: str = "") -> Call:
    """Return a capture under a fresh key of ours."""
    return _call("capture", reference, amount, currency, key=key, known_ref=known_ref)


def reverse(reference: str, amount: int, currency: str = "USD", *, key: str = "") -> Call:
    return _call("reverse", reference, amount, currency, key=key)


def refund(reference: str, amount: int, currency: str = "USD", *, of: str, key: str = "", known_ref: str = "") -> Call:
    """Return a refund of the capture that has this reference at the provider."""
    return _call("refund", reference, amount, currency, of=of, key=key, known_ref=known_ref)


def _call(
    kind: Any, reference: str, amount: int, currency: str, *, of: str = "", key: str = "", known_ref: str = ""
) -> Call:
    return Call(
        kind=kind,
        reference=reference,
        amount_minor=amount,
        currency=currency,
        capture_ref=of,
        key=key or operation_key(),
        known_ref=known_ref,
    )
