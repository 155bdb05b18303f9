"""Payments that another platform keeps: the desk shows their history and moves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import (
    Account,
    Call,
    Credential,
    Failed,
    Listed,
    Notice,
    NoticeRefused,
    Observed,
    Outcome,
)


class ExternalGateway:
    """The gateway of orders that were imported from a storefront platform."""

    name = "external"
    title = "Kept by another platform"
    credentials: ClassVar[tuple[Credential, ...]] = ()
    recovery: ClassVar[Literal["replay", "lookup", "none"]] = "none"
    key_window = timedelta(0)
    hold_lasts: ClassVar[timedelta | None] = None
    settles_later = False
    captures_in_parts = False
    may_release_rest = False
    can_move_money = False
    can_be_asked = False
    can_list = False
    is_recorded = False

    def __init__(self, account: Account) -> None:
        del account

    def send(self, call: Call) -> Outcome:
        """Refuse: nothing can be moved from here."""
        return Failed(code="kept_elsewhere", message=f"{call.reference} is kept by the platform it came from.")

    def look_up(self, reference: str) -> Observed:
        """Raise ProviderUnreachable: there is nobody to ask."""
        raise ProviderUnreachable(f"{reference} is kept by the platform it came from; there is nothing to ask here.")

    def movements_between(self, start: datetime, end: datetime) -> Iterator[Listed]:
        """Raise ProviderUnreachable: the platform is not asked."""
        del start, end
        raise ProviderUnreachable("The platform that keeps these payments is not asked for a list.")

    def read_notices(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Notice]:
        """Raise NoticeRefused: the platform tells the desk nothing by itself."""
        del headers, body, now
        raise NoticeRefused("Nobody sends messages for this account.")


GATEWAY = ExternalGateway
