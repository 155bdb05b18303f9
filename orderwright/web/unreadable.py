"""What no browser sends: control characters in addresses and cookies, which PostgreSQL may refuse to be asked about."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.translation import gettext as _


class UnreadableRequests:
    """Middleware: nothing stands at an unreadable address, and an unreadable session is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 404 for the address; take the cookie away before somebody looks it up."""
        if not request.path.isprintable() and not request.path.startswith("/api/"):
            return HttpResponseNotFound(_("There is nothing here."), content_type="text/plain; charset=utf-8")
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "").isprintable():
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)
