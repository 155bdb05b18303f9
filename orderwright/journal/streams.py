"""What an entry is about: the name of its chain, and the store that it belongs to. Pure but for the SQL it carries."""

from __future__ import annotations

from typing import Self

from django.db.models.expressions import RawSQL


class Stream(str):
    """The name of a chain, such as "order:17", with how the database finds the store whose people may see it.

    Any text names a chain; one without a store belongs to the whole desk.
    """

    __slots__ = ("site",)
    site: RawSQL | int | None

    def __new__(cls, name: str, *, site: RawSQL | int | None = None) -> Self:
        """Name a chain. `site`: its store's id, or an expression by which the database finds it."""
        made = super().__new__(cls, name)
        made.site = site
        return made


def site_of(stream: str) -> RawSQL | int | None:
    """Return what to store as the store of an entry of this chain: an id, an expression for it, or None."""
    return stream.site if isinstance(stream, Stream) else None
