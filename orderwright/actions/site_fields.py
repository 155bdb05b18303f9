"""What holds for every change of a site: its names, zone, currency, number series and sender (W10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from orderwright.actions.configured import at, checked_language, checked_slug
from orderwright.actions.email_template_rules import ALL_SITES
from orderwright.actions.namesakes import namesake
from orderwright.core.money import known_currencies
from orderwright.core.text import clean_text
from orderwright.orders.errors import NumberSeriesTaken, SiteNameTaken
from orderwright.orders.models import Site
from orderwright.orders.sites import highest_number
from orderwright.outbox.addresses import LONGEST_ADDRESS, is_mailable

PERMISSION: Final = "sites.edit"
LONGEST_NAME: Final = 80
LONGEST_SLUG: Final = 60
LONGEST_ZONE: Final = 60
LONGEST_LOCALE: Final = 12
LONGEST_PREFIX: Final = 12
MOST_NUMBER: Final = 999_999_999
# Words that stand for something else where an address names a site.
RESERVED: Final = frozenset({ALL_SITES})
# What is found in addresses, mails and files: nothing that would have to be escaped there.
_PREFIX: Final = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*)?", flags=re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFields:
    """What somebody wants a site to be; what is None stays, or has its default in a new site.

    `sender_name` empty: the site's name. `sender` empty: no mail goes to customers. `is_open`: orders are handed in.
    """

    name: str | None = None
    slug: str | None = None
    time_zone: str | None = None
    currency: str | None = None
    locale: str | None = None
    number_prefix: str | None = None
    next_number: int | None = None
    sender: str | None = None
    sender_name: str | None = None
    mails_received: bool | None = None
    mails_shipped: bool | None = None
    is_open: bool | None = None


NAMES: Final = tuple(SiteFields.__dataclass_fields__)


def checked(fields: SiteFields) -> dict[str, Any]:
    """Return what is given, clean and fit to be stored, by field; an empty slug is made from the name later.

    Raises: Invalid with a pointer.
    """
    checks: dict[str, Callable[[Any], Any]] = {
        "name": lambda typed: clean_text(typed, pointer="/name", longest=LONGEST_NAME, required=True),
        "time_zone": _time_zone,
        "currency": _currency,
        "locale": _locale,
        "number_prefix": _prefix,
        "next_number": _next_number,
        "sender": _sender,
        "sender_name": lambda typed: clean_text(typed, pointer="/sender_name", longest=LONGEST_NAME),
    }
    given = {name: getattr(fields, name) for name in NAMES}
    return {
        name: checks[name](value) if name in checks else value for name, value in given.items() if value is not None
    }


def fit_slug(typed: str, *, name: str) -> str:
    """Return the slug that was typed, or a free one made from the name. Raises: Invalid at /slug."""
    taken = Site.objects.values_list("slug", flat=True)
    return checked_slug(typed, name=name, taken=taken, longest=LONGEST_SLUG, otherwise="site", reserved=RESERVED)


def require_name_free(name: str, *, except_id: int | None = None) -> None:
    """Do nothing when no other site's name looks like this one. Raises: SiteNameTaken."""
    if namesake(Site.objects.all(), name, except_id=except_id) is not None:
        message = _("There is a site named “%(name)s” already.") % {"name": name}
        raise SiteNameTaken(message, facts={"pointer": "/name"})


def stored(site: Site) -> dict[str, Any]:
    """Return the site's fields by name, as they stand in the journal."""
    values = {name: getattr(site, name) for name in NAMES if name != "is_open"}
    return {**values, "is_open": site.closed_at is None}


def require_free_series(site: Site) -> None:
    """Do nothing when no order can get a number that another one has. Needs every site's lock.

    Raises: NumberSeriesTaken at /number_prefix or /next_number, then with the highest number in use. Source: W10, I13.
    """
    others = Site.objects.exclude(pk=site.pk).values_list("number_prefix", flat=True)
    if site.number_prefix.lower() in {other.lower() for other in others}:
        words = _("Another site numbers its orders with this prefix.")
        raise NumberSeriesTaken(words, facts={"pointer": "/number_prefix"})
    highest = highest_number(site.number_prefix)
    if highest is not None and site.next_number <= highest:
        words = _("There is an order #%(number)s already: the next number is higher than that.") % {
            "number": f"{site.number_prefix}{highest}"
        }
        raise NumberSeriesTaken(words, facts={"pointer": "/next_number", "highest": highest})


@cache
def time_zones() -> frozenset[str]:
    """Return the names of all time zones that a place has, such as America/New_York, and UTC."""
    return frozenset(
        name
        for name in available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/")))
    )


def _time_zone(typed: str) -> str:
    name = typed.strip()
    if name not in time_zones():
        raise at("/time_zone", "time_zone_unknown", _("Write a time zone as Europe/Berlin or America/New_York."))
    return name


def _currency(typed: str) -> str:
    code = typed.strip().upper()
    if code not in known_currencies():
        raise at("/currency", "currency_unknown", _("Write a currency by its three letters, such as EUR."))
    return code


def _locale(typed: str) -> str:
    found = checked_language(typed, pointer="/locale")
    if not found:
        raise at("/locale", "required", _("It must not be empty."))
    return found


def _prefix(typed: str) -> str:
    prefix = typed.strip()
    if len(prefix) > LONGEST_PREFIX or not _PREFIX.fullmatch(prefix):
        words = _("Use letters from A to Z, digits, hyphens, dots and underscores, at most %(most)s characters.")
        raise at("/number_prefix", "number_prefix_invalid", words % {"most": LONGEST_PREFIX})
    if prefix[-1:].isdigit():
        words = _("It must not end in a digit: nobody could tell where the number begins.")
        raise at("/number_prefix", "number_prefix_ends_in_digit", words)
    return prefix


def _next_number(typed: int) -> int:
    if not 1 <= typed <= MOST_NUMBER:
        words = _("Write a whole number from 1 to %(most)s.") % {"most": f"{MOST_NUMBER:,}"}
        raise at("/next_number", "out_of_range", words)
    return typed


def _sender(typed: str) -> str:
    address = clean_text(typed, pointer="/sender", longest=LONGEST_ADDRESS, is_reference=True)
    if address and not is_mailable(address):
        raise at("/sender", "not_an_address", _("Write exactly one e-mail address."))
    return address
