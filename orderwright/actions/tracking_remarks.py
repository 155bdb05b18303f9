"""What is remarked about a tracking number, on the page and in the API; never a reason to refuse it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from orderwright.reads.rows import MethodRow, OrderDetail, ShipmentRow
from orderwright.shipping.number_advice import advice
from orderwright.shipping.recognition import RECOGNISABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark; `methods` are those by which the shipment would go if the number is right."""

    code: Literal["check_digit_failed", "other_carrier"]
    text: str
    methods: tuple[MethodRow, ...] = ()


def remarks(order: OrderDetail, shipment: ShipmentRow, tracking_number: str) -> tuple[Remark, ...]:
    """Return what there is to say about this number of the shipment; mostly nothing. Source: W9."""
    method = order.method(shipment.method_id)
    found = advice(tracking_number, has_carrier=method.carrier_id is not None, recognised_as=method.recognised_as or "")
    told = []
    if found.looks_like:
        offered = tuple(each for each in order.choices.methods if each.is_offered)
        methods = tuple(each for each in offered if each.recognised_as in found.looks_like)
        names = [_name(carrier, offered) for carrier in found.looks_like]
        told.append(
            Remark(
                code="other_carrier",
                text=_("Looks like %(carrier)s.") % {"carrier": _(" or ").join(names)},
                methods=methods,
            )
        )
    if found.failed:
        text = _("The check digit does not fit %(carrier)s. Compare the number with the label.")
        name = _name(found.failed, order.choices.methods)
        told.append(Remark(code="check_digit_failed", text=text % {"carrier": name}))
    return tuple(told)


def _name(carrier: str, methods: tuple[MethodRow, ...] | list[MethodRow]) -> str:
    """Return what the shop calls the carrier, or what people do."""
    own = {each.carrier for each in methods if each.recognised_as == carrier and each.carrier}
    return next(iter(own)) if len(own) == 1 else RECOGNISABLE[carrier]
