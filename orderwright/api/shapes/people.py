"""People and roles."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from orderwright.api.shapes.base import Shape, Time


class PersonRole(Shape):
    """A role that a person has. `site` null: everywhere."""

    id: int
    role: str
    site: str | None


class Person(Shape):
    """A person of the desk."""

    id: int
    name: str
    email: str
    active: bool
    second_factor: Annotated[bool, Meta(description="Whether a code or a passkey is asked for beside the password.")]
    invited_at: Annotated[Time | None, Meta(description="When the link that is still to be used was written.")]
    last_sign_in_at: Time | None
    roles: list[PersonRole]


class People(Shape):
    """Everybody: who may sign in by name, then the others."""

    items: list[Person]


class RefundCeiling(Shape):
    """How much a role refunds in one currency. Unit: minor units; null where there is no ceiling of this kind."""

    currency: str
    per_order: int | None
    per_day: int | None


class Role(Shape):
    """A role. `system` ones stay as they are; `people` and `keys` have it now."""

    slug: str
    name: str
    system: bool
    permissions: list[str]
    refund_ceilings: list[RefundCeiling]
    needs_second_person: bool
    needs_second_factor: bool
    people: int
    keys: int
    version: int


class Roles(Shape):
    """Every role: system roles first, then others by name."""

    items: list[Role]


class Permission(Shape):
    """Something that a role may allow. `everywhere`: only a role that is held everywhere gives it."""

    name: str
    words: str
    group: str
    everywhere: bool


class Permissions(Shape):
    """The fixed list from which roles choose."""

    items: list[Permission]
