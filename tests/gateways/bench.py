"""What the contract needs to know of one kind of gateway, and how to get at its provider."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import urllib3

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
from tests.gateways.calls import capture
from tests.gateways.mailbox import Letter, Mailbox
from tests.support.practice import Practice

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
