"""What programs send about an order's customer."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from orderwright.api.fields import Body, TextRule

Part = Annotated[str | None, TextRule(200)]


class AddressBody(Body):
    """A postal address, whole: a part that is left out is empty afterwards."""

    name: Part = None
    company: Part = None
    line1: Part = None
    line2: Part = None
    city: Part = None
    region: Part = None
    postcode: Part = None
    country: Annotated[str | None, TextRule(200), Field(description="Two letters, such as CA (ISO 3166).")] = None
    phone: Part = None


class CustomerBody(Body):
    """What is to change of the customer; what is left out stays."""

    name: Annotated[str, TextRule(120, required=True)] = ""
    email: Annotated[str, TextRule(254), Field(description="Empty: none.")] = ""
    phone: Annotated[str, TextRule(40), Field(description="Kept as written. Empty: none.")] = ""
    language: Annotated[str, TextRule(12, required=True), Field(description="In which the customer is written to.")] = (
        ""
    )
    shipping_address: AddressBody | None = None
    billing_address: Annotated[AddressBody | None, Field(description="null: as shipping.")] = None

    def changes(self) -> dict[str, Any]:
        """Return what was sent, as the action takes it."""
        return self.model_dump(include=self.model_fields_set)


class ErasureBody(Body):
    """Erase the customer, for good."""

    confirmation: Annotated[str, TextRule(40, required=True), Field(description="The order's number once more.")]
