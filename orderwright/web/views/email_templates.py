"""Email templates: the list, the form of one place, its preview, its test and its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import drop_email_template, save_email_template, send_test_mail
from orderwright.actions.email_template_rules import ALL_SITES, ANY_LANGUAGE, Place, place_at
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import NotFound, OrderwrightError
from orderwright.outbox.templates import choose_wording
from orderwright.outbox.writing.wording import Wording, built_in
from orderwright.reads.email_templates import (
    TemplateDetail,
    VersionRow,
    list_templates,
    newest_order,
    read_template,
    read_version,
)
from orderwright.reads.sites import list_sites, read_logo
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.framed import framed, with_logo
from orderwright.web.page import page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.email_templates import (
    template_form,
    template_list,
    version_page,
)
from orderwright.web.presenters.parts import Link, Toast

PLACE = "email-templates"
_FIELDS = ("subject", "text", "html", "number", "version")


@require_GET
@permission("configuration.view")
def templates(request: StaffRequest) -> HttpResponse:
    """Show Email templates: every kind of mail with its words."""
    actor = request.user.actor()
    shown = template_list(
        list_templates(actor=actor), list_sites(actor=actor), actor, base=reverse(PLACE), now=clock_now()
    )
    return page(request, "configuration/email_templates.html", {"templates": shown}, current=PLACE)


@require_GET
@permission("emails.edit")
def add(request: StaffRequest) -> HttpResponse:
    """Lead to the form of the place that was chosen."""
    chosen = request.GET
    place = _place(request, chosen.get("kind", ""), chosen.get("site", ALL_SITES), chosen.get("language", ANY_LANGUAGE))
    return redirect(_href(place))


@require_http_methods(["GET", "POST"])
@permission("configuration.view", to_change="emails.edit")
def template(request: StaffRequest, kind: str, site: str, language: str) -> HttpResponse:
    """Show the form of one place, or save its words."""
    place = _place(request, kind, site, language)
    if request.method == "GET":
        return _form(request, place, _stored(request, place))
    return _act(request, place, lambda: _save(request, place))


@require_http_methods(["GET", "POST"])
@permission("configuration.view")
def preview(request: StaffRequest, kind: str, site: str, language: str) -> HttpResponse:
    """Show, in the page's frame, the mail that the typed words make of an order, else those in use. Nothing is kept."""
    place = _place(request, kind, site, language)
    typed = _typed(request) if request.method == "POST" else _stored(request, place)
    try:
        mail = send_test_mail.preview(place=place, **_words(typed), actor=request.user.actor())
    except OrderwrightError as error:
        told = {"mail": None, "error": _where(error)}
        return framed(render_to_string("emails/preview.html", told, request), status=error.status)
    if mail.logo_id is not None:
        mail = replace(mail, html=with_logo(mail.html, read_logo(id=mail.logo_id).png))
    return framed(render_to_string("emails/preview.html", {"mail": mail, "error": ""}, request))


@require_POST
@permission("emails.edit")
def test(request: StaffRequest, kind: str, site: str, language: str) -> HttpResponse:
    """Send the mail that the typed words make of an order to whoever asks; what is typed stays in the form."""
    place = _place(request, kind, site, language)
    try:
        mail = send_test_mail.run(place=place, **_words(_typed(request)), actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        return _refused(request, place, error)
    said = _("A test is on its way to %(address)s") % {"address": mail.recipient}
    return _form(request, place, _typed(request), toast=Toast(said))


@require_POST
@permission("emails.edit")
def drop(request: StaffRequest, kind: str, site: str, language: str) -> HttpResponse:
    """Stop using the words of this place; its versions stay."""
    place = _place(request, kind, site, language)

    def do() -> str:
        drop_email_template.run(
            place=place, actor=request.user.actor(), now=clock_now(), version=posted.version(request)
        )
        return _("Not in use any more; its versions are kept")

    return _act(request, place, do)


@require_GET
@permission("configuration.view")
def version(request: StaffRequest, kind: str, site: str, language: str, version_number: int) -> HttpResponse:
    """Show what a version changed."""
    place = _place(request, kind, site, language)
    detail = _read(place)
    before = _version(place, version_number - 1) if version_number > 1 else None
    shown = version_page(
        place.kind,
        _version(place, version_number),
        before,
        current=detail.version,
        place=Link(str(place.kind.title), _href(place)),
        is_used=detail.is_used,
        may_restore=save_email_template.availability(place, request.user.actor()).allowed,
        now=clock_now(),
    )
    return page(request, "configuration/email_version.html", {"shown": shown}, current=PLACE)


@require_POST
@permission("emails.edit")
def restore(request: StaffRequest, kind: str, site: str, language: str, version_number: int) -> HttpResponse:
    """Use the words of an earlier version again."""
    place = _place(request, kind, site, language)

    def do() -> str:
        number = save_email_template.restore(
            place=place,
            number=version_number,
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
        return _("Version %(new)s says what version %(old)s said") % {"new": number, "old": version_number}

    return _act(request, place, do, keeps_typed=False)


def _save(request: StaffRequest, place: Place) -> str:
    typed = _typed(request)
    number = save_email_template.run(
        place=place,
        subject=typed["subject"],
        text=typed["text"],
        html=typed["html"],
        actor=request.user.actor(),
        now=clock_now(),
        version=posted.version(request),
    )
    return _("Saved as version %(number)s; the next emails say it") % {"number": number}


def _act(request: StaffRequest, place: Place, do: Callable[[], str], *, keeps_typed: bool = True) -> HttpResponse:
    try:
        say(request, Toast(do()))
    except OrderwrightError as error:
        return _refused(request, place, error, keeps_typed=keeps_typed)
    return redirect(_href(place))


def _refused(request: StaffRequest, place: Place, error: OrderwrightError, *, keeps_typed: bool = True) -> HttpResponse:
    typed = _typed(request) if keeps_typed and "text" in request.POST else _stored(request, place)
    field = pointer_of(error)
    if error.code == "order_not_found":
        field = "number"
    errors = {field if field in _FIELDS else "": words_of(error)}
    return _form(request, place, typed, errors=errors, status=error.status)


def _form(
    request: StaffRequest,
    place: Place,
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    toast: Toast | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = template_form(
        place,
        _detail(place),
        values,
        request.user.actor(),
        base=reverse(PLACE),
        here=_href(place),
        now=clock_now(),
        errors=errors or {},
    )
    page_values: dict[str, Any] = {"form": shown, **({"toasts": [toast]} if toast else {})}
    return page(request, "configuration/email_template.html", page_values, current=PLACE, status=status)


def _stored(request: StaffRequest, place: Place) -> dict[str, str]:
    """Return what the form begins with: the words in use here, else those that go out now."""
    detail = _detail(place)
    words: Wording | VersionRow = detail.current if detail is not None and detail.is_used else _in_use(place)
    return {
        "subject": words.subject,
        "text": words.text,
        "html": words.html,
        "number": newest_order(site=place.site_slug, actor=request.user.actor()) or "",
        "version": str(detail.version if detail else 0),
    }


def _in_use(place: Place) -> Wording:
    if place.site is None and not place.language:
        return built_in(place.kind.slug)
    return choose_wording(
        kind=place.kind.slug,
        site_id=place.site_id,
        site_locale=place.site.locale if place.site else "en",
        language=place.language,
    ).wording


def _detail(place: Place) -> TemplateDetail | None:
    try:
        return _read(place)
    except NotFound:
        return None


def _read(place: Place) -> TemplateDetail:
    return read_template(kind=place.kind.slug, site=place.site_slug, language=place.language)


def _version(place: Place, number: int) -> VersionRow:
    return read_version(kind=place.kind.slug, site=place.site_slug, language=place.language, number=number)


def _place(request: StaffRequest, kind: str, site: str, language: str) -> Place:
    return place_at(kind=kind, site=site, language=language, actor=request.user.actor())


def _href(place: Place) -> str:
    return reverse(
        "email-template", args=[place.kind.slug, place.site_slug or ALL_SITES, place.language or ANY_LANGUAGE]
    )


def _typed(request: StaffRequest) -> dict[str, str]:
    return {name: posted.text(request, name) for name in _FIELDS}


def _words(typed: Mapping[str, str]) -> dict[str, str]:
    number = typed["number"].strip().removeprefix("#")[:24]
    words = {name: typed[name] for name in ("subject", "text", "html")}
    # PostgreSQL refuses to be asked about some characters, and no order's number has them.
    return {**words, "number": number if number.isprintable() else ""}


def _where(error: OrderwrightError) -> str:
    """Return the refusal with the field that it is about, for the frame stands beside the fields."""
    names = {"subject": _("Subject"), "text": _("Plain text"), "html": _("HTML")}
    field = names.get(pointer_of(error), "")
    return f"{field}: {words_of(error)}" if field else words_of(error)
