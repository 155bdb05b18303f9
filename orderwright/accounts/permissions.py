"""The fixed list of permissions and the two roles to begin with. Pure data; roles in the database choose from it."""

from __future__ import annotations

PERMISSIONS: dict[str, str] = {
    "orders.view": "See orders",
    "orders.take_in": "Hand in placed orders",
    "orders.change_state": "Change the Order State",
    "orders.edit": "Save invoice numbers and notes",
    "orders.cancel": "Cancel orders",
    "shipments.update": "Update shipments, delivery states and tracking numbers",
    "payments.sync": "Sync payments",
    "payments.capture": "Capture payments",
    "payments.refund": "Refund payments",
    "payments.reverse": "Reverse what is held",
    "payments.settle": "Settle operations and differences by hand",
    "finance.export": "See and export the ledger",
    "configuration.view": "See Order Configurations",
    "configuration.edit": "Change Order Configurations",
    "providers.view": "See payment providers",
    "providers.edit": "Change payment providers and their credentials",
    "emails.view": "See outgoing emails",
}

SYSTEM_ROLES: dict[str, tuple[str, frozenset[str]]] = {
    "order-manager": ("Order manager", frozenset(PERMISSIONS)),
    "viewer": ("Viewer", frozenset({"orders.view", "configuration.view", "emails.view"})),
}
