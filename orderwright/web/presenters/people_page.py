"""The shapes of Users and roles: its lists, forms and questions. What they say does not belong here."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import Badge, Choice, Field, Press, When


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A role that somebody has, where, and the way to take it."""

    id: int
    role: str
    site: str
    take_href: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in the list."""

    id: int
    name: str
    email: str
    roles: tuple[HeldLine, ...]
    last_sign_in: When | None
    standing: Badge
    href: str
    is_you: bool = False


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role in the list. `about`: what it is for, in a sentence; `notes`: what binds its people."""

    slug: str
    name: str
    kind: str
    about: str
    allows: str
    notes: tuple[str, ...]
    used_by: str
    is_used: bool
    href: str
    act: str
    delete_href: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Users and roles."""

    people: tuple[PersonLine, ...]
    roles: tuple[RoleLine, ...]
    invite: Press
    invite_href: str
    add_role: Press
    add_role_href: str


@dataclass(frozen=True, slots=True)
class InviteForm:
    """Invite a person."""

    title: str
    action: str
    back_href: str
    name: Field
    email: Field
    roles: tuple[Choice, ...]
    role_error: str
    sites: tuple[Choice, ...]
    site_error: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """One person: what they have, and what can be done about it. An error stands beside what was tried."""

    title: str
    email: str
    standing: Badge
    last_sign_in: When | None
    invited: When | None
    held: tuple[HeldLine, ...]
    give_href: str
    roles: tuple[Choice, ...]
    sites: tuple[Choice, ...]
    link_href: str
    link_text: str
    link: Press
    switch_href: str
    switch_text: str
    switch: Press
    is_stopping: bool
    factor_href: str
    factor: Press
    has_factor: bool
    back_href: str
    said: str = ""
    roles_error: str = ""
    give_error: str = ""
    sign_in_error: str = ""


@dataclass(frozen=True, slots=True)
class PersonQuestion:
    """Deactivate a person, or remove their second factors. `sends`: what goes with the answer, by name."""

    title: str
    action: str
    back_href: str
    tell: tuple[str, ...]
    stay: str
    confirm: str
    sends: tuple[tuple[str, str], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class PermissionBox:
    """One permission to tick."""

    name: str
    words: str
    is_ticked: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class CeilingRow:
    """The ceilings in one currency, as typed."""

    currency: str
    per_order: str
    per_day: str


@dataclass(frozen=True, slots=True)
class RoleForm:
    """Look at a role, add one or edit it. `is_fixed`: a system role, which is shown alone."""

    title: str
    action: str
    back_href: str
    submit: str
    is_fixed: bool
    name: Field
    groups: tuple[tuple[str, tuple[PermissionBox, ...]], ...]
    permissions_error: str
    ceilings: tuple[CeilingRow, ...]
    ceilings_error: str
    needs_second_person: bool
    needs_second_factor: bool
    version: str
    used_by: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class RoleQuestion:
    """Delete a role; `roles` are those that its people and keys may get instead, none where nobody has it."""

    title: str
    action: str
    back_href: str
    tell: str
    confirm: str
    roles: tuple[Choice, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class ProfileRole:
    """A role that one has, where, and what it allows, group by group."""

    role: str
    site: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One's own page."""

    name: str
    email: str
    last_sign_in: When | None
    roles: tuple[ProfileRole, ...]
