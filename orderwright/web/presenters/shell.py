"""The frame round every page: left menu, search, who is signed in. What stands on the page does not belong here."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import Link


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the left menu and the links under it."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html needs besides the page: menu, the person, the words last searched for, the shortcuts in the bar."""

    groups: tuple[Group, ...]
    person: str
    initials: str
    role: str
    query: str = ""
    is_list: bool = False
