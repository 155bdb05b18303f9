"""What configuring things has in common: how one field is refused, sites by slug, short names that never change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.text import slugify
from django.utils.translation import gettext as _

from orderwright.core.errors import FieldError, Invalid
from orderwright.orders.models import Site

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", flags=re.ASCII)
_ADDRESSES: Final = frozenset({"add"})  # of pages beside those of the things themselves
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


def checked_slug(typed: str, *, name: str, taken: Iterable[str], longest: int, otherwise: str) -> str:
    """Return the slug by which orders name the thing: the one that was typed, or a free one made from its name.

    `otherwise` stands in for a name of which nothing is left. Raises: Invalid at /slug.
    """
    if typed:
        if not _SLUG.fullmatch(typed) or len(typed) > longest or typed in _ADDRESSES:
            words = _("It has small letters, digits and single hyphens, at most %(most)s characters.")
            raise at("/slug", "slug_invalid", words % {"most": longest})
        return typed
    known = {*_ADDRESSES, *taken}
    base = slugify(name)[: longest - _ROOM].strip("-_").replace("_", "-") or otherwise
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(known) + 3))) if slug not in known)
