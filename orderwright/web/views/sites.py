"""Sites: the list, add, edit, close and open again, the logo, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from orderwright.actions import add_site, delete_site, edit_site, set_logo
from orderwright.actions.permission import require
from orderwright.actions.site_fields import PERMISSION, SiteFields
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import NotFound, OrderwrightError
from orderwright.core.png import MOST_BYTES
from orderwright.orders.errors import SiteChanged
from orderwright.reads.sites import SiteEntry, list_site_entries, read_site, read_site_logo
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import dialog, fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.customer_page import Clash
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.site_page import SiteList
from orderwright.web.presenters.sites import (
    close_question,
    delete_question,
    logo_dialog,
    site_clashes,
    site_form,
    site_list,
    values_of,
)

PLACE = "sites"
_TEXTS: Final = ("name", "slug", "time_zone", "currency", "locale", "number_prefix", "sender", "sender_name")
_BOXES: Final = ("mails_received", "mails_shipped")
_FRESH: Final = {"time_zone": "UTC", "locale": "en-US", "next_number": "1001"}
_THEIRS: Final = "theirs"


@require_GET
@permission("configuration.view")
def sites(request: StaffRequest) -> HttpResponse:
    """Show Sites. Source: W10."""
    return page(request, "configuration/sites.html", {"sites": _list(request)}, current=PLACE)


@require_http_methods(["GET", "POST"])
@permission("sites.edit")
def add(request: StaffRequest) -> HttpResponse:
    """Show the form of a new site, or add it."""
    if request.method == "GET":
        add_site.availability(request.user.actor()).require()
        return _form(request, _FRESH)
    try:
        add_site.run(fields=SiteFields(**_given(request)), actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        return _form(request, _typed(request), error=error)
    return _done(request, _("%(name)s added") % {"name": posted.text(request, "name").strip()})


@require_http_methods(["GET", "POST"])
@permission("sites.edit")
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """Show the form of a site, or save it; what somebody else changed too is asked about."""
    site = read_site(slug=slug, actor=request.user.actor())
    if request.method == "GET":
        return _form(request, values_of(site), site=site)
    given = _given(request)
    if site.orders:  # the form shows it and does not send it
        given.pop("slug")
    if posted.text(request, "next_number") == posted.text(request, "seen_number"):
        given.pop("next_number")  # left as it was, while orders may have taken some
    given = {name: value for name, value in given.items() if posted.text(request, f"choice-{name}") != _THEIRS}
    try:
        edit_site.run(
            slug=slug,
            fields=SiteFields(**given),
            version=posted.version(request),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except SiteChanged as changed:
        facts = changed.facts
        clashes = site_clashes(facts["changes"], facts["now"], given)
        # What others changed and this person did not stands in the form as it is now.
        typed = {**values_of(site), **{name: _typed(request)[name] for name in facts["wanted"]}}
        return _form(request, typed, site=site, error=changed, clashes=clashes)
    except OrderwrightError as error:
        return _form(request, {**values_of(site), **_typed(request)}, site=site, error=error)
    return _done(request, _("%(name)s saved") % {"name": posted.text(request, "name").strip()})


@require_http_methods(["GET", "POST"])
@permission("sites.edit")
def switch(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask before a site is closed, close it, or open it again."""
    site = read_site(slug=slug, actor=request.user.actor())
    error: OrderwrightError | None = None
    if request.method == "POST":
        is_open = posted.text(request, "is_open") == "yes"
        try:
            edit_site.run(slug=slug, fields=SiteFields(is_open=is_open), actor=request.user.actor(), now=clock_now())
        except OrderwrightError as refusal:
            error = refusal
        else:
            words = _("%(name)s takes in orders again") if is_open else _("%(name)s is closed; its orders go on")
            return _done(request, words % {"name": site.name})
    shown = close_question(site, base=reverse(PLACE), error=words_of(error) if error else "")
    return _ask(request, shown, error)


@require_http_methods(["GET", "POST"])
@permission("sites.edit")
def delete(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask before a site is deleted, or delete it. Whoever may change sites at some of them alone may not."""
    require(request.user.actor(), PERMISSION)
    site = read_site(slug=slug, actor=request.user.actor())
    error: OrderwrightError | None = None
    if request.method == "POST":
        try:
            delete_site.run(slug=slug, actor=request.user.actor(), now=clock_now())
            return _done(request, _("%(name)s deleted") % {"name": site.name})
        except OrderwrightError as refusal:
            error = refusal
    shown = delete_question(site, base=reverse(PLACE), error=words_of(error) if error else "")
    return _ask(request, shown, error)


@require_http_methods(["GET", "POST"])
@permission("sites.edit")
def logo(request: StaffRequest, slug: str) -> HttpResponse:
    """Show a site's logo, put another one in its place, or take it away."""
    site = read_site(slug=slug, actor=request.user.actor())
    error: OrderwrightError | None = None
    if request.method == "POST":
        is_removed = posted.text(request, "remove") == "yes"
        try:
            png = None if is_removed else _uploaded(request)
            set_logo.run(slug=slug, png=png, actor=request.user.actor(), now=clock_now())
        except OrderwrightError as refusal:
            error = refusal
        else:
            words = _("%(name)s has no logo any more") if is_removed else _("The mails of %(name)s show the new logo")
            return _done(request, words % {"name": site.name})
    shown = logo_dialog(site, base=reverse(PLACE), error=words_of(error) if error else "")
    status, template = error.status if error else 200, "configuration/_site_logo.html"
    return dialog(request, template, {"dialog": shown}, title=shown.title, status=status, current=PLACE)


@require_GET
@permission("configuration.view")
def picture(request: StaffRequest, slug: str) -> HttpResponse:
    """Return a site's logo as the picture that it is."""
    found = read_site_logo(slug=slug, actor=request.user.actor())
    if found is None:
        raise NotFound(_("This site has no logo."), code="logo_not_found")
    return HttpResponse(found.png, content_type="image/png")


def _list(request: StaffRequest) -> SiteList:
    actor = request.user.actor()
    return site_list(list_site_entries(actor=actor), actor, base=reverse(PLACE), now=clock_now())


def _typed(request: StaffRequest) -> dict[str, str]:
    names = (*_TEXTS, *_BOXES, "next_number", "seen_number", "version")
    # What the form shows and does not send, a box that is not ticked excepted, is left out.
    return {name: posted.text(request, name) for name in names if name in request.POST or name in _BOXES}


def _given(request: StaffRequest) -> dict[str, Any]:
    return {
        **{name: posted.text(request, name) for name in _TEXTS},
        **{name: posted.text(request, name) == "yes" for name in _BOXES},
        # What is no number is out of every range, and refused as such at its field.
        "next_number": posted.whole(posted.text(request, "next_number")) or 0,
    }


def _uploaded(request: StaffRequest) -> bytes:
    found = request.FILES.get("logo")
    # One byte more than allowed is enough to refuse it.
    return b"" if found is None else found.read(MOST_BYTES + 1)


def _form(
    request: StaffRequest,
    values: Mapping[str, str],
    *,
    site: SiteEntry | None = None,
    error: OrderwrightError | None = None,
    clashes: Sequence[Clash] = (),
) -> HttpResponse:
    errors = {pointer_of(error): words_of(error)} if error and not clashes else {}
    shown = site_form(values, base=reverse(PLACE), site=site, errors=errors, clashes=clashes)
    template, status = "configuration/_site_form.html", error.status if error else 200
    return dialog(request, template, {"form": shown}, title=shown.title, status=status, current=PLACE)


def _ask(request: StaffRequest, shown: Any, error: OrderwrightError | None) -> HttpResponse:
    template, status = "configuration/_delete.html", error.status if error else 200
    return dialog(request, template, {"dialog": shown}, title=shown.title, status=status, current=PLACE)


def _done(request: StaffRequest, said: str) -> HttpResponse:
    if not is_htmx(request):
        say(request, Toast(said))
        return redirect(PLACE)
    values = {"sites": _list(request)}
    template = "configuration/_sites_answer.html"
    return fragment(request, template, values, toasts=[Toast(said)], target="#sites", is_closing_dialog=True)
