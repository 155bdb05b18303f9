"""The small values that every page shares: badges, choices, fields, buttons, times. No page of its own belongs here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word or two; `tone` is a palette name: grey, blue, green, amber, red, violet, teal or pink."""

    text: str
    tone: str = "grey"
    is_checking: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """A time: `iso` for machines, `text` as the page shows it, `full` with year and zone for hover."""

    iso: str
    text: str
    full: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a dropdown; one that is not allowed is greyed and its text carries the reason."""

    value: str
    text: str
    is_selected: bool = False
    is_allowed: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """A button: whether it can be pressed now, and if not, why."""

    is_allowed: bool = True
    reason: str = ""


CAN_PRESS = Press()


@dataclass(frozen=True, slots=True)
class Clash:
    """What two people set one field to. Keeping mine sends `name` with `value` again; `take_href` leads to theirs."""

    name: str
    value: str
    mine: str
    theirs: str
    take_href: str
    keep: Press = CAN_PRESS


@dataclass(frozen=True, slots=True)
class Field:
    """A field: what stands in it, whether it can be changed, and what was wrong with the last try."""

    value: str = ""
    is_allowed: bool = True
    reason: str = ""
    error: str = ""
    clash: Clash | None = None
    longest: int | None = None  # characters that the rule allows


@dataclass(frozen=True, slots=True)
class Select:
    """A dropdown with its choices; otherwise as a Field."""

    choices: tuple[Choice, ...]
    is_allowed: bool = True
    reason: str = ""
    error: str = ""
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A labelled figure of the payments' legend; `kind` is captured, held, refunded, unknown or plain."""

    label: str
    value: str
    kind: str = "plain"
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go, with the words for it."""

    text: str
    href: str
    is_current: bool = False
    count: str = ""
    icon: str = ""
    is_urgent: bool = False  # the count is of what somebody has to see to


@dataclass(frozen=True, slots=True)
class Toast:
    """What has just happened, said once; `is_bad` when it did not work, `is_passing` when it settles by itself.

    `undo_action` is where it can be undone, with `undo` naming it; empty where it cannot.
    """

    text: str
    is_bad: bool = False
    is_passing: bool = False
    undo_action: str = ""
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader sees it: `href` leads to its HTML, empty where it is plain text alone.

    `typed`: what the HTML is asked for with, where it depends on words that were typed; a form fills the frame then.
    """

    text: str
    href: str = ""
    typed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """One movement of money that an act will make or has made, with its amount and, once begun, its outcome."""

    act: str
    to: str
    amount: str
    hint: str = ""
    status: Badge | None = None
