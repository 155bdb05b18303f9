"""One bench per kind of gateway: how a test comes to an account and holds there, and to what the provider tells.

A gateway that is added gets a bench here and a place in BENCHES; the contract then runs against it.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from orderwright.payments.gateways import practice as practice_gateway
from orderwright.payments.gateways.manual import ManualGateway
from orderwright.payments.gateways.port import Account
from orderwright.payments.gateways.practice import PracticeGateway
from tests.gateways.adyen_bench import AdyenBench, AdyenPartsBench
from tests.gateways.bench import Bench
from tests.gateways.stripe_bench import StripeBench, StripeMulticaptureBench

_numbers = itertools.count(1)


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
