"""Provider accounts: how each is configured and stands. What a credential is, no shape has room for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from orderwright.api.shapes.base import Shape, Time


class Credential(Shape):
    """One thing that the account has to know. `stored_at` is null where it is missing or was stored without a date."""

    name: str
    label: str
    is_secret: bool
    is_needed: bool
    is_stored: bool
    stored_at: Time | None


class Breaker(Shape):
    """When the account is left alone, and how it stands.

    `state` is `working`, `resting` (nothing is sent before `next_try_at`), `due` (the next call is a trial) or `trying`
    (the trial is out). After `failures` calls in a row without an answer it rests for `cool_down_s`; a call without an
    answer is repeated after `wait_s` at the earliest.
    """

    failures: int
    wait_s: int
    cool_down_s: int
    state: str
    failures_in_row: int
    opened_at: Time | None
    next_try_at: Time | None
    last_failure: str | None
    last_failed_at: Time | None


class ProviderAccount(Shape):
    """An account at a payment provider. `payments` counts those that are kept there, up to 10,001."""

    slug: Annotated[str, Meta(description="What orders name it by.")]
    name: str
    kind: str
    kind_title: str
    sites: Annotated[list[str], Meta(description="Slugs of the sites whose orders may use it; none: all.")]
    is_live: bool
    is_on: bool
    priority: Annotated[int, Meta(description="The lowest comes first.")]
    base_url: Annotated[str, Meta(description="Empty: the provider's own address.")]
    credentials: list[Credential]
    can_open: Annotated[bool, Meta(description="False: no key of this installation opens the credentials.")]
    breaker: Breaker
    notices_path: Annotated[str, Meta(description="Where the provider sends its notices to.")]
    payments: int
    version: int


class ProviderAccounts(Shape):
    """Every provider account, by priority and name."""

    items: list[ProviderAccount]


class ProviderTrial(Shape):
    """What came of trying a provider. `worked` is false when it gave no answer or does not take the credentials."""

    worked: bool
    was_asked: bool
    detail: str
    account: ProviderAccount
