"""Roles of the shop's own: add, edit, delete; system roles to look at."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orderwright.actions import add_role, delete_role, edit_role
from orderwright.actions.configured import at
from orderwright.actions.role_fields import RoleFields
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.core.money import AmountUnreadable, UnknownCurrency, parse_amount
from orderwright.reads.roles import RoleRow, list_role_names, read_role
from orderwright.reads.sites import list_sites
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, confirmed, permission
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.people_page import CeilingRow
from orderwright.web.presenters.roles import LOCALE, ceiling_rows, delete_question, role_form
from orderwright.web.views.people import PLACE, done, errors_of

_MOST_ROWS = 200


@require_http_methods(["GET", "POST"])
@permission("users.manage")
@confirmed
def add(request: StaffRequest) -> HttpResponse:
    """Show the form of a new role, with what another one allows where `like` names it, or add it."""
    if request.method == "GET":
        like = request.GET.get("like", "")
        return _form(request, stored=read_role(slug=like) if like else None)
    try:
        add_role.run(fields=_fields(request), actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        return _form(request, error=error)
    return done(request, Toast(_("%(name)s added") % {"name": posted.text(request, "name").strip()}))


@require_http_methods(["GET", "POST"])
@permission("users.manage")
@confirmed
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """Show a role, or save it."""
    role = read_role(slug=slug)
    if request.method == "GET":
        return _form(request, role=role, stored=role)
    try:
        edit_role.run(
            slug=slug,
            fields=_fields(request),
            version=posted.version(request),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        return _form(request, role=role, error=error)
    return done(request, Toast(_("%(name)s saved") % {"name": posted.text(request, "name").strip()}))


@require_http_methods(["GET", "POST"])
@permission("users.manage")
@confirmed
def delete(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask what its people get instead, or delete the role."""
    role = read_role(slug=slug)
    error: OrderwrightError | None = None
    chosen = posted.text(request, "move_to")
    if request.method == "POST":
        try:
            delete_role.run(slug=slug, move_to=chosen or None, actor=request.user.actor(), now=clock_now())
        except OrderwrightError as refusal:
            error = refusal
        else:
            return done(request, Toast(_("%(name)s deleted") % {"name": role.name}))
    shown = delete_question(
        role,
        roles=list_role_names(),
        base=reverse(PLACE),
        chosen=chosen or "viewer",
        error=words_of(error) if error else "",
    )
    template, status = "configuration/_role_delete.html", error.status if error else 200
    return dialog(request, template, {"question": shown}, title=shown.title, status=status, current=PLACE)


def _form(
    request: StaffRequest,
    *,
    role: RoleRow | None = None,
    stored: RoleRow | None = None,
    error: OrderwrightError | None = None,
) -> HttpResponse:
    """Return the form of `role`, or of a new one, with what was typed, or else with what `stored` allows."""
    is_typed = request.method == "POST"
    shown = role_form(
        base=reverse(PLACE),
        name=posted.text(request, "name") if is_typed else (role.name if role else ""),
        permissions=request.POST.getlist("permissions") if is_typed else (stored.permissions if stored else ()),
        ceilings=ceiling_rows(stored) if stored else _typed_ceilings(request),
        needs_second_person=_is_ticked(request, "needs_second_person", stored.needs_second_person if stored else False),
        needs_second_factor=_is_ticked(request, "needs_second_factor", stored.needs_second_factor if stored else False),
        currencies=[site.currency for site in list_sites(actor=request.user.actor())],
        role=role,
        errors=errors_of(error) if error else {},
    )
    template, status = "configuration/_role_form.html", error.status if error else 200
    return dialog(request, template, {"form": shown}, title=shown.title, status=status, current=PLACE)


def _is_ticked(request: StaffRequest, name: str, stored: bool) -> bool:  # noqa: FBT001 - what stands there otherwise
    return posted.text(request, name) == "yes" if request.method == "POST" else stored


def _typed_ceilings(request: StaffRequest) -> list[CeilingRow]:
    names = ("currency", "per_order", "per_day")
    columns = [request.POST.getlist(name)[:_MOST_ROWS] for name in names]
    rows = [CeilingRow(*(text.strip() for text in row)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row.per_order or row.per_day]


def _fields(request: StaffRequest) -> RoleFields:
    """Return what was typed. Raises: Invalid at /refund_ceilings for an amount or a currency that cannot be read."""
    ceilings: dict[str, Mapping[str, int]] = {}
    for row in _typed_ceilings(request):
        currency = row.currency.upper()
        if currency in ceilings:
            raise _refused(_("%(currency)s stands there twice.") % {"currency": currency})
        typed = {"order": row.per_order, "day": row.per_day}
        ceilings[currency] = {name: _amount(text, currency) for name, text in typed.items() if text}
    return RoleFields(
        name=posted.text(request, "name"),
        permissions=request.POST.getlist("permissions"),
        refund_ceilings=ceilings,
        needs_second_person=posted.text(request, "needs_second_person") == "yes",
        needs_second_factor=posted.text(request, "needs_second_factor") == "yes",
    )


def _amount(typed: str, currency: str) -> int:
    try:
        return parse_amount(typed, currency=currency, locale=LOCALE).amount_minor
    except (AmountUnreadable, UnknownCurrency) as error:
        raise _refused(error.message) from error


def _refused(words: str) -> OrderwrightError:
    return at("/refund_ceilings", "ceiling_unreadable", words)
