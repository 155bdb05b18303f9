"""The shapes of the lists: orders, mails, states of Order Configurations. How they are read does not belong here."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import Badge, Choice, Field, Letter, Link, Press, When


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A row of Open Orders or All Orders."""

    number: str
    href: str
    placed: When
    customer: str
    state: Badge
    payment: Badge
    delivery: str
    pieces: str
    pieces_unit: str
    total: str
    is_asked_to_cancel: bool = False


@dataclass(frozen=True, slots=True)
class OrderList:
    """A page of orders, newest first."""

    title: str
    chips: tuple[Link, ...]
    sites: tuple[Link, ...]
    site_text: str
    rows: tuple[OrderRow, ...]
    sorted_by: str
    query: str = ""
    newest_href: str = ""
    older_href: str = ""
    clear_href: str = ""
    empty_title: str = ""
    empty_text: str = ""


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail of the outbox."""

    href: str
    subject: str
    to: str
    order: Link | None
    when: When
    state: Badge
    note: str = ""


@dataclass(frozen=True, slots=True)
class MailList:
    """A page of mails, newest first."""

    rows: tuple[MailRow, ...]
    chips: tuple[Link, ...]
    sorted_by: str
    newest_href: str = ""
    older_href: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, as sent. `resend_action` is where it is sent again, empty for whoever may not or while it waits.

    `resend_to` is None for whoever may name no other address; `resend_error` is told to them.
    """

    subject: str
    sender: str
    to: str
    when: When
    state: Badge
    order: Link | None
    letter: Letter
    tries: str = ""
    message_id: str = ""
    notes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    resend_action: str = ""
    resend_to: Field | None = None
    resend_error: str = ""


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state in Order Configurations."""

    id: str
    badge: Badge
    system: str
    about: str
    limits: tuple[str, ...]
    is_used: bool
    used_by: str
    is_default: bool
    is_emailing: bool = False
    edit_href: str = ""
    delete_href: str = ""
    retire_href: str = ""
    stage: Badge | None = None
    job: Link | None = None


@dataclass(frozen=True, slots=True)
class StateList:
    """Order Configurations: the states that are offered, or still have orders in them, and those that are retired."""

    rows: tuple[StateRow, ...]
    retired: tuple[StateRow, ...]
    here_href: str
    moves_href: str
    add_href: str
    add: Press


@dataclass(frozen=True, slots=True)
class LimitBox:
    """What a state may narrow: a box with what it means."""

    name: str
    label: str
    hint: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class StateForm:
    """Add or edit a state; `errors` holds a message per field, `longest` how many characters it takes.

    `confirm` is asked for before a state in use changes.
    """

    title: str
    action: str
    back_href: str
    submit: str
    name: str
    about: str
    tone: str
    tones: tuple[Choice, ...]
    systems: tuple[Choice, ...]
    system_reason: str
    limits: tuple[LimitBox, ...]
    limits_reason: str
    email_text: str
    is_emailing: bool
    errors: dict[str, str]
    longest: dict[str, int]
    is_confirming: bool = False
    confirm: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class StateDialog:
    """Delete something that is configured, or close it; `target` is the part of the page that shows what is left.

    `keep`: what the button says that leaves it as it is, where that is not to keep it.
    """

    title: str
    action: str
    back_href: str
    tell: str
    confirm: str
    error: str = ""
    target: str = "#states"
    keep: str = ""


@dataclass(frozen=True, slots=True)
class RetireDialog:
    """Retire a state: where its orders go."""

    title: str
    action: str
    back_href: str
    tell: str
    targets: tuple[Choice, ...]
    confirm: str
    press: Press
    error: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error page: the answer's number, the error's permanent code, and what one can do now."""

    status: int
    title: str
    text: str
    code: str = ""
    request_id: str = ""
