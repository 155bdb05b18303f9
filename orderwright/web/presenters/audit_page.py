"""The shape of the audit: plain strings only. How they come about does not belong here (see audit.py)."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.order_page import Part
from orderwright.web.presenters.parts import Badge, Choice, Field, Link, Press, Select, When


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Some entries of a dropdown under a heading of their own."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry. `about` leads to what it is about, where there is a page of it; `place` is its place in its chain."""

    parts: tuple[Part, ...]
    by: str
    when: When
    about: Link
    where: str
    place: str
    mark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class JournalCheck:
    """The last check: how far it is, or what it found. `poll_href` is empty when it is over."""

    badge: Badge
    text: str
    faults: tuple[str, ...] = ()
    more: str = ""
    poll_href: str = ""
    done: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The newest signed head; `key` is the public half of the key that signed it."""

    number: str
    when: When
    about: str
    root: str
    key: str
    href: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the journal stands: the newest head, the last check, and the button for another."""

    head: JournalHead | None
    check: JournalCheck | None
    action: str
    press: Press


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The audit, newest first. `is_refused`: what was asked for cannot be, the fields say why."""

    title: str
    about: str
    action: str
    first: Field
    last: Field
    order: Field
    who: Select
    what: tuple[ChoiceGroup, ...]
    site: Select
    standing: Standing
    rows: tuple[AuditRow, ...] = ()
    sorted_by: str = ""
    file_href: str = ""
    newest_href: str = ""
    older_href: str = ""
    clear_href: str = ""
    empty_title: str = ""
    empty_text: str = ""
    is_refused: bool = False
