"""The shapes of Payment providers: its list, its form and its questions. What they say does not belong here."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import Badge, Choice, Field, Press


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One account. `notices` is the address for the provider's own messages, empty where it sends none."""

    id: str
    name: str
    kind: str
    slug: str
    sites: str
    mode: Badge
    priority: str
    standing: Badge
    standing_words: str
    last_failure: str
    missing: str
    notices: str
    is_used: bool
    used_by: str
    version: str
    edit_href: str
    delete_href: str
    switch_href: str
    switch_text: str
    switch_to: str
    try_href: str
    trial: Press
    may_edit: bool


@dataclass(frozen=True, slots=True)
class ProviderList:
    """Payment providers."""

    rows: tuple[ProviderRow, ...]
    add_href: str
    add: Press
    sorted_by: str


@dataclass(frozen=True, slots=True)
class KindQuestion:
    """Which kind of provider is to be added."""

    title: str
    action: str
    back_href: str
    kinds: tuple[Choice, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class CredentialField:
    """A credential to type. `hint` says whether one is stored; what it is never comes back to the page.

    `remove`: the value of the box that takes a stored one away, empty where that is not offered.
    """

    id: str
    name: str
    remove: str
    label: str
    hint: str
    error: str
    is_secret: bool


@dataclass(frozen=True, slots=True)
class ProviderForm:
    """Add or edit an account. `locked` says why mode and address stay; empty where they may change."""

    title: str
    action: str
    back_href: str
    submit: str
    kind: str
    kind_title: str
    is_new: bool
    name: Field
    slug: Field
    sites: tuple[Choice, ...]
    sites_error: str
    is_live: bool
    is_on: bool
    priority: Field
    base_url: Field
    locked: str
    mode_error: str
    credentials: tuple[CredentialField, ...]
    failures: Field
    wait: Field
    cool_down: Field
    version: str
    error: str = ""
