"""The shapes of Exceptions, Expiring holds and Provider drift and of their dialogs. How they are read is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import CAN_PRESS, Badge, Leg, Link, Press, When
from orderwright.web.presenters.reconciliation import Reconciliations


@dataclass(frozen=True, slots=True)
class Act:
    """A button on a row: it asks in a dialog first (`is_asking`), or acts in place."""

    id: str
    text: str
    action: str
    press: Press = CAN_PRESS
    is_asking: bool = False
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An operation that needs attention: what, where, what was tried, since when, and what helps."""

    id: str
    problem: Badge
    act: str
    amount: str
    order: Link
    customer: str
    payment: str
    told: str
    facts: str
    key: str
    since: When
    age: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class DriftRow:
    """A difference: what it is about, what the provider and our books say, and how it was decided."""

    id: str
    state: Badge
    act: str
    there: str
    here: str
    provider: str
    happened: When | None
    reference: str
    order: Link
    customer: str
    payment: str
    told: str
    found: When
    note: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold that ends, and the way to capture it."""

    order: Link
    customer: str
    payment: str
    state: Badge
    site: str
    ends: Badge
    ends_at: When
    held: str
    href: str
    can_capture: bool
    why_not: str = ""  # why the order’s state forbids a capture


@dataclass(frozen=True, slots=True)
class MoneyList:
    """A page of one of these lists. `here` is its own path with its filter, for what changes it in place."""

    title: str
    about: str
    chips: tuple[Link, ...]
    rows: tuple[ExceptionRow | DriftRow | HoldRow, ...]
    sorted_by: str
    first_href: str = ""
    following_href: str = ""
    empty_title: str = ""
    empty_text: str = ""
    reconciliations: Reconciliations | None = None  # Provider drift alone


@dataclass(frozen=True, slots=True)
class WordDialog:
    """A dialog that asks for a person's word: a reason and, where it is needed, the provider's reference.

    `errors` holds a message per field; `what` is hidden and says which way it was decided.
    """

    title: str
    action: str
    back_href: str
    target: str
    tell: str
    legs: tuple[Leg, ...]
    confirm: str
    press: Press
    reason: str
    reason_label: str
    reference: str
    is_reference_asked: bool
    hidden: tuple[tuple[str, str], ...]
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class SyncDialog:
    """What a provider knows and the books do not, before it is booked; `seen` names what was shown."""

    title: str
    action: str
    back_href: str
    tell: str
    legs: tuple[Leg, ...]
    contradictions: tuple[Leg, ...]
    confirm: str
    seen: str
