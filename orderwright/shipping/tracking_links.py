"""The address at which a carrier shows a parcel: made here and nowhere else, for portal, mail and API."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

PLACEHOLDERS: Final = ("number", "postcode", "country", "language")
LONGEST_TEMPLATE: Final = 300
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", flags=re.ASCII | re.IGNORECASE)


def tracking_link(template: str, *, number: str, postcode: str, country: str, language: str) -> str:
    """Return the carrier's page about this parcel, or nothing where the template needs a value that is missing.

    Number and postcode go in without spaces, the country as its code in small letters, of the language only the first
    part (`pt` of `pt-BR`); each is quoted, so that no value can lead elsewhere. Source: W9.
    """
    values = {
        "number": "".join(number.split()),
        "postcode": "".join(postcode.split()),
        "country": country.strip().lower(),
        "language": re.split("[-_]", language.strip().lower())[0],
    }
    if not template or any(not values[name] for name in _PLACEHOLDER.findall(template)):
        return ""
    return _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), template)


def template_problem(template: str) -> tuple[str, str] | None:
    """Return (code, sentence) for a template of which no safe link can be made, or None.

    It begins with https, the placeholders stand behind the host, {number} among them, and there are no others.
    """
    names = _PLACEHOLDER.findall(template)
    strange = next((name for name in names if name not in PLACEHOLDERS), None)
    if strange is not None or re.search(r"[{}]", _PLACEHOLDER.sub("", template)):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return "placeholder_unknown", _("The placeholders are %(known)s.") % {"known": known}
    if not _is_safe(template):
        sentence = _("Write an address that begins with https://, with the placeholders behind the host’s name.")
        return "address_invalid", sentence
    if "number" not in names:
        return "placeholder_missing", _("It needs {number}, where the tracking number goes.")
    return None


def _is_safe(template: str) -> bool:
    try:
        parts = urlsplit(template)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    is_plain = not re.search(r"[\s\\<>\"'`]", template)
    return parts.scheme == "https" and port_fits and is_plain and _HOST.fullmatch(host) is not None
