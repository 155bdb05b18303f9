"""What no browser sends: control characters in addresses and cookies, which PostgreSQL may refuse to be asked about."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.translation import gettext as _

_PLAIN = "text/plain; charset=utf-8"


class UnreadableRequests:
    """Middleware: nothing stands at an unreadable address, and an unreadable session is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 404 for the address, 415 for letters in another code; take the cookie away before it is looked up."""
        if not request.path.isprintable() and not request.path.startswith("/api/"):
            return HttpResponseNotFound(_("There is nothing here."), content_type=_PLAIN)
        if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            words = _("Forms are sent in UTF-8.")
            return HttpResponse(words, status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, content_type=_PLAIN)
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "").isprintable():
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)
