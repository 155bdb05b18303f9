"""A desk with an account at a provider that tells what happens: its messages arrive, and the worker acts on them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.test import Client

from orderwright.actions import apply_notice
from orderwright.payments import notices
from orderwright.payments.gateways.port import Gateway
from orderwright.payments.gateways.registry import gateway_for
from orderwright.payments.models import Operation, ProviderAccount, ProviderNotice
from orderwright.payments.sealed import seal
from tests.factories.orders import payment
from tests.gateways.bench import Bench
from tests.gateways.mailbox import Letter

ADDRESS = "/api/v1/provider-notices/"


class TellingDesk:
    """The desk behind one provider account. `bench` is the provider's side of it."""

    def __init__(self, bench: Bench, clerk: Any, document: Callable[..., dict[str, Any]], **changed: str) -> None:
        self.bench = bench
        self.clerk = clerk
        self._document = document
        opened = bench.account(**changed)
        self.account = ProviderAccount.objects.create(
            slug=f"{bench.name}-account",
            name=bench.kind.title,
            gateway=bench.kind.name,
            base_url=opened.base_url,
            sealed_credentials=seal(opened.credentials),
        )
        self._client = Client()

    @property
    def gateway(self) -> Gateway:
        return gateway_for(self.account)

    def take_in(self) -> Any:
        """Take in the sample order, whose total of 598.94 dollars is held at this provider."""
        return self.hand_in(self.bench.hold(59894), 59894)

    def hand_in(self, reference: str, amount: int) -> Any:
        """Take in the sample order with a hold that was made before."""
        made = self._document()
        made["payments"] = [payment(reference, amount, at=self.clerk.now, provider=self.account.slug)]
        return self.clerk.sees(self.clerk.asks.take_in(made).number)

    # What the provider sends

    def letters(self, order: Any, *kinds: str, count: int = 1) -> list[Letter]:
        """Return all messages about the order's payment, once there are so many of each of these kinds."""
        reference = order.payments[0].reference

        def of(kind: str) -> Callable[[Letter], bool]:
            return lambda letter: reference.encode() in letter.body and f'"{kind}"'.encode() in letter.body

        for kind in kinds:
            self.bench.mailbox.wait_for(of(kind), count=count)
        return [letter for letter in self.bench.mailbox.letters if reference.encode() in letter.body]

    def letters_of(self, order: Any, movement: str, *, count: int = 1) -> list[Letter]:
        """Return all messages about the order's payment, once those of so many such movements have come."""
        return self.letters(order, *sorted(self.bench.kinds[movement]), count=count)

    def post(self, letter: Letter) -> int:
        """Let a message arrive at the desk, and return the status of its answer."""
        headers = {name: value for name, value in letter.headers.items() if name not in ("content-length", "host")}
        content_type = headers.pop("content-type", "application/json")
        answer = self._client.post(
            f"{ADDRESS}{self.account.slug}", letter.body, content_type=content_type, headers=headers
        )
        return int(answer.status_code)

    def receive(self, letters: Iterable[Letter], *, now: datetime | None = None) -> None:
        """Let messages arrive, each of which has to be taken, and have the worker act on all of them."""
        statuses = [self.post(letter) for letter in letters]
        assert set(statuses) <= {202}, statuses
        self.work(now)

    def signed_anew(self, letter: Letter, *, secret: str = "", age: timedelta = timedelta(0)) -> Letter:
        """Return the message under a signature of another secret or time."""
        at = self.clerk.now - age
        return self.bench.signed(json.loads(letter.body), secret=secret or self.bench.secrets[0], at=at)

    def work(self, now: datetime | None = None) -> None:
        """Do what the worker does with what arrived, until nothing of it is due."""
        at = now or self.clerk.now
        for _turn in range(10):
            due = notices.due(now=at, limit=100)
            if not due:
                return
            for notice_id in due:
                apply_notice.run(notice_id=notice_id, now=at)

    def work_in_another_thread(self, letter: Letter) -> None:
        """Receive a message and act on it on the provider's own thread, while the caller waits for its answer."""
        try:
            if b"AUTHORISATION" not in letter.body:
                self.post(letter)
                self.work()
        finally:
            connections.close_all()

    # What the desk has

    def operations(self, order: Any) -> list[tuple[str, str, str]]:
        """Return the calls on the order's payments: (kind, state, failure code), oldest first."""
        rows = Operation.objects.filter(payment__order__number=order.number).exclude(kind="lookup").order_by("pk")
        return list(rows.values_list("kind", "state", "failure_code"))

    def wait_for_events(self, *, at_least: int, seconds: float = 10) -> None:
        """Wait until the desk has kept so many events, which come on the provider's own time."""
        until = time.monotonic() + seconds
        while self.known_events() < at_least:
            assert time.monotonic() < until, "the provider told the desk nothing"
            time.sleep(0.02)

    def known_events(self) -> int:
        return ProviderNotice.objects.filter(account=self.account).count()
