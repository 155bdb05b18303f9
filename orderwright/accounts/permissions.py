"""The fixed list of permissions and the system roles (W11). Pure data; roles in the database choose from it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext


def gettext_noop(words: str) -> str:
    """Return the words as they are, marked for translators. Django's own needs settings, which scripts lack here."""
    return words


PERMISSIONS: Final[dict[str, str]] = {
    "orders.view": gettext_noop("See orders"),
    "orders.take_in": gettext_noop("Hand in placed orders"),
    "orders.change_state": gettext_noop("Change the Order State"),
    "orders.edit": gettext_noop("Save invoice numbers and notes"),
    "orders.request_cancel": gettext_noop("Ask for a cancellation"),
    "orders.cancel": gettext_noop("Cancel orders"),
    "shipments.update": gettext_noop("Update shipments, delivery states and tracking numbers"),
    "customers.view": gettext_noop("See customers' personal data"),
    "customers.edit": gettext_noop("Change customers and addresses"),
    "customers.privacy": gettext_noop("Export and erase customers' data"),
    "payments.sync": gettext_noop("Sync payments"),
    "payments.capture": gettext_noop("Capture payments"),
    "payments.refund": gettext_noop("Refund payments"),
    "payments.reverse": gettext_noop("Reverse what is held"),
    "payments.settle": gettext_noop("Settle operations and differences by hand"),
    "finance.export": gettext_noop("See and export the ledger"),
    "emails.view": gettext_noop("See outgoing emails"),
    "emails.resend": gettext_noop("Send emails again"),
    "emails.edit": gettext_noop("Change email templates"),
    "configuration.view": gettext_noop("See Order Configurations"),
    "configuration.edit": gettext_noop("Change Order Configurations"),
    "sites.edit": gettext_noop("Change sites"),
    "providers.view": gettext_noop("See payment providers"),
    "providers.edit": gettext_noop("Change payment providers and their credentials"),
    "users.manage": gettext_noop("Manage users and roles"),
    "keys.manage": gettext_noop("Manage API keys"),
    "audit.view": gettext_noop("See and export the audit"),
}


def words_of(permission: str) -> str:
    """Return what the permission allows, in the language of whoever reads. Raises: KeyError when it is not listed."""
    return gettext(PERMISSIONS[permission])


# What belongs to no site, or to all of them at once: a role that somebody has at some sites alone does not give these.
GLOBAL_PERMISSIONS: Final = frozenset(
    {
        "customers.privacy",
        "emails.edit",
        "configuration.edit",
        "providers.edit",
        "users.manage",
        "keys.manage",
        "audit.view",
    }
)

# By what a role may do, in the words of those who choose: title, permissions.
GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "Orders",
        (
            *("orders.view", "orders.change_state", "orders.edit", "shipments.update", "orders.request_cancel"),
            *("orders.cancel", "orders.take_in"),
        ),
    ),
    ("Customers", ("customers.view", "customers.edit", "customers.privacy")),
    (
        "Money",
        (
            *("payments.sync", "payments.capture", "payments.reverse", "payments.refund", "payments.settle"),
            "finance.export",
        ),
    ),
    ("Emails", ("emails.view", "emails.resend", "emails.edit")),
    (
        "Configuration",
        ("configuration.view", "configuration.edit", "sites.edit", "providers.view", "providers.edit"),
    ),
    ("People and programs", ("users.manage", "keys.manage", "audit.view")),
)

ADMINISTRATOR: Final = "administrator"
_EVERYTHING: Final = frozenset(PERMISSIONS)
_LOOKING: Final = frozenset({"orders.view", "configuration.view", "emails.view"})
_AT_THE_DESK: Final = _LOOKING | {
    "customers.view",
    "orders.edit",
    "orders.request_cancel",
    "payments.sync",
    "emails.resend",
}

# Slug: name, permissions. Slugs are stored by installations and are never renamed.
SYSTEM_ROLES: Final[dict[str, tuple[str, frozenset[str]]]] = {
    ADMINISTRATOR: ("Administrator", _EVERYTHING),
    "order-manager": ("Order manager", _EVERYTHING - {"users.manage", "keys.manage", "providers.edit"}),
    # All that is done with an order but moving money; whoever moves money decides on a cancellation too.
    "order-clerk": ("Order clerk", _AT_THE_DESK | {"orders.change_state", "shipments.update", "customers.edit"}),
    "payments-clerk": (
        "Payments clerk",
        _AT_THE_DESK
        | {
            "orders.cancel",
            "payments.capture",
            "payments.refund",
            "payments.reverse",
            "payments.settle",
            "finance.export",
            "providers.view",
        },
    ),
    # Looks at orders without learning who the customers are.
    "viewer": ("Viewer", _LOOKING),
    # A storefront, a warehouse: hands in orders and says what became of the parcels; it moves no money.
    "integrator": (
        "Integrator",
        frozenset(
            {
                "orders.view",
                "orders.take_in",
                "orders.change_state",
                "orders.edit",
                "orders.request_cancel",
                "shipments.update",
                "customers.view",
                "payments.sync",
                "configuration.view",
            }
        ),
    ),
}
