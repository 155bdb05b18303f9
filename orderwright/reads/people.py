"""The people of the desk: who they are, what they have where, and when they last signed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from orderwright.accounts.errors import UserNotFound
from orderwright.accounts.models import User
from orderwright.reads.row import Row

# The engines differ in where they put what has no value.
_EVERYWHERE_FIRST = F("grants__site__name").asc(nulls_first=True)


class GrantRow(Row, frozen=True, kw_only=True):
    """A role that somebody has; `site` and `site_name` are None where they have it everywhere."""

    id: int
    role: str
    role_name: str
    site: str | None
    site_name: str | None
    needs_second_factor: bool


class PersonRow(Row, frozen=True, kw_only=True):
    """One person. `invited_at`: when the link that is still to be used was written; `has_password`: one was chosen.

    `has_second_factor`: an app, a passkey or a recovery code is asked for beside the password.
    """

    id: int
    name: str
    email: str
    is_active: bool
    has_password: bool
    has_second_factor: bool
    invited_at: datetime | None
    last_sign_in_at: datetime | None
    grants: list[GrantRow]


_PERSON = ("pk", "name", "email", "is_active", "password", "invited_at", "last_login")
_GRANT = {
    "grant_id": F("grants__id"),
    "role": F("grants__role__slug"),
    "role_name": F("grants__role__name"),
    "site": F("grants__site__slug"),
    "site_name": F("grants__site__name"),
    "needs_second_factor": F("grants__role__needs_second_factor"),
}


def list_people() -> list[PersonRow]:
    """Return everybody: who may sign in by name, then the others. Cost: one statement."""
    return _people(User.objects.order_by("-is_active", "name", "pk", "grants__role__name", _EVERYWHERE_FIRST))


def read_person(*, user_id: int) -> PersonRow:
    """Return one person. Raises: UserNotFound. Cost: one statement."""
    found = _people(User.objects.filter(pk=user_id).order_by("grants__role__name", _EVERYWHERE_FIRST))
    if not found:
        raise UserNotFound(_("There is no such person."), facts={"user": user_id})
    return found[0]


def _people(users: Any) -> list[PersonRow]:
    by_person: dict[int, list[dict[str, Any]]] = {}
    factors = Exists(Authenticator.objects.filter(user=OuterRef("pk")))
    for row in users.values(*_PERSON, **_GRANT, has_second_factor=factors):
        by_person.setdefault(row["pk"], []).append(row)
    return [_person(rows) for rows in by_person.values()]


def _person(rows: list[dict[str, Any]]) -> PersonRow:
    first = rows[0]
    return PersonRow(
        id=first["pk"],
        name=first["name"],
        email=first["email"],
        is_active=first["is_active"],
        has_password=not first["password"].startswith("!"),
        has_second_factor=first["has_second_factor"],
        invited_at=first["invited_at"],
        last_sign_in_at=first["last_login"],
        grants=list(_grants(rows)),
    )


def _grants(rows: Iterable[dict[str, Any]]) -> Iterable[GrantRow]:
    for row in rows:
        if row["grant_id"] is not None:
            yield GrantRow(
                id=row["grant_id"],
                role=row["role"],
                role_name=row["role_name"],
                site=row["site"],
                site_name=row["site_name"],
                needs_second_factor=row["needs_second_factor"],
            )
