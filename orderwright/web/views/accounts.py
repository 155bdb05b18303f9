"""Signing in and out, and the list of keys."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.accounts.models import User
from orderwright.web import posted
from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, public, signed_in


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page, or sign in with e-mail and password."""
    target = _safe(request, posted.text(request, "next") or request.GET.get("next", ""))
    if request.method == "GET":
        return HttpResponseRedirect(target) if request.user.is_authenticated else _form(request, target)
    email = posted.text(request, "email").strip()
    user = _authenticated(request, email)
    if user is None:
        # One sentence for every cause: who works here is nobody's business.
        return _form(request, target, email=email, error=_("E-mail or password is wrong."))
    login(request, user)
    return HttpResponseRedirect(target)


def _authenticated(request: HttpRequest, email: str) -> User | None:
    # No address has control characters, and PostgreSQL refuses to be asked about some.
    if not email.isprintable():
        return None
    return authenticate(request, username=email, password=posted.text(request, "password"))


def _form(request: HttpRequest, target: str, *, email: str = "", error: str = "") -> HttpResponse:
    values = {"action": reverse("sign-in"), "next": target, "email": email, "error": error, "toasts": ()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return HttpResponse(render_to_string("accounts/sign_in.html", values, request), status=status)


def _safe(request: HttpRequest, target: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target.startswith("/") and is_ours else reverse("open-orders")


@require_POST
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out and end the session."""
    logout(request)
    return redirect("sign-in")


@require_GET
@signed_in
def keys(request: StaffRequest) -> HttpResponse:
    """Show the list of keys."""
    rows = (
        (("/",), _("Search from anywhere")),
        (("J", "K"), _("Next, previous order")),
        (("Enter",), _("Open the order under the cursor")),
        (("S",), _("Order State")),
        (("N",), _("Write a note")),
        (("I",), _("Invoice Number")),
        (("T",), _("Tracking Number")),
        (("C",), _("Capture Value")),
        (("Esc",), _("Leave a field, close a dialog")),
        (("?",), _("This list")),
    )
    return dialog(request, "help/_keys.html", {"rows": rows}, title=_("Keys"))
