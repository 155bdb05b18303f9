"""What programs send about people and roles."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from orderwright.actions.invite_person import LONGEST_EMAIL
from orderwright.actions.invite_person import LONGEST_NAME as LONGEST_PERSON
from orderwright.actions.role_fields import LONGEST_NAME as LONGEST_ROLE
from orderwright.api.fields import Body, Permission, Slug, TextRule
from orderwright.core.money import MAX_MINOR

_MOST_ROLES: Final = 100
_MOST_PERMISSIONS: Final = 200
_MOST_CURRENCIES: Final = 200

Permissions = Annotated[list[Permission], Field(max_length=_MOST_PERMISSIONS)]
Ceiling = Annotated[int, Field(ge=0, le=MAX_MINOR, description="Minor units; null: no ceiling of this kind.")]


class RoleAtBody(Body):
    """A role that a person is to have, at one site or, where `site` is null, everywhere."""

    role: Slug
    site: Slug | None = None


class InvitationBody(Body):
    """Invite a person. They are mailed a link to choose a password."""

    name: Annotated[str, TextRule(LONGEST_PERSON, required=True)]
    email: Annotated[str, TextRule(LONGEST_EMAIL, required=True, is_reference=True)]
    roles: Annotated[list[RoleAtBody], Field(max_length=_MOST_ROLES)]


class RefundCeilingBody(Body):
    """How much the role refunds in one currency. What is not named here is refunded in no other currency."""

    currency: Annotated[str, TextRule(3, required=True)]
    per_order: Ceiling | None = None
    per_day: Ceiling | None = None


Ceilings = Annotated[
    list[RefundCeilingBody], Field(max_length=_MOST_CURRENCIES, description="None: the role refunds without a ceiling.")
]


class RoleBody(Body):
    """Add a role of the shop's own."""

    name: Annotated[str, TextRule(LONGEST_ROLE, required=True)]
    permissions: Permissions
    refund_ceilings: Ceilings = []
    needs_second_person: Annotated[
        bool, Field(description="True: what its people asked for themselves, somebody else settles by hand.")
    ] = False
    needs_second_factor: Annotated[bool, Field(description="True: its people sign in with a second factor.")] = False


class RoleChangeBody(Body):
    """What is to change of a role; what is not given stays."""

    name: Annotated[str, TextRule(LONGEST_ROLE, required=True)] | None = None
    permissions: Permissions | None = None
    refund_ceilings: Ceilings | None = None
    needs_second_person: bool | None = None
    needs_second_factor: bool | None = None
