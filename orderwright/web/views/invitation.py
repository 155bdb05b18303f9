"""The page behind the link of an invitation: choose a password, once."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from orderwright.actions import accept_invitation
from orderwright.core.clock import now
from orderwright.core.errors import Invalid
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import say
from orderwright.web.permission import public
from orderwright.web.presenters.parts import Toast
from orderwright.web.sign_in.views import SIGNS_IN_AS

_LONGEST_PASSWORD = 1024


@public
@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a password, or set it and lead to the sign-in page."""
    user = accept_invitation.look_up(token, now=now())
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _chosen(request, token)
        if not errors:
            say(request, Toast(_("Your password is set. Sign in with it.")))
            request.session[SIGNS_IN_AS] = user.email
            return redirect("sign-in")
    values = {
        "action": reverse("invitation", args=[token]),
        "name": user.name,
        "email": user.email,
        "errors": errors,
        "toasts": (),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return HttpResponse(render_to_string("accounts/invitation.html", values, request), status=status)


def _chosen(request: HttpRequest, token: str) -> dict[str, str]:
    password = posted.text(request, "password")
    if password != posted.text(request, "again"):
        return {"again": _("The two are not the same.")}
    try:
        accept_invitation.run(token=token, password=password[:_LONGEST_PASSWORD], now=now())
    except Invalid as error:
        return {"password": words_of(error)}
    return {}
