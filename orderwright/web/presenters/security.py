"""What the page "Sign-in and security" shows. What is stored, and how it is changed, does not belong here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from orderwright.web.presenters.parts import When
from orderwright.web.presenters.words import when

# How browsers and systems name themselves, the most particular first.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class SessionRow(Protocol):
    """One place where somebody is signed in."""

    pk: int
    ip: str
    user_agent: str
    created_at: datetime
    session_key: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey or security key with the name that its owner gave it."""

    name: str
    added: When
    last_used: When | None
    remove_href: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session: browser and system as it names itself, the address, and since when."""

    device: str
    address: str
    since: When
    is_here: bool
    end_href: str


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """How somebody signs in. `codes_left` is None where there are no recovery codes."""

    app_added: When | None
    passkeys: tuple[Passkey, ...]
    codes_left: int | None
    sessions: tuple[Session, ...]
    must_add: bool

    @property
    def has_second_factor(self) -> bool:
        """Return whether more than the password is asked for."""
        return self.app_added is not None or bool(self.passkeys)


def security_page(
    *,
    factors: Iterable[tuple[int, str, Any]],
    sessions: Sequence[SessionRow],
    here: str,
    must_add: bool,
    now: datetime,
) -> SecurityPage:
    """Return the page. Shape of a factor: (id, "totp" | "webauthn" | "recovery_codes", allauth's wrapper)."""
    kept = list(factors)
    app = next((factor for _id, kind, factor in kept if kind == "totp"), None)
    codes = next((factor for _id, kind, factor in kept if kind == "recovery_codes"), None)
    passkeys = [
        Passkey(
            name=factor.name,
            added=_when(factor.instance.created_at, now),
            last_used=_when(factor.instance.last_used_at, now) if factor.instance.last_used_at else None,
            remove_href=reverse("mfa_remove_webauthn", args=[key]),
        )
        for key, kind, factor in kept
        if kind == "webauthn"
    ]
    return SecurityPage(
        app_added=_when(app.instance.created_at, now) if app is not None else None,
        passkeys=tuple(passkeys),
        codes_left=len(codes.get_unused_codes()) if codes is not None else None,
        sessions=tuple(
            Session(
                device=device_text(row.user_agent),
                address=row.ip,
                since=_when(row.created_at, now),
                is_here=row.session_key == here,
                end_href=reverse("session-end", args=[row.pk]),
            )
            for row in sorted(sessions, key=lambda row: (row.session_key != here, -row.created_at.timestamp()))
        ),
        must_add=must_add,
    )


def device_text(user_agent: str) -> str:
    """Return browser and system in words, such as "Firefox on Windows"; what names neither is a program."""
    browser = next((name for mark, name in _BROWSERS if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def _when(at: datetime, now: datetime) -> When:
    return when(at, now=now, zone_name="UTC")
