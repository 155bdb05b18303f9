"""Sites: list, add, look at, edit, close, delete, and their logos."""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from orderwright.actions import add_site, delete_site, edit_site, set_logo
from orderwright.actions.configured import at
from orderwright.actions.site_fields import SiteFields
from orderwright.api import shapes
from orderwright.api.answers import answer, empty
from orderwright.api.declaring import IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.fields import PathSite
from orderwright.api.site_bodies import SiteBody, SiteChangeBody, SiteLogoBody
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.core.errors import NotFound
from orderwright.reads.sites import SiteEntry, list_site_entries, read_site, read_site_logo

routes = Router(tags=["Sites"])


@routes.get("/sites", **declared(needs="configuration.view", answers={200: shapes.Sites}))
def list_sites(request: Call) -> HttpResponse:
    """List sites. They come by name; a key of some sites sees those alone."""
    return answer(shapes.Sites(items=[_shape(row) for row in list_site_entries(actor=request.auth)]))


@routes.post("/sites", **declared(needs="sites.edit", answers={201: shapes.Site}, problems={409}, has_body=True))
def create_site(request: Call, body: SiteBody) -> HttpResponse:
    """Add a site. Whoever may change sites at some of them alone may not."""
    slug = add_site.run(fields=SiteFields(**body.model_dump()), actor=request.auth, now=now())
    return _answer(request, slug, status=HTTPStatus.CREATED)


@routes.get("/sites/{slug}", **declared(needs="configuration.view", answers={200: shapes.Site}))
def show_site(request: Call, slug: PathSite) -> HttpResponse:
    """Look at a site. Its ETag is its version, which numbers that are given out do not change."""
    return _answer(request, slug)


@routes.patch(
    "/sites/{slug}",
    **declared(needs="sites.edit", answers={200: shapes.Site}, problems={409}, headers=(IF_MATCH,), has_body=True),
)
def change_site(request: Call, slug: PathSite, body: SiteChangeBody) -> HttpResponse:
    """Edit a site, close it for orders, or open it again.

    What is not given stays. `slug` stays as soon as there is an order. With If-Match, changes to other fields since
    then do not clash.
    """
    fields = SiteFields(**body.model_dump())
    slug = edit_site.run(slug=slug, fields=fields, actor=request.auth, now=now(), version=expected_version(request))
    return _answer(request, slug)


@routes.delete("/sites/{slug}", **declared(needs="sites.edit", answers={204: None}, problems={409}))
def remove_site(request: Call, slug: PathSite) -> HttpResponse:
    """Delete a site. Nothing may belong to it: no order, role, key, template, provider, carrier or method."""
    delete_site.run(slug=slug, actor=request.auth, now=now())
    return empty(status=204)


@routes.get("/sites/{slug}/logo", **declared(needs="configuration.view", answers={200: shapes.SiteLogoPicture}))
def show_logo(request: Call, slug: PathSite) -> HttpResponse:
    """Look at a site's logo."""
    logo = read_site_logo(slug=slug, actor=request.auth)
    if logo is None:
        raise NotFound(_("This site has no logo."), code="logo_not_found", facts={"site": slug})
    return answer(
        shapes.SiteLogoPicture(
            digest=logo.digest,
            width=logo.width,
            height=logo.height,
            png=base64.b64encode(logo.png).decode(),
            stored_at=logo.stored_at,
        )
    )


@routes.put("/sites/{slug}/logo", **declared(needs="sites.edit", answers={200: shapes.Site}, has_body=True))
def put_logo(request: Call, slug: PathSite, body: SiteLogoBody) -> HttpResponse:
    """Give a site a logo. Its mails show it from now on; those that were written keep theirs."""
    try:
        png = base64.b64decode(body.png, validate=True)
    except (binascii.Error, ValueError) as error:
        raise at("/png", "not_base64", _("It is not base64.")) from error
    set_logo.run(slug=slug, png=png, actor=request.auth, now=now())
    return _answer(request, slug)


@routes.delete("/sites/{slug}/logo", **declared(needs="sites.edit", answers={204: None}))
def remove_logo(request: Call, slug: PathSite) -> HttpResponse:
    """Take a site's logo away. Its mails show the site's name instead."""
    set_logo.run(slug=slug, png=None, actor=request.auth, now=now())
    return empty(status=204)


def _answer(request: Call, slug: str, *, status: int = HTTPStatus.OK) -> HttpResponse:
    row = read_site(slug=slug, actor=request.auth)
    headers = {"ETag": etag(row.version)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = reverse("api:show_site", kwargs={"slug": slug})
    return answer(_shape(row), status=status, headers=headers)


def _shape(row: SiteEntry) -> shapes.Site:
    logo = None
    if row.logo_digest is not None and row.logo_width is not None and row.logo_height is not None:
        logo = shapes.SiteLogo(digest=row.logo_digest, width=row.logo_width, height=row.logo_height)
    return shapes.Site(
        slug=row.slug,
        name=row.name,
        time_zone=row.time_zone,
        currency=row.currency,
        locale=row.locale,
        number_prefix=row.number_prefix,
        next_number=row.next_number,
        sender=row.sender,
        sender_name=row.sender_name,
        mails_received=row.mails_received,
        mails_shipped=row.mails_shipped,
        is_open=row.closed_at is None,
        closed_at=row.closed_at,
        logo=logo,
        orders=row.orders,
        version=row.version,
    )
