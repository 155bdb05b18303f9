"""Money that no provider moves: bank transfers, cash on delivery, invoices. Staff record what came and went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from orderwright.core.clock import now as machine_now
from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import (
    Account,
    Call,
    Credential,
    Listed,
    NeedsPerson,
    Notice,
    NoticeRefused,
    Observed,
    Outcome,
    Succeeded,
)


class ManualGateway:
    """Moves nothing and calls nobody: a capture is the record of what a person saw arrive, under its reference."""

    name = "manual"
    title = "Recorded by staff"
    credentials: ClassVar[tuple[Credential, ...]] = ()
    # Nothing leaves the house, so doing it again does no harm, however late.
    recovery: ClassVar[Literal["replay", "lookup", "none"]] = "replay"
    key_window = timedelta.max
    hold_lasts: ClassVar[timedelta | None] = None
    settles_later = False
    captures_in_parts = True
    may_release_rest = False
    can_move_money = True
    can_be_asked = False
    can_list = False
    is_recorded = True

    def __init__(self, account: Account) -> None:
        del account

    def send(self, call: Call) -> Outcome:
        """Return what a person has seen already; money that is to go back waits for the person who sends it."""
        if call.kind == "refund" and not call.known_ref:
            return NeedsPerson(why="Send the money back, then record the reference under which it went.")
        return Succeeded(
            provider_ref=call.known_ref or call.key,
            amount_minor=call.amount_minor,
            currency=call.currency,
            at=machine_now(),
        )

    def look_up(self, reference: str) -> Observed:
        """Raise ProviderUnreachable: there is nobody to ask."""
        raise ProviderUnreachable(f"{reference} is recorded by staff; there is nobody to ask.")

    def movements_between(self, start: datetime, end: datetime) -> Iterator[Listed]:
        """Raise ProviderUnreachable: nobody keeps a list elsewhere."""
        del start, end
        raise ProviderUnreachable("Staff record these payments; nobody keeps a list of them elsewhere.")

    def read_notices(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Notice]:
        """Raise NoticeRefused: nobody tells the desk of this money."""
        del headers, body, now
        raise NoticeRefused("Nobody sends messages for this account.")


GATEWAY = ManualGateway
