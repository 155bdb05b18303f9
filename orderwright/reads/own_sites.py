"""The condition that keeps a read to the sites that an actor sees. Every read of what belongs to a site has it."""

from __future__ import annotations

from collections.abc import Collection

from orderwright.core.actor import Actor

Condition = tuple[str, list[int]]


def of_sites(actor: Actor, column: str = "o.site_id") -> Condition:
    """Return a condition on the column with its values; TRUE for an actor who sees every site."""
    return ("TRUE", []) if actor.sites is None else among(actor.sites, column)


def among(sites: Collection[int], column: str = "o.site_id") -> Condition:
    """Return a condition on the column for these sites, with its values.

    One site is an equation, so that an index that begins with the site gives its rows in order. Of several no index
    does that: the plus sign keeps both engines to the order of the list, and from sorting all rows of those sites.
    """
    if not sites:
        return "FALSE", []
    if len(sites) == 1:
        return f"{column} = %s", [*sites]
    return f"+{column} IN ({', '.join(['%s'] * len(sites))})", sorted(sites)


def serving(actor: Actor) -> Condition:
    """Return a condition for provider accounts `a` that serve a site of the actor's; one without sites serves all."""
    if actor.sites is None:
        return "TRUE", []
    own, values = of_sites(actor, "l.site_id")
    links = "payments_provideraccount_sites l WHERE l.provideraccount_id = a.id"
    return f"(NOT EXISTS (SELECT 1 FROM {links}) OR EXISTS (SELECT 1 FROM {links} AND {own}))", values
