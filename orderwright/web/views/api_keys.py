"""API keys: the list, make, edit, replace the secret, revoke. Each asks who it is once more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from orderwright.actions import add_api_key, edit_api_key, replace_key_secret, revoke_api_key
from orderwright.actions.api_key_fields import KeyFields
from orderwright.core.clock import now as clock_now
from orderwright.core.days import day_start
from orderwright.core.errors import FieldError, Invalid, OrderwrightError
from orderwright.reads.api_keys import ApiKeyRow, list_api_keys, read_api_key
from orderwright.reads.roles import list_role_names
from orderwright.reads.sites import list_sites
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import dialog, fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, confirmed, permission
from orderwright.web.presenters.api_keys import (
    OVERLAPS,
    KeyList,
    key_form,
    key_list,
    key_made,
    replace_question,
    revoke_question,
)
from orderwright.web.presenters.parts import Toast

PLACE = "api-keys"
_FIELDS = ("name", "role", "expires_on")


@require_GET
@permission("keys.manage")
def api_keys(request: StaffRequest) -> HttpResponse:
    """Show API keys. Source: W12."""
    return page(request, "configuration/api_keys.html", {"keys": _list(request)}, current=PLACE)


@never_cache
@require_http_methods(["GET", "POST"])
@permission("keys.manage")
@confirmed
def add(request: StaffRequest) -> HttpResponse:
    """Show the form of a new key, or make it and show its secret, once."""
    if request.method == "GET":
        return _form(request, {"role": "integrator"})
    try:
        made = add_api_key.run(fields=_fields(request), actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        return _form(request, _typed(request), error=error)
    return _shown_once(request, posted.text(request, "name").strip(), made.secret)


@require_http_methods(["GET", "POST"])
@permission("keys.manage")
@confirmed
def edit(request: StaffRequest, key_id: int) -> HttpResponse:
    """Show the form of a key, or save it."""
    key = read_api_key(key_id=key_id, actor=request.user.actor())
    if request.method == "GET":
        return _form(request, _values_of(key), scopes=key.scopes, sites=key.sites, key=key)
    try:
        edit_api_key.run(
            key_id=key_id,
            fields=_fields(request, seen=key),
            version=posted.version(request),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        return _form(request, _typed(request), key=key, error=error)
    return _done(request, Toast(_("%(name)s saved") % {"name": posted.text(request, "name").strip()}))


@never_cache
@require_http_methods(["GET", "POST"])
@permission("keys.manage")
@confirmed
def replace(request: StaffRequest, key_id: int) -> HttpResponse:
    """Ask how long the old secret goes on, or make the new one and show it, once."""
    key = read_api_key(key_id=key_id, actor=request.user.actor())
    error: OrderwrightError | None = None
    if request.method == "POST":
        try:
            made = replace_key_secret.run(
                key_id=key_id,
                # What is not offered is out of range, and refused as such.
                overlap=OVERLAPS.get(posted.text(request, "overlap"), timedelta(days=-1)),
                version=posted.version(request),
                actor=request.user.actor(),
                now=clock_now(),
            )
        except OrderwrightError as refusal:
            error = refusal
        else:
            return _shown_once(request, key.name, made.secret)
    shown = replace_question(key, base=reverse(PLACE), error=words_of(error) if error else "")
    template, status = "configuration/_key_question.html", error.status if error else 200
    return dialog(request, template, {"question": shown}, title=shown.title, status=status, current=PLACE)


@require_http_methods(["GET", "POST"])
@permission("keys.manage")
@confirmed
def revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    """Ask before revoking a key, or revoke it."""
    key = read_api_key(key_id=key_id, actor=request.user.actor())
    error: OrderwrightError | None = None
    if request.method == "POST":
        try:
            revoke_api_key.run(
                key_id=key_id, version=posted.version(request), actor=request.user.actor(), now=clock_now()
            )
        except OrderwrightError as refusal:
            error = refusal
        else:
            return _done(request, Toast(_("%(name)s is revoked") % {"name": key.name}))
    shown = revoke_question(key, base=reverse(PLACE), error=words_of(error) if error else "")
    template, status = "configuration/_key_question.html", error.status if error else 200
    return dialog(request, template, {"question": shown}, title=shown.title, status=status, current=PLACE)


def _list(request: StaffRequest) -> KeyList:
    actor = request.user.actor()
    return key_list(list_api_keys(actor=actor), actor, base=reverse(PLACE), now=clock_now())


def _typed(request: StaffRequest) -> dict[str, str]:
    return {name: posted.text(request, name) for name in _FIELDS}


def _values_of(key: ApiKeyRow) -> dict[str, str]:
    # The last day on which it is good.
    last = (key.expires_at - timedelta(seconds=1)).date().isoformat() if key.expires_at is not None else ""
    return {"name": key.name, "role": key.role, "expires_on": last}


def _fields(request: StaffRequest, *, seen: ApiKeyRow | None = None) -> KeyFields:
    typed = posted.text(request, "expires_on").strip()
    is_same = seen is not None and typed == _values_of(seen)["expires_on"]
    return KeyFields(
        name=posted.text(request, "name"),
        role=posted.text(request, "role"),
        scopes=request.POST.getlist("scopes"),
        sites=request.POST.getlist("sites"),
        # A program may have said a moment in the middle of that day: what was not touched stays.
        expires_at=seen.expires_at if seen is not None and is_same else _end_of(typed),
    )


def _end_of(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        return day_start(date.fromisoformat(typed) + timedelta(days=1), zone_name="UTC").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        words = _("Write a day such as 2027-01-31.")
        raise Invalid(words, fields=(FieldError(pointer="/expires_at", code="not_a_day", message=words),)) from error


def _form(
    request: StaffRequest,
    values: dict[str, str],
    *,
    scopes: Sequence[str] | None = None,
    sites: Sequence[str] | None = None,
    key: ApiKeyRow | None = None,
    error: OrderwrightError | None = None,
) -> HttpResponse:
    shown = key_form(
        values,
        roles=list_role_names(),
        sites=list_sites(actor=request.user.actor()),
        chosen_scopes=request.POST.getlist("scopes") if scopes is None else scopes,
        chosen_sites=request.POST.getlist("sites") if sites is None else sites,
        base=reverse(PLACE),
        key=key,
        errors=_errors(error),
    )
    template, status = "configuration/_key_form.html", error.status if error else 200
    return dialog(request, template, {"form": shown}, title=shown.title, status=status, current=PLACE)


def _errors(error: OrderwrightError | None) -> dict[str, str]:
    if error is None:
        return {}
    fields = [(field.pointer, field.message) for field in getattr(error, "fields", ())]
    fields = fields or [(str(error.facts.get("pointer", "")), error.message)]
    return {pointer.strip("/").split("/")[0]: str(message) for pointer, message in fields}


def _shown_once(request: StaffRequest, name: str, secret: str) -> HttpResponse:
    made = key_made(name, secret, base=reverse(PLACE))
    # In the dialog's answer the list behind it is renewed too.
    values = {"made": made, "keys": _list(request) if is_htmx(request) else None}
    return dialog(request, "configuration/_key_made.html", values, title=made.title, current=PLACE)


def _done(request: StaffRequest, toast: Toast) -> HttpResponse:
    if not is_htmx(request):
        say(request, toast)
        return redirect(PLACE)
    return fragment(
        request,
        "configuration/_api_keys_answer.html",
        {"keys": _list(request)},
        toasts=[toast],
        target="#api-keys",
        is_closing_dialog=True,
    )
