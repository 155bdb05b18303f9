"""What stands in for the names in the addresses of routes, where a test walks all of them."""

from __future__ import annotations

import re
from typing import Any, Final

PLACES: Final[dict[str, Any]] = {
    "account": "practice",
    "api_key": "1",
    "check_id": "1",
    "drift": "1",
    "item": "1",
    "key": "op_1",
    "kind": "order_shipped",
    "language": "any-language",
    "number": "1001",
    "payment": "1",
    "shipment": "1",
    "site": "all-sites",
    "slug": "new",
}


def placed(path: str, **known: Any) -> str:
    """Return the route's address with something for each name in it; a name that is not listed names the number 1."""
    return re.sub(r"{(\w+)}", lambda name: str(known.get(name[1], PLACES.get(name[1], "1"))), path)
