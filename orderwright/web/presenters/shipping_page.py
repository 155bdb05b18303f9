"""The shapes of Shipping's pages and dialogs: plain values only. How they come about does not belong here."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import Badge, Choice, Link, Press


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column; `label` is the column's name where rows are cards."""

    label: str
    text: str = ""
    badge: Badge | None = None
    is_mono: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """The button that switches a row on or off; `to` is what it is switched to."""

    href: str
    text: str
    to: str
    version: str


@dataclass(frozen=True, slots=True)
class ShippingRow:
    """A delivery state, a carrier or a method: with a badge, or with a name and what orders name it by."""

    id: str
    name: str
    slug: str
    badge: Badge | None
    cells: tuple[Cell, ...]
    is_used: bool
    used_by: str
    is_default: bool = False
    edit_href: str = ""
    delete_href: str = ""
    switch: Switch | None = None


@dataclass(frozen=True, slots=True)
class ShippingSection:
    """One of the three sections with its rows; `tabs` lead to all three."""

    key: str
    lead: str
    tabs: tuple[Link, ...]
    add_href: str
    add_text: str
    add: Press
    headings: tuple[str, ...]
    rows: tuple[ShippingRow, ...]
    sorted_by: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form. `kind` is text, area, tones, select, sites or tick; `reason` says why it cannot be changed."""

    name: str
    label: str
    kind: str
    value: str = ""
    hint: str = ""
    error: str = ""
    reason: str = ""
    choices: tuple[Choice, ...] = ()
    most: int = 0
    is_needed: bool = False
    is_ticked: bool = False
    is_address: bool = False


@dataclass(frozen=True, slots=True)
class TriedLink:
    """Where a tracking number that was typed leads, or what is wrong; `number` is empty while none was typed.

    `has_button`: it is not asked for while one types, but by a button, which stands last so that Enter saves.
    """

    href: str
    number: str = ""
    link: str = ""
    words: str = ""
    error: str = ""
    has_button: bool = False


@dataclass(frozen=True, slots=True)
class ShippingForm:
    """Add or edit something.

    `confirm` asks before what orders show changes: with everything typed in `hidden`, what it becomes in `becomes`, and
    as a badge where it is one.
    """

    title: str
    action: str
    back_href: str
    submit: str
    fields: tuple[FormField, ...]
    version: str = ""
    error: str = ""
    confirm: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    becomes: tuple[tuple[str, str], ...] = ()
    badge: Badge | None = None
    tried: TriedLink | None = None
