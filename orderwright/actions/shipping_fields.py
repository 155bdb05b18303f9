"""What delivery states, carriers and shipping methods are made of: what somebody wants one to be, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Max
from django.utils.translation import gettext as _

from orderwright.actions.configured import at
from orderwright.core.text import clean_text
from orderwright.orders.states import COLORS
from orderwright.shipping.models import Carrier, DeliveryState, ShippingMethod
from orderwright.shipping.recognition import RECOGNISABLE
from orderwright.shipping.states import PHASES
from orderwright.shipping.tracking_links import LONGEST_TEMPLATE, template_problem

LONGEST_STATE_NAME: Final = 40
LONGEST_DESCRIPTION: Final = 200
LONGEST_CARRIER_NAME: Final = 80
LONGEST_METHOD_NAME: Final = 120
# Between two that follow each other, so that one can be put between them.
_STEP: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStateFields:
    """What a delivery state shall be. `phase` is what it means: one of PHASES."""

    name: str
    color: str
    description: str = ""
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierFields:
    """What a carrier shall be. `sites`: slugs, none for all. `recognised_as`: a word of RECOGNISABLE, or nothing."""

    name: str
    tracking_url_template: str = ""
    recognised_as: str = ""
    sites: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFields:
    """What a shipping method shall be. `carrier`: a slug, or nothing. `sites`: slugs, none for all."""

    name: str
    carrier: str = ""
    is_offered: bool = True
    sites: Sequence[str] = ()


def delivery_state_columns(fields: DeliveryStateFields) -> dict[str, Any]:
    """Return the columns of a delivery state. Raises: Invalid with a pointer."""
    if fields.color not in COLORS:
        raise at("/color", "color_unknown", _("Choose one of the colours offered."))
    if fields.phase not in PHASES:
        raise at("/phase", "phase_unknown", _("Choose one of the meanings offered."))
    return {
        "name": clean_text(fields.name, pointer="/name", longest=LONGEST_STATE_NAME, required=True),
        "color": fields.color,
        "description": clean_text(fields.description, pointer="/description", longest=LONGEST_DESCRIPTION),
        "phase": fields.phase,
    }


def carrier_columns(fields: CarrierFields) -> dict[str, Any]:
    """Return the columns of a carrier, without its sites. Raises: Invalid with a pointer."""
    if fields.recognised_as and fields.recognised_as not in RECOGNISABLE:
        raise at("/recognised_as", "recognised_as_unknown", _("Choose one of the carriers offered."))
    return {
        "name": clean_text(fields.name, pointer="/name", longest=LONGEST_CARRIER_NAME, required=True),
        "tracking_url_template": checked_template(fields.tracking_url_template),
        "recognised_as": fields.recognised_as,
    }


def checked_template(typed: str) -> str:
    """Return the template of the address where parcels are followed, or nothing. Raises: Invalid at its pointer."""
    pointer = "/tracking_url_template"
    template = clean_text(typed, pointer=pointer, longest=LONGEST_TEMPLATE)
    problem = template_problem(template) if template else None
    if problem is not None:
        raise at(pointer, *problem)
    return template


def method_columns(fields: MethodFields) -> dict[str, Any]:
    """Return the columns of a shipping method, without its sites; its carrier as a row, kept from being deleted.

    Raises: Invalid with a pointer. Needs an open transaction.
    """
    carrier = None
    if fields.carrier:
        slug = fields.carrier if fields.carrier.isascii() and fields.carrier.isprintable() else ""
        carrier = Carrier.objects.select_for_update().filter(slug=slug).first()
        if carrier is None:
            raise at("/carrier", "carrier_unknown", _("There is no such carrier."))
    return {
        "name": clean_text(fields.name, pointer="/name", longest=LONGEST_METHOD_NAME, required=True),
        "carrier": carrier,
        "is_offered": fields.is_offered,
    }


def place_behind(phase: str) -> int:
    """Return the position behind the delivery states that mean the same, and move the later ones on.

    The place in the list is how far pieces have come: see `shipping.rules.plan_delivery`.
    """
    last = DeliveryState.objects.filter(phase=phase).aggregate(last=Max("position"))["last"] or 0
    DeliveryState.objects.filter(position__gt=last).update(position=F("position") + _STEP)
    return last + _STEP


def last_place() -> int:
    """Return the position behind every shipping method."""
    return (ShippingMethod.objects.aggregate(last=Max("position"))["last"] or 0) + _STEP
