"""What programs send to configure delivery states, carriers and shipping methods."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from orderwright.actions.shipping_configuration import LONGEST_SLUG
from orderwright.actions.shipping_fields import (
    LONGEST_CARRIER_NAME,
    LONGEST_DESCRIPTION,
    LONGEST_METHOD_NAME,
    LONGEST_STATE_NAME,
)
from orderwright.api.fields import SLUG, Body, Color, SiteSlugs, TextRule, one_of
from orderwright.shipping.recognition import RECOGNISABLE
from orderwright.shipping.states import PHASES
from orderwright.shipping.tracking_links import LONGEST_TEMPLATE

NewSlug = Annotated[str, TextRule(LONGEST_SLUG), SLUG]
Confirmed = Annotated[bool, Field(description="Change it although orders show it.")]
_TEMPLATE = "https, with {number} and perhaps {postcode}, {country}, {language} behind the host; empty: none."
_CARRIER = "A carrier's slug; empty: none."
Phase = Annotated[str, TextRule(20), Field(description="What the state means."), one_of(PHASES)]
Recognised = Annotated[
    str,
    TextRule(20),
    Field(description="Whose numbers the carrier's are; empty: nobody's."),
    one_of(["", *RECOGNISABLE]),
]


class NewDeliveryStateBody(Body):
    """Add a delivery state."""

    slug: NewSlug = ""
    name: Annotated[str, TextRule(LONGEST_STATE_NAME, required=True)]
    color: Color
    description: Annotated[str, TextRule(LONGEST_DESCRIPTION)] = ""
    phase: Phase


class DeliveryStateChangeBody(Body):
    """Change what is given of a delivery state; the rest stays."""

    name: Annotated[str | None, TextRule(LONGEST_STATE_NAME, required=True)] = None
    color: Color | None = None
    description: Annotated[str | None, TextRule(LONGEST_DESCRIPTION)] = None
    phase: Phase | None = None
    is_confirmed: Confirmed = False


class CarrierBody(Body):
    """Add a carrier."""

    slug: NewSlug = ""
    name: Annotated[str, TextRule(LONGEST_CARRIER_NAME, required=True)]
    tracking_url_template: Annotated[str, TextRule(LONGEST_TEMPLATE), Field(description=_TEMPLATE)] = ""
    recognised_as: Recognised = ""
    sites: SiteSlugs = []


class CarrierChangeBody(Body):
    """Change what is given of a carrier; the rest stays."""

    name: Annotated[str | None, TextRule(LONGEST_CARRIER_NAME, required=True)] = None
    tracking_url_template: Annotated[str | None, TextRule(LONGEST_TEMPLATE), Field(description=_TEMPLATE)] = None
    recognised_as: Recognised | None = None
    sites: SiteSlugs | None = None
    is_confirmed: Confirmed = False


class ShippingMethodBody(Body):
    """Add a shipping method."""

    slug: NewSlug = ""
    name: Annotated[str, TextRule(LONGEST_METHOD_NAME, required=True)]
    carrier: Annotated[str, TextRule(LONGEST_SLUG), Field(description=_CARRIER)] = ""
    is_offered: bool = True
    sites: SiteSlugs = []


class ShippingMethodChangeBody(Body):
    """Change what is given of a shipping method; the rest stays."""

    name: Annotated[str | None, TextRule(LONGEST_METHOD_NAME, required=True)] = None
    carrier: Annotated[str | None, TextRule(LONGEST_SLUG), Field(description=_CARRIER)] = None
    is_offered: Annotated[bool | None, Field(description="False: it stays on shipments and is not offered.")] = None
    sites: SiteSlugs | None = None
    is_confirmed: Confirmed = False
