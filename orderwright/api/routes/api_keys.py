"""API keys: list, make, edit, replace the secret, revoke."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router

from orderwright.actions import add_api_key, edit_api_key, replace_key_secret, revoke_api_key
from orderwright.actions.add_api_key import Made
from orderwright.actions.api_key_fields import KeyFields
from orderwright.api import shapes
from orderwright.api.answers import answer, empty
from orderwright.api.declaring import IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import PathId
from orderwright.api.key_bodies import ApiKeyBody, ApiKeyChangeBody, KeySecretBody
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.reads.api_keys import ApiKeyRow, list_api_keys, read_api_key

routes = Router(tags=["API keys"])


@routes.get("/api-keys", **declared(needs="keys.manage", answers={200: shapes.ApiKeys}))
def list_program_keys(request: Call) -> HttpResponse:
    """List API keys. Their secrets are not among what is told."""
    return answer(shapes.ApiKeys(items=[_shape(row) for row in list_api_keys(actor=request.auth)]))


@routes.post(
    "/api-keys",
    **declared(needs="keys.manage", answers={201: shapes.ApiKeyMade}, problems={409}, has_body=True),
)
def make_api_key(request: Call, body: ApiKeyBody) -> HttpResponse:
    """Make an API key. The answer has the secret, this once; nobody gives a key rights that they lack."""
    fields = KeyFields(name=body.name, role=body.role, scopes=body.scopes, sites=body.sites, expires_at=body.expires_at)
    return _made(request, add_api_key.run(fields=fields, actor=request.auth, now=now()))


@routes.get("/api-keys/{api_key}", **declared(needs="keys.manage", answers={200: shapes.ApiKey}))
def show_api_key(request: Call, api_key: PathId) -> HttpResponse:
    """Look at an API key."""
    return _answer(request, api_key)


@routes.patch(
    "/api-keys/{api_key}",
    **declared(needs="keys.manage", answers={200: shapes.ApiKey}, problems={409}, headers=(IF_MATCH,), has_body=True),
)
def change_api_key(request: Call, api_key: PathId, body: ApiKeyChangeBody) -> HttpResponse:
    """Edit an API key. What is not given stays, and its holder goes on with the same secret."""
    seen = read_api_key(key_id=api_key, actor=request.auth)
    edit_api_key.run(
        key_id=api_key,
        fields=KeyFields(
            name=seen.name if body.name is None else body.name,
            role=seen.role if body.role is None else body.role,
            scopes=seen.scopes if body.scopes is None else body.scopes,
            sites=seen.sites if body.sites is None else body.sites,
            expires_at=body.expires_at if "expires_at" in body.model_fields_set else seen.expires_at,
        ),
        actor=request.auth,
        now=now(),
        # Without If-Match, what is not given is what was just read: should that change meanwhile, it is refused.
        version=expected_version(request) or seen.version,
    )
    return _answer(request, api_key)


@routes.post(
    "/api-keys/{api_key}/secrets",
    **declared(
        needs="keys.manage",
        answers={201: shapes.ApiKeyMade},
        problems={409},
        headers=(IF_MATCH,),
        has_body=True,
    ),
)
def replace_api_key_secret(request: Call, api_key: PathId, body: KeySecretBody) -> HttpResponse:
    """Replace a key's secret. The new one counts at once, the old one for a while longer."""
    made = replace_key_secret.run(
        key_id=api_key,
        overlap=timedelta(seconds=body.overlap_s),
        actor=request.auth,
        now=now(),
        version=expected_version(request),
    )
    return _made(request, made)


@routes.delete("/api-keys/{api_key}", **declared(needs="keys.manage", answers={204: None}, problems={409}))
def end_api_key(request: Call, api_key: PathId) -> HttpResponse:
    """Revoke an API key. It stays in the list, and is nobody's from the next request on."""
    revoke_api_key.run(key_id=api_key, actor=request.auth, now=now())
    return empty(status=204)


def _answer(request: Call, key_id: int) -> HttpResponse:
    row = read_api_key(key_id=key_id, actor=request.auth)
    return answer(_shape(row), headers={"ETag": etag(row.version)})


def _made(request: Call, made: Made) -> HttpResponse:
    row = read_api_key(key_id=made.key_id, actor=request.auth)
    headers = {
        "ETag": etag(row.version),
        "Location": reverse("api:show_api_key", kwargs={"api_key": row.id}),
        "Cache-Control": "no-store",
    }
    return answer(shapes.ApiKeyMade(secret=made.secret, key=_shape(row)), status=HTTPStatus.CREATED, headers=headers)


def _shape(row: ApiKeyRow) -> shapes.ApiKey:
    return shapes.ApiKey(
        id=row.id,
        name=row.name,
        role=row.role,
        scopes=row.scopes,
        permissions=sorted(row.permissions),
        sites=row.sites,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        secrets=[
            shapes.KeySecret(
                prefix=each.prefix, made_at=each.made_at, ends_at=each.ends_at, last_used_at=each.last_used_at
            )
            for each in row.secrets
        ],
        version=row.version,
    )
