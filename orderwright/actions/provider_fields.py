"""What holds for every change of a provider account: names, sites, address, credentials, and its lock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from orderwright.actions.configured import at, checked_slug
from orderwright.actions.namesakes import namesake
from orderwright.core.db import assert_in_transaction
from orderwright.core.errors import FieldError, Invalid
from orderwright.core.text import clean_text
from orderwright.payments.errors import CredentialsUnreadable, ProviderAccountNotFound, ProviderNameTaken
from orderwright.payments.gateways.port import Credential
from orderwright.payments.models import ProviderAccount
from orderwright.payments.sealed import seal, unseal

LONGEST_NAME: Final = 80
LONGEST_SLUG: Final = 40
LONGEST_ADDRESS: Final = 200
# A private key of 4,096 bits in its usual wrapping has about 3,300 characters.
LONGEST_CREDENTIAL: Final = 8000
MOST_PRIORITY: Final = 999
MOST_FAILURES: Final = 100
MOST_SECONDS: Final = 3600
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
# Anything that a terminal or a form cannot mean; a key in several lines has line breaks.
_NOT_IN_CREDENTIALS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What stands in the journal of each credential that was touched; its value never does.
STORED, CHANGED, REMOVED = "stored", "changed", "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFields:
    """What somebody wants an account to be. Unit: seconds for `wait_s` and `cool_down_s`.

    `sites`: slugs, none for all. `credentials`: by name; what is not named or is empty stays, None takes it away.
    """

    name: str
    sites: Sequence[str] = ()
    is_live: bool = False
    is_on: bool = True
    priority: int = 100
    base_url: str = ""
    failures: int = 3
    wait_s: int = 10
    cool_down_s: int = 15
    credentials: Mapping[str, str | None] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What an account's credentials become: sealed text, when each was stored, and a word for each that was touched."""

    sealed: str
    stored: dict[str, str]
    touched: dict[str, str]


def columns_of(fields: AccountFields) -> dict[str, Any]:
    """Return the columns from what somebody typed, without sites and credentials. Raises: Invalid with a pointer."""
    return {
        "name": clean_text(fields.name, pointer="/name", longest=LONGEST_NAME, required=True),
        "is_live": fields.is_live,
        "is_enabled": fields.is_on,
        "priority": _whole(fields.priority, "/priority", most=MOST_PRIORITY),
        "base_url": checked_address(fields.base_url),
        "breaker_failures": _whole(fields.failures, "/breaker/failures", most=MOST_FAILURES),
        "breaker_wait_s": _whole(fields.wait_s, "/breaker/wait_s", most=MOST_SECONDS),
        "breaker_cool_down_s": _whole(fields.cool_down_s, "/breaker/cool_down_s", most=MOST_SECONDS),
    }


def checked_address(typed: str) -> str:
    """Return the address at which the provider is reached, empty for its own. Raises: Invalid at /base_url.

    Secrets go there, so it is https, or http on this machine, without a name, password, query or fragment in it.
    """
    address = clean_text(typed, pointer="/base_url", longest=LONGEST_ADDRESS)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_fits = urlsplit(""), False
    host = parts.hostname or ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment) and "@" not in parts.netloc
    if not (host and port_fits and is_safe and is_plain) or re.search(r"[\s\\]", address):
        words = _("It is an address such as https://api.provider.example, without anything secret in it.")
        raise at("/base_url", "address_invalid", words)
    return address.rstrip("/")


def credentials_after(
    account: ProviderAccount, wanted: Mapping[str, str | None], *, declared: Sequence[Credential], now: datetime
) -> Credentials:
    """Return what the account's credentials become.

    Raises: Invalid at /credentials/<name> for one that this kind does not have, or that cannot be one.
    CredentialsUnreadable when what is stored cannot be opened and is not given anew as a whole.
    """
    names = {each.name for each in declared}
    for name in wanted:
        if name not in names:
            raise at(f"/credentials/{name[:80]}", "unknown_field", _("This kind of provider has no such credential."))
    given = {name: _credential(name, value) for name, value in wanted.items() if value is not None and value.strip()}
    gone = {name for name, value in wanted.items() if value is None}
    before = _opened(account, given)
    after = {name: value for name, value in {**before, **given}.items() if name not in gone}
    touched = {name: CHANGED if name in before else STORED for name in given if before.get(name) != given[name]}
    touched |= dict.fromkeys(sorted(gone & set(before)), REMOVED)
    if not touched:
        return Credentials(sealed=account.sealed_credentials, stored=account.credentials_stored, touched={})
    stamp = now.isoformat().replace("+00:00", "Z")
    stored = {name: text for name, text in account.credentials_stored.items() if name in after}
    stored |= {name: stamp for name, word in touched.items() if word != REMOVED}
    return Credentials(sealed=seal(after) if after else "", stored=stored, touched=touched)


def require_complete(sealed: str, *, declared: Sequence[Credential]) -> None:
    """Do nothing when nothing needed is missing. Raises: Invalid at each of those that are."""
    known = unseal(sealed) if sealed else {}
    missing = [each for each in declared if each.is_needed and each.name not in known]
    if missing:
        words = _("An account that is on needs it.")
        faults = [FieldError(pointer=f"/credentials/{each.name}", code="required", message=words) for each in missing]
        raise Invalid(words, code="credentials_missing", fields=tuple(faults))


def require_name_free(name: str, *, except_id: int | None = None) -> None:
    """Do nothing when no other account's name looks like this one. Raises: ProviderNameTaken."""
    if namesake(ProviderAccount.objects.all(), name, except_id=except_id) is not None:
        message = _("There is a provider account named “%(name)s” already.") % {"name": name}
        raise ProviderNameTaken(message, facts={"pointer": "/name"})


def free_slug(typed: str, *, name: str) -> str:
    """Return the slug by which orders name the account. Raises: Invalid at /slug."""
    taken = ProviderAccount.objects.values_list("slug", flat=True)
    return checked_slug(typed, name=name, taken=taken, longest=LONGEST_SLUG, otherwise="provider")


def lock_account(slug: str) -> ProviderAccount:
    """Return the account, locked until the transaction ends; no payment comes in there meanwhile.

    Raises: ProviderAccountNotFound.
    """
    assert_in_transaction("an account is locked for the length of a transaction")
    account = ProviderAccount.objects.select_for_update().filter(slug=slug).first()
    if account is None:
        raise ProviderAccountNotFound(_("There is no such provider account."), facts={"provider_account": slug})
    return account


def _opened(account: ProviderAccount, given: Mapping[str, str]) -> dict[str, str]:
    try:
        return unseal(account.sealed_credentials) if account.sealed_credentials else {}
    except CredentialsUnreadable:
        # What no key opens any more is replaced as a whole, or not at all.
        if given and set(account.credentials_stored) <= set(given):
            return dict.fromkeys(account.credentials_stored, "")
        raise


def _credential(name: str, value: str) -> str:
    trimmed = value.strip()
    if len(trimmed) > LONGEST_CREDENTIAL:
        words = _("At most %(most)s characters.") % {"most": LONGEST_CREDENTIAL}
        raise at(f"/credentials/{name}", "too_long", words)
    if _NOT_IN_CREDENTIALS.search(trimmed):
        raise at(f"/credentials/{name}", "forbidden_character", _("It has a control character."))
    return trimmed


def _whole(value: int, pointer: str, *, most: int) -> int:
    if not 1 <= value <= most:
        words = _("Write a whole number from 1 to %(most)s.") % {"most": most}
        raise at(pointer, "out_of_range", words)
    return value
