"""People and roles: invite, deactivate, give and take roles; roles of the shop's own; the list of permissions."""

# ruff: noqa: ARG001 - ninja hands every route its request

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router

from orderwright.accounts.grants import ceilings_of
from orderwright.accounts.permissions import GLOBAL_PERMISSIONS, GROUPS, words_of
from orderwright.actions import (
    add_role,
    deactivate_person,
    delete_role,
    edit_role,
    grant_role,
    invite_again,
    invite_person,
    reactivate_person,
    remove_second_factor,
    revoke_role,
)
from orderwright.actions.invite_person import WantedRole
from orderwright.actions.role_fields import RoleFields
from orderwright.api import shapes
from orderwright.api.answers import answer, empty
from orderwright.api.declaring import IDEMPOTENCY_KEY, IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.errors import ParameterInvalid
from orderwright.api.fields import PathId, PathRole
from orderwright.api.idempotency import once
from orderwright.api.people_bodies import InvitationBody, RefundCeilingBody, RoleAtBody, RoleBody, RoleChangeBody
from orderwright.api.queries import RoleDeletion
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.core.errors import FieldError, Invalid
from orderwright.core.own_address import own_address
from orderwright.reads.people import PersonRow, list_people, read_person
from orderwright.reads.roles import RoleRow, list_roles, read_role

routes = Router(tags=["Users and roles"])
_NEEDED = "users.manage"


@routes.get("/users", **declared(needs=_NEEDED, answers={200: shapes.People}))
def list_users(request: Call) -> HttpResponse:
    """List people. Who may sign in comes by name, then the others."""
    return answer(shapes.People(items=[_person(row) for row in list_people()]))


@routes.post(
    "/users",
    **declared(needs=_NEEDED, answers={201: shapes.Person}, problems={409}, headers=(IDEMPOTENCY_KEY,), has_body=True),
)
def invite_user(request: Call, body: InvitationBody) -> HttpResponse:
    """Invite a person.

    They get a mail with a link to choose a password, good once and for seven days. Nobody gives roles that allow more
    than they have themselves (403 `beyond_own_rights`).
    """

    def work(_reference: str | None) -> HttpResponse:
        user_id = invite_person.run(
            name=body.name,
            email=body.email,
            roles=[WantedRole(role=each.role, site=each.site) for each in body.roles],
            actor=request.auth,
            now=now(),
            link=_link(request),
        )
        return _person_answer(user_id, status=HTTPStatus.CREATED)

    return once(request, body.model_dump(), work)


@routes.get("/users/{user}", **declared(needs=_NEEDED, answers={200: shapes.Person}))
def show_user(request: Call, user: PathId) -> HttpResponse:
    """Look at a person."""
    return _person_answer(user)


@routes.post("/users/{user}/invitation", **declared(needs=_NEEDED, answers={200: shapes.Person}, problems={409}))
def invite_user_again(request: Call, user: PathId) -> HttpResponse:
    """Send a new link. An earlier one ends with it; the present password stays until the new one is chosen."""
    invite_again.run(user_id=user, actor=request.auth, now=now(), link=_link(request))
    return _person_answer(user)


@routes.post("/users/{user}/deactivation", **declared(needs=_NEEDED, answers={200: shapes.Person}, problems={409}))
def deactivate_user(request: Call, user: PathId) -> HttpResponse:
    """Deactivate a person. They are signed out at once; 409 `last_administrator` keeps somebody in charge."""
    deactivate_person.run(user_id=user, actor=request.auth, now=now())
    return _person_answer(user)


@routes.post("/users/{user}/reactivation", **declared(needs=_NEEDED, answers={200: shapes.Person}, problems={409}))
def reactivate_user(request: Call, user: PathId) -> HttpResponse:
    """Reactivate a person. They have the roles and the password that they had."""
    reactivate_person.run(user_id=user, actor=request.auth, now=now())
    return _person_answer(user)


@routes.delete("/users/{user}/second-factor", **declared(needs=_NEEDED, answers={200: shapes.Person}, problems={409}))
def remove_second_factor_of_user(request: Call, user: PathId) -> HttpResponse:
    """Remove a person's second factors. For who lost them: their sessions end, and the password alone signs in.

    They are told by mail. Nobody does it to somebody who may do more than they (403 `beyond_own_rights`).
    """
    remove_second_factor.run(user_id=user, actor=request.auth, now=now())
    return _person_answer(user)


@routes.post(
    "/users/{user}/roles", **declared(needs=_NEEDED, answers={201: shapes.Person}, problems={409}, has_body=True)
)
def give_role(request: Call, user: PathId, body: RoleAtBody) -> HttpResponse:
    """Give a person a role, everywhere or at one site."""
    grant_role.run(user_id=user, role=body.role, site=body.site, actor=request.auth, now=now())
    return _person_answer(user, status=HTTPStatus.CREATED)


@routes.delete("/users/{user}/roles/{grant}", **declared(needs=_NEEDED, answers={200: shapes.Person}, problems={409}))
def take_role(request: Call, user: PathId, grant: PathId) -> HttpResponse:
    """Take a role from a person. `grant` is the id beside the role."""
    revoke_role.run(user_id=user, grant_id=grant, actor=request.auth, now=now())
    return _person_answer(user)


@routes.get("/permissions", **declared(needs=_NEEDED, answers={200: shapes.Permissions}))
def list_permissions(request: Call) -> HttpResponse:
    """List permissions. It is the fixed list from which roles choose."""
    items = [
        shapes.Permission(name=name, words=words_of(name), group=group, everywhere=name in GLOBAL_PERMISSIONS)
        for group, names in GROUPS
        for name in names
    ]
    return answer(shapes.Permissions(items=items))


@routes.get("/roles", **declared(needs=_NEEDED, answers={200: shapes.Roles}))
def list_all_roles(request: Call) -> HttpResponse:
    """List roles. System roles come first, then others by name."""
    return answer(shapes.Roles(items=[_role(row) for row in list_roles()]))


@routes.post("/roles", **declared(needs=_NEEDED, answers={201: shapes.Role}, problems={409}, has_body=True))
def add_own_role(request: Call, body: RoleBody) -> HttpResponse:
    """Add a role. It allows what it names from the fixed list, and refunds up to its ceilings."""
    fields = RoleFields(
        name=body.name,
        permissions=body.permissions,
        refund_ceilings=_ceilings(body.refund_ceilings),
        needs_second_person=body.needs_second_person,
        needs_second_factor=body.needs_second_factor,
    )
    return _role_answer(add_role.run(fields=fields, actor=request.auth, now=now()), status=HTTPStatus.CREATED)


@routes.get("/roles/{slug}", **declared(needs=_NEEDED, answers={200: shapes.Role}))
def show_role(request: Call, slug: PathRole) -> HttpResponse:
    """Look at a role. Its ETag is its version."""
    return _role_answer(slug)


@routes.patch(
    "/roles/{slug}",
    **declared(needs=_NEEDED, answers={200: shapes.Role}, problems={409}, headers=(IF_MATCH,), has_body=True),
)
def change_role(request: Call, slug: PathRole, body: RoleChangeBody) -> HttpResponse:
    """Edit a role. What is not given stays; its people have what it gives from their next request on."""
    seen = read_role(slug=slug)
    given, ceilings = body, body.refund_ceilings
    edit_role.run(
        slug=slug,
        fields=RoleFields(
            name=seen.name if given.name is None else given.name,
            permissions=seen.permissions if given.permissions is None else given.permissions,
            refund_ceilings=seen.refund_ceilings if ceilings is None else _ceilings(ceilings),
            needs_second_person=_or(given.needs_second_person, seen.needs_second_person),
            needs_second_factor=_or(given.needs_second_factor, seen.needs_second_factor),
        ),
        actor=request.auth,
        now=now(),
        # Without If-Match, what is not given is what was just read: should that change meanwhile, it is refused.
        version=expected_version(request) or seen.version,
    )
    return _role_answer(slug)


@routes.delete("/roles/{slug}", **declared(needs=_NEEDED, answers={204: None}, problems={409}, query=RoleDeletion))
def delete_own_role(request: Call, slug: PathRole, deletion: Query[RoleDeletion]) -> HttpResponse:
    """Delete a role. Whoever has it gets the role that `move_to` names instead; without it, 409 `role_in_use`."""
    try:
        delete_role.run(slug=slug, move_to=deletion.move_to, actor=request.auth, now=now())
    except Invalid as error:
        fault = FieldError(pointer="move_to", code=error.code, message=error.message)
        raise ParameterInvalid(error.message, code=error.code, fields=(fault,)) from error
    return empty(status=204)


def _link(request: Call) -> Callable[[str], str]:
    return lambda token: own_address(request, reverse("invitation", args=[token]))


def _or(given: bool | None, seen: bool) -> bool:  # noqa: FBT001 - two of a kind
    return seen if given is None else given


def _ceilings(given: Sequence[RefundCeilingBody]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for each in given:
        limits = {"order": each.per_order, "day": each.per_day}
        found[each.currency] = {name: limit for name, limit in limits.items() if limit is not None}
    return found


def _person_answer(user_id: int, *, status: int = HTTPStatus.OK) -> HttpResponse:
    headers = {"Location": reverse("api:show_user", args=[user_id])} if status == HTTPStatus.CREATED else {}
    return answer(_person(read_person(user_id=user_id)), status=status, headers=headers)


def _person(row: PersonRow) -> shapes.Person:
    return shapes.Person(
        id=row.id,
        name=row.name,
        email=row.email,
        active=row.is_active,
        second_factor=row.has_second_factor,
        invited_at=row.invited_at,
        last_sign_in_at=row.last_sign_in_at,
        roles=[shapes.PersonRole(id=grant.id, role=grant.role, site=grant.site) for grant in row.grants],
    )


def _role_answer(slug: str, *, status: int = HTTPStatus.OK) -> HttpResponse:
    row = read_role(slug=slug)
    headers = {"ETag": etag(row.version)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = reverse("api:show_role", args=[slug])
    return answer(_role(row), status=status, headers=headers)


def _role(row: RoleRow) -> shapes.Role:
    return shapes.Role(
        slug=row.slug,
        name=row.name,
        system=row.is_system,
        permissions=row.permissions,
        refund_ceilings=[
            shapes.RefundCeiling(currency=each.currency, per_order=each.per_order_minor, per_day=each.per_day_minor)
            for each in ceilings_of(row.refund_ceilings)
        ],
        needs_second_person=row.needs_second_person,
        needs_second_factor=row.needs_second_factor,
        people=row.people,
        keys=row.keys,
        version=row.version,
    )
