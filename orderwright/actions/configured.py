"""What configuring things has in common: how one field is refused, sites by slug, short names that never change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from babel import Locale, UnknownLocaleError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from orderwright.core.errors import FieldError, Invalid
from orderwright.orders.models import Site

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", flags=re.ASCII)
_ADDRESSES: Final = frozenset({"add"})  # of pages beside those of the things themselves
_LONGEST_LANGUAGE: Final = 12
# Room for "-2", "-3" … behind a name.
_ROOM: Final = 4


def at(pointer: str, code: str, message: str) -> Invalid:
    """Return the refusal of one field."""
    return Invalid(message, code=code, fields=(FieldError(pointer=pointer, code=code, message=message),))


def sites_of(slugs: Sequence[str]) -> list[Site]:
    """Return the sites by their slugs. Raises: Invalid at /sites/<place>."""
    known = {site.slug: site for site in Site.objects.filter(slug__in=list(slugs))}
    for place, slug in enumerate(slugs):
        if slug not in known:
            raise at(f"/sites/{place}", "site_unknown", _("There is no such site."))
    return [known[slug] for slug in dict.fromkeys(slugs)]


def checked_language(typed: str, *, pointer: str) -> str:
    """Return a language as it is kept, `de` or `de-AT`; empty where nothing was typed. Raises: Invalid there."""
    wanted = typed.strip().replace("_", "-")
    if not wanted:
        return ""
    try:
        parsed = Locale.parse(wanted, sep="-") if len(wanted) <= _LONGEST_LANGUAGE else None
    except (UnknownLocaleError, ValueError):
        parsed = None
    if parsed is None or parsed.script or parsed.variant:
        raise at(pointer, "language_unknown", _("Write a language as de or de-AT."))
    return f"{parsed.language}-{parsed.territory}" if parsed.territory else str(parsed.language)


def checked_slug(
    typed: str, *, name: str, taken: Iterable[str], longest: int, otherwise: str, reserved: Iterable[str] = ()
) -> str:
    """Return the slug by which orders name the thing: the one that was typed, or a free one made from its name.

    `otherwise` stands in for a name of which nothing is left; `reserved` are words that mean something else in an
    address. Raises: Invalid at /slug.
    """
    if typed:
        if not _SLUG.fullmatch(typed) or len(typed) > longest or typed in {*_ADDRESSES, *reserved}:
            words = _("Use small letters, digits and single hyphens, at most %(most)s characters.")
            raise at("/slug", "slug_invalid", words % {"most": longest})
        return typed
    known = {*_ADDRESSES, *reserved, *taken}
    base = slugify(name)[: longest - _ROOM].strip("-_").replace("_", "-") or otherwise
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(known) + 3))) if slug not in known)
