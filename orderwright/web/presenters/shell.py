"""The frame round every page: left menu, search, who is signed in. What stands on the page does not belong here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.accounts.grants import HeldRole
from orderwright.web.presenters.parts import Link
from orderwright.web.presenters.words import count, initials


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the left menu, empty for what stands above all, and the links under it."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html needs besides the page: menu, the person, the words last searched for, which keys to name."""

    groups: tuple[Group, ...]
    person: str
    initials: str
    role: str
    query: str = ""
    is_list: bool = False


class Person(Protocol):
    """Who is signed in."""

    @property
    def name(self) -> str: ...  # noqa: D102 - what it is, its name says
    def has_perm(self, perm: str) -> bool: ...  # noqa: D102


# Menu entry: permission, address's name, icon. Only what exists stands in the menu.
_MENU = (
    ("orders.view", "overview", "layout-dashboard"),
    ("orders.view", "open-orders", "inbox"),
    ("orders.view", "all-orders", "layers"),
    ("orders.view", "exceptions", "triangle-alert"),
    ("orders.view", "expiring-holds", "hourglass"),
    ("orders.view", "provider-drift", "git-compare"),
    ("finance.export", "ledger", "book-open-text"),
    ("emails.view", "emails", "mail"),
    ("configuration.view", "bulk-jobs", "list-checks"),
    ("configuration.view", "order-configurations", "sliders-horizontal"),
    ("configuration.view", "shipping", "truck"),
    ("providers.view", "payment-providers", "credit-card"),
    ("configuration.view", "sites", "store"),
    ("configuration.view", "email-templates", "mail-plus"),
    ("users.manage", "users-and-roles", "users"),
    ("keys.manage", "api-keys", "key-round"),
    ("audit.view", "audit", "scroll-text"),
)


def shell(
    person: Person,
    *,
    role: str,
    hrefs: dict[str, str],
    current: str,
    counts: dict[str, int],
    query: str = "",
    is_list: bool = False,
) -> Shell:
    """Return the frame for this person: a menu of what the role may see, the current place marked."""
    names = {
        "overview": _("Overview"),
        "open-orders": _("Open Orders"),
        "all-orders": _("All Orders"),
        "exceptions": _("Exceptions"),
        "expiring-holds": _("Expiring holds"),
        "provider-drift": _("Provider drift"),
        "ledger": _("Ledger"),
        "emails": _("Emails"),
        "bulk-jobs": _("Bulk jobs"),
        "order-configurations": _("Order Configurations"),
        "shipping": _("Shipping"),
        "payment-providers": _("Payment providers"),
        "sites": _("Sites"),
        "email-templates": _("Email templates"),
        "users-and-roles": _("Users and roles"),
        "api-keys": _("API keys"),
        "audit": _("Audit"),
    }

    def links(*wanted: str) -> tuple[Link, ...]:
        return tuple(
            Link(
                names[place],
                hrefs[place],
                is_current=place == current,
                count=_shown(place, counts),
                icon=icon,
                is_urgent=place in ("exceptions", "provider-drift"),
            )
            for permission, place, icon in _MENU
            if place in wanted and person.has_perm(permission)
        )

    groups = (
        Group("", links("overview")),
        Group(_("Orders"), links("open-orders", "all-orders", "exceptions")),
        Group(_("Money"), links("ledger", "expiring-holds", "provider-drift")),
        Group(_("Outbox"), links("emails", "bulk-jobs")),
        Group(
            _("Configuration"),
            links(
                "order-configurations",
                "shipping",
                "payment-providers",
                "sites",
                "email-templates",
                "users-and-roles",
                "api-keys",
            ),
        ),
        Group("", links("audit")),
    )
    return Shell(
        groups=tuple(group for group in groups if group.links),
        person=person.name,
        initials=initials(person.name),
        role=role,
        query=query,
        is_list=is_list,
    )


def roles_in_words(held: Sequence[HeldRole]) -> str:
    """Return what somebody is here: the role, with the site where it holds at one alone; of several, how many."""
    if not held:
        return _("No role")
    names = {each.role_name for each in held}
    if len(names) > 1:
        return ngettext("%(n)s role", "%(n)s roles", len(names)) % {"n": len(names)}
    (name,) = names
    if any(each.site_id is None for each in held):
        return name
    if len(held) > 1:
        sites = ngettext("%(n)s site", "%(n)s sites", len(held)) % {"n": len(held)}
        return f"{name} · {sites}"
    return f"{name} · {held[0].site_name}"


def _shown(place: str, counts: dict[str, int]) -> str:
    # Nothing to do needs no number; no open orders is news.
    counted = counts.get(place, 0)
    return count(counted) if counted or place == "open-orders" else ""
