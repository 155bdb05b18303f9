"""What several routes answer with: the whole order, as it stands now."""

from __future__ import annotations

from django.http import HttpResponse

from orderwright.api.answers import answer
from orderwright.api.door import Call
from orderwright.api.order_shape import order_shape
from orderwright.api.versions import etag
from orderwright.reads.order_detail import read_order


def order_answer(call: Call, number: str, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return the order as it stands now, with its version as ETag. Raises: OrderNotFound. Cost: one statement."""
    order = read_order(number=number, actor=call.auth)
    shape = order_shape(order, actor=call.auth)
    return answer(shape, status=status, headers={"ETag": etag(order.version), **(headers or {})})
