"""What a mail says. Here: mails to staff; those to customers are written from templates, see `writing`. Pure."""

# ruff: noqa: D102 - what a fact is, its name says

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from orderwright.core.money import Money, format_money
from orderwright.outbox.addresses import named

# The language of mails to staff.
_LANGUAGE: Final = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """One mail as it will be read. `sender` carries a name; answers go to the same address.

    `fault`: why the built-in wording took the place of a template, empty when it did not have to. `logo_id`: what
    `cid:logo` stands for in the HTML; None where it shows none.
    """

    sender: str
    subject: str
    text: str
    html: str
    fault: str = ""
    logo_id: int | None = None


class HoldFacts(Protocol):
    """One hold that ends soon. Unit: `held_minor` in minor units of `currency`."""

    @property
    def order_number(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def held_minor(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def site_name(self) -> str: ...
    @property
    def site_locale(self) -> str: ...
    @property
    def site_time_zone(self) -> str: ...


def hold_digest(*, holds: Sequence[HoldFacts], address: str, is_more: bool) -> Composed:
    """Return the mail that tells staff which holds end soon, the first to end first. `address` is the sender's.

    It names orders and no customers, for it stays when one of them is erased. Source: I17.
    """
    rows = [
        {
            "number": f"#{hold.order_number}",
            "site": hold.site_name,
            "held": format_money(Money(hold.held_minor, hold.currency), locale=hold.site_locale),
            "ends": f"{hold.expires_at.astimezone(ZoneInfo(hold.site_time_zone)):%Y-%m-%d %H:%M %Z}",
        }
        for hold in holds
    ]
    with translation.override(_LANGUAGE):
        subject = ngettext("%(n)s hold ends soon", "%(n)s holds end soon", len(rows)) % {"n": len(rows)}
        facts = {"subject": subject, "holds": rows, "is_more": is_more}
        return Composed(
            sender=named(name="Orderwright", address=address),
            subject=subject,
            text=_environment().get_template("hold_digest.txt").render(facts).strip() + "\n",
            html="",
        )


def sign_in_changed(*, words: str, name: str, at: datetime, address: str) -> Composed:
    """Return the mail that tells a member of staff what was changed about signing in. `address` is the sender's."""
    with translation.override(_LANGUAGE):
        facts = {"words": words, "name": name, "at": f"{at:%Y-%m-%d %H:%M} UTC"}
        return Composed(
            sender=named(name="Orderwright", address=address),
            subject=gettext("How you sign in to Orderwright was changed"),
            text=_environment().get_template("sign_in_changed.txt").render(facts).strip() + "\n",
            html="",
        )


def invitation(*, name: str, by: str, link: str, until: datetime, email: str, address: str) -> Composed:
    """Return the mail with the link by which a member of staff chooses a password. `address` is the sender's."""
    with translation.override(_LANGUAGE):
        facts = {"name": name, "by": by, "link": link, "until": f"{until:%Y-%m-%d %H:%M} UTC", "email": email}
        return Composed(
            sender=named(name="Orderwright", address=address),
            subject=gettext("Choose your password for Orderwright"),
            text=_environment().get_template("invitation.txt").render(facts).strip() + "\n",
            html="",
        )


def reset_link(*, name: str, link: str, email: str, address: str) -> Composed:
    """Return the mail with the link for somebody who forgot their password. `address` is the sender's."""
    with translation.override(_LANGUAGE):
        facts = {"name": name, "link": link, "email": email}
        return Composed(
            sender=named(name="Orderwright", address=address),
            subject=gettext("Choose a new password for Orderwright"),
            text=_environment().get_template("reset_link.txt").render(facts).strip() + "\n",
            html="",
        )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment
