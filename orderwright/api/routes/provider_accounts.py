"""Provider accounts: list, add, edit, delete, and try now."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router

from orderwright.actions import add_provider, delete_provider, edit_provider, try_provider
from orderwright.actions.provider_fields import AccountFields
from orderwright.api import shapes
from orderwright.api.answers import answer, empty
from orderwright.api.declaring import IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import PathAccount
from orderwright.api.provider_bodies import ProviderAccountBody, ProviderAccountChangeBody
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.reads.provider_accounts import ProviderAccountRow, list_provider_accounts, read_provider_account

routes = Router(tags=["Payment providers"])

_STATES = {"closed": "working", "open": "resting", "half_open": "due", "trying": "trying"}


@routes.get("/provider-accounts", **declared(needs="providers.view", answers={200: shapes.ProviderAccounts}))
def list_accounts(request: Call) -> HttpResponse:
    """List provider accounts. They come by priority and name; of credentials only whether they are there."""
    return answer(shapes.ProviderAccounts(items=[_shape(row) for row in list_provider_accounts(actor=request.auth)]))


@routes.post(
    "/provider-accounts",
    **declared(needs="providers.edit", answers={201: shapes.ProviderAccount}, problems={409}, has_body=True),
)
def add_account(request: Call, body: ProviderAccountBody) -> HttpResponse:
    """Add a provider account. One that is on needs every credential that its kind cannot do without."""
    slug = add_provider.run(
        kind=body.kind,
        slug=body.slug,
        fields=AccountFields(
            name=body.name,
            sites=body.sites,
            is_live=body.is_live,
            is_on=body.is_on,
            priority=body.priority,
            base_url=body.base_url,
            failures=body.breaker.failures,
            wait_s=body.breaker.wait_s,
            cool_down_s=body.breaker.cool_down_s,
            credentials=body.credentials,
        ),
        actor=request.auth,
        now=now(),
    )
    return _answer(request, slug, status=HTTPStatus.CREATED)


@routes.get("/provider-accounts/{slug}", **declared(needs="providers.view", answers={200: shapes.ProviderAccount}))
def show_account(request: Call, slug: PathAccount) -> HttpResponse:
    """Look at a provider account. Its ETag is its version; how its breaker stands does not change that."""
    return _answer(request, slug)


@routes.patch(
    "/provider-accounts/{slug}",
    **declared(
        needs="providers.edit",
        answers={200: shapes.ProviderAccount},
        problems={409},
        headers=(IF_MATCH,),
        has_body=True,
    ),
)
def edit_account(request: Call, slug: PathAccount, body: ProviderAccountChangeBody) -> HttpResponse:
    """Edit a provider account.

    What is not given stays, and so does a credential that is empty. Where payments are kept there, `is_live` and
    `base_url` stay; before that, changing them needs every stored secret anew.
    """
    seen = read_provider_account(slug=slug, actor=request.auth)
    edit_provider.run(
        slug=slug,
        fields=_merged(seen, body),
        actor=request.auth,
        now=now(),
        # Without If-Match, what is not given is what was just read: should that change meanwhile, it is refused.
        version=expected_version(request) or seen.version,
    )
    return _answer(request, slug)


@routes.delete("/provider-accounts/{slug}", **declared(needs="providers.edit", answers={204: None}, problems={409}))
def delete_account(request: Call, slug: PathAccount) -> HttpResponse:
    """Delete a provider account. No payment may be kept there."""
    delete_provider.run(slug=slug, actor=request.auth, now=now())
    return empty(status=204)


@routes.post(
    "/provider-accounts/{slug}/trial",
    **declared(needs="providers.edit", answers={200: shapes.ProviderTrial}, problems={409}),
)
def try_account(request: Call, slug: PathAccount) -> HttpResponse:
    """Try now. The provider is asked one harmless question, even while the account rests; an answer ends the rest."""
    trial = try_provider.run(slug=slug, actor=request.auth, now=now())
    account = _shape(read_provider_account(slug=slug, actor=request.auth))
    return answer(
        shapes.ProviderTrial(worked=trial.worked, was_asked=trial.was_asked, detail=trial.words, account=account)
    )


def _merged(seen: ProviderAccountRow, body: ProviderAccountChangeBody) -> AccountFields:
    given, breaker = body, body.breaker
    return AccountFields(
        name=seen.name if given.name is None else given.name,
        sites=seen.sites if given.sites is None else given.sites,
        is_live=seen.is_live if given.is_live is None else given.is_live,
        is_on=seen.is_on if given.is_on is None else given.is_on,
        priority=given.priority or seen.priority,
        base_url=seen.base_url if given.base_url is None else given.base_url,
        failures=breaker.failures or seen.patience.failures,
        wait_s=breaker.wait_s or _seconds(seen.patience.wait),
        cool_down_s=breaker.cool_down_s or _seconds(seen.patience.cool_down),
        credentials=given.credentials,
    )


def _answer(request: Call, slug: str, *, status: int = HTTPStatus.OK) -> HttpResponse:
    row = read_provider_account(slug=slug, actor=request.auth)
    headers = {"ETag": etag(row.version)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = reverse("api:show_account", kwargs={"slug": slug})
    return answer(_shape(row), status=status, headers=headers)


def _shape(row: ProviderAccountRow) -> shapes.ProviderAccount:
    return shapes.ProviderAccount(
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        kind_title=row.kind_title,
        sites=row.sites,
        is_live=row.is_live,
        is_on=row.is_on,
        priority=row.priority,
        base_url=row.base_url,
        credentials=[
            shapes.Credential(
                name=each.name,
                label=each.label,
                is_secret=each.is_secret,
                is_needed=each.is_needed,
                is_stored=each.is_stored,
                stored_at=each.stored_at,
            )
            for each in row.credentials
        ],
        can_open=row.can_open,
        breaker=shapes.Breaker(
            failures=row.patience.failures,
            wait_s=_seconds(row.patience.wait),
            cool_down_s=_seconds(row.patience.cool_down),
            state=_STATES[row.breaker.phase(now())],
            failures_in_row=row.breaker.failures,
            opened_at=row.breaker.opened_at,
            next_try_at=row.breaker.next_try_at,
            last_failure=row.last_failure or None,
            last_failed_at=row.last_failed_at,
        ),
        notices_path=reverse("api:take_in", kwargs={"account": row.slug}),
        payments=row.payments,
        version=row.version,
    )


def _seconds(span: timedelta) -> int:
    return span // timedelta(seconds=1)
