"""What is sent to an address so that it looks for the thing that is named there, and does not stop at what is typed.

Where nothing stands here, an empty form or an empty document does.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

from scripts.permission_matrix import Route
from tests.factories.pictures import picture
from tests.matrix.floor import Place

TYPED: Final[dict[str, dict[str, Any]]] = {
    "/email-templates/add": {"kind": "order_shipped", "site": "all-sites", "language": "any-language"},
    "/orders/{number}/state": {"state": "processing"},
    "/orders/{number}/invoice-number": {"invoice_number": "X-1"},
    "/orders/{number}/notes": {"text": "Hello"},
    "/orders/{number}/undo": {"change": "1"},
    "/orders/{number}/delay/html": {"message": "It takes longer."},
    "/order-configurations/add": {"name": "Backordered", "colour": "teal", "system_state": "processing"},
    "/users/invite": {"name": "Nora Neu", "email": "nora@cozy-home.example.com", "role": "viewer"},
    "/api-keys/add": {"name": "Till", "role": "viewer"},
    "/provider-drift/reconcile": {"account": "{account}", "day": "2026-11-20"},
    "/exceptions/{key}/settle": {"happened": "yes", "reason": "The provider told us", "reference": "ref-1"},
}

DOCUMENTS: Final[dict[str, Any]] = {
    "/orders/{number}/state": {"state": "processing"},
    "/orders/{number}/invoice-number": {"invoice_number": "X-1"},
    "/orders/{number}/notes": {"text": "Hello"},
    "/orders/{number}/customer": {"name": "Bo Bo"},
    "/orders/{number}/customer/erasure": {"confirmation": "1"},
    "/orders/{number}/shipments": {"items": [{"item": 1}], "method": "fedex-home"},
    "/orders/{number}/shipments/{shipment}/tracking-number": {"tracking_number": "1Z"},
    "/orders/{number}/shipments/{shipment}/emails-customer": {"emails_customer": False},
    "/orders/{number}/items/{item}/delivery-state": {"delivery_state": "pending"},
    "/orders/{number}/delay": {"message": "It takes longer."},
    "/orders/{number}/payments/{payment}/captures": {"amount": 100},
    "/orders/{number}/captures": {"amount": 100},
    "/orders/{number}/payments/{payment}/refunds": {"amount": 100},
    "/orders/{number}/refunds": {"other": 100},
    "/orders/{number}/cancellation": {"email_customer": False},
    "/operations/{key}/settlement": {"happened": False, "reason": "The provider told us"},
    "/drift/{drift}/decision": {"decision": "investigate", "note": "Asked"},
    "/sites": {"name": "Another", "currency": "EUR"},
    "/sites/{slug}/logo": {"png": b64encode(picture()).decode()},
    "/provider-accounts/{account}/reconciliations": {"day": "2026-11-20"},
    "/email-templates/{kind}/{site}/{language}/preview": {
        "subject": "x",
        "text": "x",
        "html": "",
        "order": "/orders/{number}",
    },
}


def sent_to(route: Route, place: Place) -> Any:
    """Return the form, the parameters or the document with which the route is asked; None for no body."""
    if route.surface == "API" and route.method in ("GET", "DELETE"):
        return None
    document = (TYPED if route.surface == "portal" else DOCUMENTS).get(route.path, {})
    return {name: place.get(value, value) if isinstance(value, str) else value for name, value in document.items()}
