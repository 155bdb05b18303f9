"""What an entry is about: the name of its chain, the site that it belongs to, and who seals what names a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from django.db.models.expressions import RawSQL

# Text to what stands for it in an entry, which nobody reads without the key.
Seal = Callable[[str], dict[str, Any]]


class Stream(str):
    """The name of a chain, such as "order:17", with how the database finds the site whose people may see it.

    Any text names a chain; one without a site belongs to the whole desk, and one without a seal is about nobody.
    """

    __slots__ = ("seal", "site")
    site: RawSQL | int | None
    seal: Seal | None

    def __new__(cls, name: str, *, site: RawSQL | int | None = None, seal: Seal | None = None) -> Self:
        """Name a chain. `site`: its site's id, or an expression by which the database finds it."""
        made = super().__new__(cls, name)
        made.site, made.seal = site, seal
        return made


class Plain(str):
    """Words of our own for why something was done, such as a code: they name nobody and are not sealed."""

    __slots__ = ()


def site_of(stream: str) -> RawSQL | int | None:
    """Return what to store as the site of an entry of this chain: an id, an expression for it, or None."""
    return stream.site if isinstance(stream, Stream) else None


def seal_of(stream: str) -> Seal | None:
    """Return what seals words about a person in this chain, or None where it is about nobody."""
    return stream.seal if isinstance(stream, Stream) else None
