"""Users and roles: the page, one person, inviting, giving and taking roles, deactivating; and one's own profile."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import (
    deactivate_person,
    grant_role,
    invite_again,
    invite_person,
    reactivate_person,
    remove_second_factor,
    revoke_role,
)
from orderwright.actions.invite_person import WantedRole
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.core.own_address import own_address
from orderwright.reads.people import list_people, read_person
from orderwright.reads.roles import list_role_names, list_roles
from orderwright.reads.sites import list_sites
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import dialog, fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, confirmed, permission, signed_in
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.people import (
    GIVE,
    ROLES,
    SIGN_IN,
    deactivation,
    invite_form,
    people_page,
    person_sheet,
    removal_of_second_factor,
)
from orderwright.web.presenters.people import profile as profile_of
from orderwright.web.presenters.people_page import PeoplePage, PersonQuestion

PLACE = "users-and-roles"
_FIELDS = ("name", "email", "role", "site")


@require_GET
@permission("users.manage")
def users_and_roles(request: StaffRequest) -> HttpResponse:
    """Show Users and roles. Source: W11."""
    return page(request, "configuration/people.html", {"people": shown(request)}, current=PLACE)


@require_http_methods(["GET", "POST"])
@permission("users.manage")
@confirmed
def invite(request: StaffRequest) -> HttpResponse:
    """Show the form of an invitation, or invite."""
    if request.method == "GET":
        return _invite_form(request, {}, {})
    typed = {name: posted.text(request, name) for name in _FIELDS}
    try:
        invite_person.run(
            name=typed["name"],
            email=typed["email"],
            roles=[WantedRole(role=typed["role"], site=typed["site"] or None)],
            actor=request.user.actor(),
            now=clock_now(),
            link=_link(request),
        )
    except OrderwrightError as error:
        return _invite_form(request, typed, errors_of(error), status=error.status)
    return done(request, Toast(_("%(name)s is invited; the mail is on its way") % {"name": typed["name"].strip()}))


@require_GET
@permission("users.manage")
@confirmed
def person(request: StaffRequest, user_id: int) -> HttpResponse:
    """Show one person with their roles and what can be done."""
    return _sheet(request, user_id)


@require_POST
@permission("users.manage")
@confirmed
def give(request: StaffRequest, user_id: int) -> HttpResponse:
    """Give a person a role, everywhere or at one site."""

    def do() -> str:
        role, site = posted.text(request, "role"), posted.text(request, "site") or None
        grant_role.run(user_id=user_id, role=role, site=site, actor=request.user.actor(), now=clock_now())
        return _("The role is given; it counts from their next step on.")

    return _act(request, user_id, do, place=GIVE)


@require_POST
@permission("users.manage")
@confirmed
def take(request: StaffRequest, user_id: int, grant_id: int) -> HttpResponse:
    """Take a role from a person."""

    def do() -> str:
        revoke_role.run(user_id=user_id, grant_id=grant_id, actor=request.user.actor(), now=clock_now())
        return _("The role is removed; it counts from their next step on.")

    return _act(request, user_id, do, place=ROLES)


@require_POST
@permission("users.manage")
@confirmed
def link(request: StaffRequest, user_id: int) -> HttpResponse:
    """Send a person a new link to choose a password."""

    def do() -> str:
        invite_again.run(user_id=user_id, actor=request.user.actor(), now=clock_now(), link=_link(request))
        return _("A new link is on its way by mail; earlier ones no longer work.")

    return _act(request, user_id, do, place=SIGN_IN)


@require_http_methods(["GET", "POST"])
@permission("users.manage")
@confirmed
def second_factor(request: StaffRequest, user_id: int) -> HttpResponse:
    """Ask before a person's lost second factors are removed, or remove them."""
    if request.method == "GET":
        return _question(request, user_id, removal_of_second_factor)
    try:
        remove_second_factor.run(user_id=user_id, actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        return _question(request, user_id, removal_of_second_factor, error=error)
    name = read_person(user_id=user_id).name
    return done(request, Toast(_("The second factor of %(name)s is removed, and they are signed out") % {"name": name}))


@require_http_methods(["GET", "POST"])
@permission("users.manage")
@confirmed
def switch(request: StaffRequest, user_id: int) -> HttpResponse:
    """Ask before a person is deactivated, deactivate them, or reactivate them."""
    if request.method == "GET":
        return _question(request, user_id, deactivation)
    actor = request.user.actor()

    def reactivate() -> str:
        reactivate_person.run(user_id=user_id, actor=actor, now=clock_now())
        return _("Reactivated; they may sign in again.")

    if posted.text(request, "active") != "no":
        return _act(request, user_id, reactivate, place=SIGN_IN)
    try:
        deactivate_person.run(user_id=user_id, actor=actor, now=clock_now())
    except OrderwrightError as error:
        return _question(request, user_id, deactivation, error=error)
    name = read_person(user_id=user_id).name
    return done(request, Toast(_("%(name)s is deactivated, and signed out everywhere") % {"name": name}))


@require_GET
@signed_in
def profile(request: StaffRequest) -> HttpResponse:
    """Show one's own name, roles and what they allow."""
    user = request.user
    values = profile_of(user.name, user.email, user.held_roles, last_sign_in_at=user.last_login, now=clock_now())
    return page(request, "accounts/profile.html", {"profile": values}, current="profile")


def shown(request: StaffRequest) -> PeoplePage:
    """Return the page's values as they stand."""
    return people_page(list_people(), list_roles(), request.user.actor(), base=reverse(PLACE), now=clock_now())


def errors_of(error: OrderwrightError) -> dict[str, str]:
    """Return the error's sentences by the field of the page that they belong to; an empty name where there is none."""
    fields = [(field.pointer, field.message) for field in getattr(error, "fields", ())]
    fields = fields or [(str(error.facts.get("pointer", "")), error.message)]
    return {pointer.strip("/").split("/")[0]: str(message) for pointer, message in fields}


def done(request: StaffRequest, toast: Toast) -> HttpResponse:
    """Return the answer to an act of a dialog: the lists anew with a toast, or a redirect to the page."""
    if not is_htmx(request):
        say(request, toast)
        return redirect(PLACE)
    return fragment(
        request,
        "configuration/_people_answer.html",
        {"people": shown(request)},
        toasts=[toast],
        target="#people",
        is_closing_dialog=True,
    )


def _act(request: StaffRequest, user_id: int, do: Callable[[], str], *, place: str) -> HttpResponse:
    """Run an act on one person: their sheet anew in the dialog, with the lists behind it, or a redirect to it.

    `place`: where on the sheet it says why it cannot be.
    """
    try:
        said = do()
    except OrderwrightError as error:
        return _sheet(request, user_id, errors={place: words_of(error)}, status=error.status)
    if not is_htmx(request):
        say(request, Toast(said))
        return redirect("user", user_id)
    return _sheet(request, user_id, said=said)


def _sheet(
    request: StaffRequest, user_id: int, *, errors: dict[str, str] | None = None, said: str = "", status: int = 200
) -> HttpResponse:
    sheet = person_sheet(
        read_person(user_id=user_id),
        request.user.actor(),
        roles=list_role_names(),
        sites=list_sites(actor=request.user.actor()),
        base=reverse(PLACE),
        now=clock_now(),
        said=said,
        errors=errors,
        given=(posted.text(request, "role") or "order-clerk", posted.text(request, "site")),
    )
    values = {"sheet": sheet, "people": shown(request) if said else None}
    return dialog(request, "configuration/_person.html", values, title=sheet.title, status=status, current=PLACE)


def _question(
    request: StaffRequest,
    user_id: int,
    asked: Callable[..., PersonQuestion],
    *,
    error: OrderwrightError | None = None,
) -> HttpResponse:
    question = asked(read_person(user_id=user_id), base=reverse(PLACE), error=words_of(error) if error else "")
    template, status = "configuration/_person_question.html", error.status if error else 200
    return dialog(request, template, {"question": question}, title=question.title, status=status, current=PLACE)


def _invite_form(
    request: StaffRequest, typed: dict[str, str], errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    form = invite_form(
        typed,
        roles=list_role_names(),
        sites=list_sites(actor=request.user.actor()),
        base=reverse(PLACE),
        errors=errors,
    )
    values = {"form": form}
    return dialog(request, "configuration/_invite.html", values, title=form.title, status=status, current=PLACE)


def _link(request: StaffRequest) -> Callable[[str], str]:
    return lambda token: own_address(request, reverse("invitation", args=[token]))
