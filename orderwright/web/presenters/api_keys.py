"""What the page of API keys and its dialogs show. What a key may be, the actions decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orderwright.accounts.permissions import PERMISSIONS, words_of
from orderwright.actions import add_api_key, edit_api_key
from orderwright.actions.replace_key_secret import OVERLAP
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability
from orderwright.reads.api_keys import ApiKeyRow
from orderwright.reads.rows import SiteRow
from orderwright.web.presenters.parts import Badge, Choice, Field, Press, When
from orderwright.web.presenters.words import when

# From here on somebody should think of a key that ends.
_SOON: Final = timedelta(days=14)
_OVERLAPS: Final = (
    (timedelta(0), gettext_lazy("at once: it may be in the wrong hands")),
    (timedelta(hours=1), gettext_lazy("after an hour")),
    (OVERLAP, gettext_lazy("after a day")),
    (timedelta(days=7), gettext_lazy("after a week")),
)
OVERLAPS: Final = {str(span // timedelta(seconds=1)): span for span, _words in _OVERLAPS}


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key in the list. `old_until`: the secret that is being replaced counts until then, and was used so."""

    id: int
    name: str
    prefix: str
    role: str
    scopes: str
    sites: str
    standing: Badge
    ends: When | None
    last_used: When | None
    old_until: When | None
    old_last_used: When | None
    may_change: bool
    edit_href: str
    replace_href: str
    revoke_href: str


@dataclass(frozen=True, slots=True)
class KeyList:
    """The page: what may be added, and the keys."""

    add: Press
    add_href: str
    rows: tuple[KeyLine, ...]


@dataclass(frozen=True, slots=True)
class KeyForm:
    """The form of a key. `scopes` are all permissions, those that the chosen role lacks included: it may be changed."""

    title: str
    action: str
    submit: str
    back_href: str
    version: int | None
    name: Field
    roles: tuple[Choice, ...]
    role_error: str
    scopes: tuple[Choice, ...]
    scopes_error: str
    sites: tuple[Choice, ...]
    sites_error: str
    expires_on: Field
    error: str


@dataclass(frozen=True, slots=True)
class Question:
    """A dialog that asks before it acts; `overlaps` are the choices for the old secret."""

    title: str
    tell: str
    action: str
    confirm: str
    back_href: str
    version: int
    error: str = ""
    overlaps: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyMade:
    """What is shown once: the key as its holder shows it, and what becomes of the old one."""

    title: str
    secret: str
    tell: str
    back_href: str


def key_list(rows: Sequence[ApiKeyRow], actor: Actor, *, base: str, now: datetime) -> KeyList:
    """Return the page of keys. `base` is its address."""
    return KeyList(
        add=_press(add_api_key.availability(actor)),
        add_href=f"{base}/add",
        rows=tuple(_line(row, actor, base=base, now=now) for row in rows),
    )


def _line(row: ApiKeyRow, actor: Actor, *, base: str, now: datetime) -> KeyLine:
    here = f"{base}/{row.id}"
    old = next((each for each in row.secrets if each.ends_at is not None and each.ends_at > now), None)
    newest = row.secrets[0]
    return KeyLine(
        id=row.id,
        name=row.name,
        prefix=f"ow_{newest.prefix}_…",
        role=row.role_name,
        scopes=_scopes_text(row),
        sites=", ".join(row.site_names) or _("Every site"),
        standing=_standing(row, now),
        ends=_when(row.expires_at, now),
        last_used=_when(row.last_used_at, now),
        old_until=_when(old.ends_at, now) if old else None,
        old_last_used=_when(old.last_used_at, now) if old else None,
        may_change=edit_api_key.availability(row, actor).allowed,
        edit_href=here,
        replace_href=f"{here}/replace",
        revoke_href=f"{here}/revoke",
    )


def _scopes_text(row: ApiKeyRow) -> str:
    if not row.scopes:
        return _("all that the role allows")
    return ngettext("%(n)s permission of it", "%(n)s permissions of it", len(row.scopes)) % {"n": len(row.scopes)}


def _standing(row: ApiKeyRow, now: datetime) -> Badge:
    if row.revoked_at is not None:
        return Badge(_("Revoked"), "grey")
    if row.expires_at is not None and row.expires_at <= now:
        return Badge(_("Expired"), "red")
    if row.expires_at is not None and row.expires_at - now <= _SOON:
        return Badge(_("Ends soon"), "amber")
    return Badge(_("Good"), "green")


def key_form(
    values: Mapping[str, str],
    *,
    roles: Iterable[tuple[str, str]],
    sites: Iterable[SiteRow],
    chosen_scopes: Sequence[str],
    chosen_sites: Sequence[str],
    base: str,
    key: ApiKeyRow | None = None,
    errors: Mapping[str, str],
) -> KeyForm:
    """Return the form with what was typed. Shape of a role: (slug, name)."""
    return KeyForm(
        title=_("Edit %(name)s") % {"name": key.name} if key else _("Add API key"),
        action=f"{base}/{key.id}" if key else f"{base}/add",
        submit=_("Save") if key else _("Make key"),
        back_href=base,
        version=key.version if key else None,
        name=Field(values.get("name", ""), error=errors.get("name", "")),
        roles=tuple(Choice(slug, name, is_selected=slug == values.get("role")) for slug, name in roles),
        role_error=errors.get("role", ""),
        scopes=tuple(Choice(name, words_of(name), is_selected=name in chosen_scopes) for name in PERMISSIONS),
        scopes_error=errors.get("scopes", ""),
        sites=tuple(Choice(site.slug, site.name, is_selected=site.slug in chosen_sites) for site in sites),
        sites_error=errors.get("sites", ""),
        expires_on=Field(values.get("expires_on", ""), error=errors.get("expires_at", "")),
        error=errors.get("", ""),
    )


def replace_question(key: ApiKeyRow, *, base: str, error: str = "") -> Question:
    """Return the question before a secret is replaced."""
    chosen = str(OVERLAP // timedelta(seconds=1))
    spans = [(str(span // timedelta(seconds=1)), str(words)) for span, words in _OVERLAPS]
    return Question(
        title=_("Replace the secret of %(name)s") % {"name": key.name},
        tell=_("A new secret is made and shown once. It counts at once; the old one ends"),
        action=f"{base}/{key.id}/replace",
        confirm=_("Make new secret"),
        back_href=base,
        version=key.version,
        error=error,
        overlaps=tuple(Choice(value, words, is_selected=value == chosen) for value, words in spans),
    )


def revoke_question(key: ApiKeyRow, *, base: str, error: str = "") -> Question:
    """Return the question before a key is revoked."""
    return Question(
        title=_("Revoke %(name)s?") % {"name": key.name},
        tell=_("The program that uses it is refused from its next request on. This cannot be undone."),
        action=f"{base}/{key.id}/revoke",
        confirm=_("Revoke key"),
        back_href=base,
        version=key.version,
        error=error,
    )


def key_made(name: str, secret: str, *, base: str) -> KeyMade:
    """Return what is shown once."""
    return KeyMade(
        title=_("The key %(name)s") % {"name": name},
        secret=secret,
        tell=_("Copy it now to where the program keeps its secrets: it is not kept here, and is never shown again."),
        back_href=base,
    )


def _press(availability: Availability) -> Press:
    return Press(availability.allowed, availability.reason)


def _when(at: datetime | None, now: datetime) -> When | None:
    return when(at, now=now, zone_name="UTC") if at is not None else None
