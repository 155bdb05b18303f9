"""Who somebody is by now: what a row remembers of who asked, read anew from people, roles and keys."""

from __future__ import annotations

from datetime import datetime

from orderwright.accounts.backends import EmailBackend
from orderwright.accounts.keys import actor_of_key
from orderwright.core.actor import Actor


def present_actor(remembered: Actor, *, now: datetime) -> Actor | None:
    """Return the person or program with the rights that they have now, or None when they may not act any more.

    The desk itself stays what it is. Cost: one statement. Source: W11, W12.
    """
    if remembered.kind == "person":
        user = EmailBackend().get_user(int(remembered.ref))
        return None if user is None else user.actor()
    if remembered.kind == "key":
        return actor_of_key(int(remembered.ref), now=now)
    return remembered
