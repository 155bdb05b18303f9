"""The shape of the questions that the order page asks before it does something: plain strings only."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import CAN_PRESS, Choice, Field, Leg, Letter, Press


@dataclass(frozen=True, slots=True)
class PickRow:
    """An item in the Update Shipment dialog; `most` is how many pieces this row has."""

    id: str
    name: str
    hint: str
    most: int
    quantity: str
    is_picked: bool


@dataclass(frozen=True, slots=True)
class ShipmentDialog:
    """The Update Shipment dialog; `consequence` says what pressing Update will do."""

    number: str
    action: str
    back_href: str
    hint_href: str
    version: str
    rows: tuple[PickRow, ...]
    methods: tuple[Choice, ...]
    consequence: str
    is_all: bool = False
    error: str = ""
    error_at: str = ""
    press: Press = CAN_PRESS


@dataclass(frozen=True, slots=True)
class MoneyDialog:
    """A rehearsal of an act that moves money: its legs, and a confirm button whose text is the act."""

    title: str
    action: str
    back_href: str
    version: str
    request_ref: str
    tell: str
    legs: tuple[Leg, ...]
    confirm: str
    keep: str
    hidden: tuple[tuple[str, str], ...] = ()
    error: str = ""
    is_stop: bool = False
    press: Press = CAN_PRESS
    reference: Field | None = None  # under which money came that staff record themselves
    about: tuple[Leg, ...] = ()  # amounts that this act does not move: what it is made of, what went back before
    is_revisable: bool = False  # whether one can go back to what was typed, which `hidden` holds
    is_leading_away: bool = False  # whether the answer is another page, for it was not asked on the order's


@dataclass(frozen=True, slots=True)
class CancelDialog:
    """The Cancel Order dialog: the rehearsal, the reason, and whether the customer is mailed."""

    money: MoneyDialog
    reasons: tuple[Choice, ...]
    email: str
    email_href: str
    is_emailing: bool = True
    ask_href: str = ""  # where it can be asked for instead
    quote: str = ""  # why somebody asked for it


@dataclass(frozen=True, slots=True)
class AskDialog:
    """Ask for a cancellation: why, by a word that is offered or in somebody's own. `errors` by field."""

    title: str
    action: str
    back_href: str
    version: str
    tell: str
    reasons: tuple[Choice, ...]
    words: str
    longest: int
    confirm: str
    press: Press
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class DeclineDialog:
    """Decline a request for a cancellation, and say so to the customer or not."""

    title: str
    action: str
    back_href: str
    version: str
    tell: str
    quote: str
    email: str
    is_emailing: bool
    message: str
    longest: int
    confirm: str
    press: Press
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """The pop-up after an act that moved money."""

    title: str
    text: str
    legs: tuple[Leg, ...]
    mail: str
    back_href: str
    icon: str = "circle-check"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.icon == "circle-check"


@dataclass(frozen=True, slots=True)
class CompletionDialog:
    """What is still open on an order that is about to be completed."""

    title: str
    action: str
    back_href: str
    version: str
    state: str
    open_money: tuple[Leg, ...]
    open_items: tuple[str, ...]
    confirm: str
    error: str = ""
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class MailDialog:
    """A mail as it will read, before it is sent; `hidden` holds what was typed for it."""

    title: str
    action: str
    back_href: str
    to: str
    subject: str
    letter: Letter
    confirm: str
    hidden: tuple[tuple[str, str], ...] = ()
    error: str = ""
    is_revisable: bool = False


@dataclass(frozen=True, slots=True)
class DelayDialog:
    """What staff say of a delay: their words, and the day by which it is expected to leave."""

    title: str
    action: str
    back_href: str
    to: str
    message: Field
    expected_on: Field
    longest: int
    request_ref: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class MailPreview:
    """A mail as it reads before it is sent."""

    to: str
    subject: str
    letter: Letter
    back_href: str
