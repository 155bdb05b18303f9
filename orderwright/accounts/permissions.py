"""The fixed list of permissions and the system roles (W11). Pure data; roles in the database choose from it."""

from __future__ import annotations

from typing import Final

PERMISSIONS: Final[dict[str, str]] = {
    "orders.view": "See orders",
    "orders.take_in": "Hand in placed orders",
    "orders.change_state": "Change the Order State",
    "orders.edit": "Save invoice numbers and notes",
    "orders.request_cancel": "Ask for a cancellation",
    "orders.cancel": "Cancel orders",
    "shipments.update": "Update shipments, delivery states and tracking numbers",
    "customers.view": "See customers' personal data",
    "customers.edit": "Change customers and addresses",
    "customers.privacy": "Export and erase customers' data",
    "payments.sync": "Sync payments",
    "payments.capture": "Capture payments",
    "payments.refund": "Refund payments",
    "payments.reverse": "Reverse what is held",
    "payments.settle": "Settle operations and differences by hand",
    "finance.export": "See and export the ledger",
    "emails.view": "See outgoing emails",
    "emails.resend": "Send emails again",
    "emails.edit": "Change email templates",
    "configuration.view": "See Order Configurations",
    "configuration.edit": "Change Order Configurations",
    "sites.edit": "Change sites",
    "providers.view": "See payment providers",
    "providers.edit": "Change payment providers and their credentials",
    "users.manage": "Manage users and roles",
    "keys.manage": "Manage API keys",
    "audit.view": "See and export the audit",
}

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
