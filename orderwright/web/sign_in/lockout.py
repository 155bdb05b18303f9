"""What axes asks: who tries to sign in, from where, and what somebody is told who failed too often."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from orderwright.web.presenters.list_page import Fault


def who(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the e-mail that was typed, without regard to letter case (W14)."""
    typed = (credentials or {}).get("email") or request.POST.get("login", "")
    return str(typed).strip().lower()[:254]


def where(request: HttpRequest) -> str:
    """Return the caller's address, behind as many proxies as the settings trust."""
    return str(get_adapter().get_client_ip(request))


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,  # noqa: ARG001 - axes' signature
    credentials: Mapping[str, Any] | None = None,  # noqa: ARG001 - axes' signature
) -> HttpResponse:
    """Return the page for somebody who failed too often; it says the same whoever the e-mail belongs to."""
    wait = settings.AXES_COOLOFF_TIME
    minutes = int(wait.total_seconds() // 60)
    text = _(
        "The password was wrong too often. From here, nobody can sign in with this e-mail for %(minutes)d minutes. "
        "If you have forgotten your password, ask for a link on the sign-in page: a new one lets you in at once."
    ) % {"minutes": minutes}
    fault = Fault(429, _("Too many tries"), text, "sign_in_locked")
    answer = HttpResponse(
        render_to_string("errors/plain.html", {"fault": fault, "toasts": ()}, request),
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
    answer["Retry-After"] = str(int(wait.total_seconds()))
    return answer
