"""How anticipated errors become pages, dialogs and words beside a field: the one place for HTML."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from orderwright.core.errors import OrderwrightError, Unavailable
from orderwright.web.page import dialog, is_htmx, page
from orderwright.web.permission import StaffRequest
from orderwright.web.presenters.list_page import Fault

# Long enough for a busy database or a provider's hiccup to pass, short enough to be worth waiting for.
RETRY_AFTER_SECONDS = 5
_MOST_DIGITS = 19


class ErrorPages:
    """Middleware: turns anticipated errors of views into pages, and keeps personal data out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; a method that a route does not know gets a page of its own.

        What is too large is refused before anything reads it: Django bounds forms, but takes files of any size.
        """
        if _is_for_programs(request):
            return self.get_response(request)
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return _too_large(request)
        answer = self.get_response(request)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not answer.content:
            allowed = answer["Allow"]
            answer = error_page(
                request, Fault(405, _("This address cannot be opened like that"), _("Use the buttons of the page."))
            )
            answer["Allow"] = allowed
        if request.user.is_authenticated and "Cache-Control" not in answer:
            answer["Cache-Control"] = "private, no-store"
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for an anticipated error, None for any other."""
        if isinstance(exception, OperationalError):
            exception = Unavailable(
                _("The database did not answer in time. Open the page again to see how things stand.")
            )
        if not isinstance(exception, OrderwrightError) or _is_for_programs(request):
            return None
        answer = error_page(request, _fault(exception))
        if isinstance(exception, Unavailable):
            answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer


def _length(request: HttpRequest) -> int:
    # Without a length nothing is read at all: a body in chunks counts as empty.
    told = request.META.get("CONTENT_LENGTH") or "0"
    # No more digits than a length has: Python reads no number of thousands of them.
    return int(told[:_MOST_DIGITS]) if told.isascii() and told.isdigit() else 0


def _too_large(request: HttpRequest) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024
    text = _("What you sent is larger than %(most)d KB, and was not read. Nothing was changed.") % {"most": most}
    return error_page(request, Fault(413, _("That is too large"), text, "body_too_large"))


def _is_for_programs(request: HttpRequest) -> bool:
    # The API answers for itself, and must not pay for a session that it does not use.
    return request.path.startswith("/api/")


def words_of(error: OrderwrightError) -> str:
    """Return what to say beside the cause: the field's own sentence, where there is one."""
    fields = getattr(error, "fields", ())
    return str(fields[0].message) if fields else error.message


def pointer_of(error: OrderwrightError) -> str:
    """Return the first part of the pointer at the field at fault, such as `name` or `items`, or nothing."""
    fields = getattr(error, "fields", ())
    pointer = str(fields[0].pointer) if fields else str(error.facts.get("pointer", ""))
    return pointer.strip("/").split("/")[0]


def error_page(request: HttpRequest, fault: Fault) -> HttpResponse:
    """Return the error as a dialog for htmx, as a page in the frame for people, or alone for anybody else."""
    status = HTTPStatus(fault.status)
    if fault.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not request.user.is_authenticated:
        return HttpResponse(render_to_string("errors/plain.html", _bare(fault), request), status=status)
    staff = cast("StaffRequest", request)
    if is_htmx(request):
        return dialog(staff, "errors/_fault.html", {"fault": fault}, title=fault.title, status=status)
    return page(staff, "errors/page.html", {"fault": fault}, status=status)


def _bare(fault: Fault) -> dict[str, object]:
    return {"fault": fault, "toasts": ()}


def _fault(error: OrderwrightError) -> Fault:
    titles = {
        403: _("Your role does not allow this"),
        404: _("There is nothing here"),
        409: _("That does not fit how things stand now"),
        412: _("Somebody was faster"),
        422: _("That cannot be read"),
        503: _("Out of reach for a moment"),
    }
    return Fault(error.status, titles.get(error.status, _("That did not work")), error.message, error.code)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer for an address that nothing stands behind."""
    text = _("The address may have been typed differently, or what stood here is gone.")
    return error_page(request, Fault(404, _("There is nothing here"), text, "not_found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a failure that nobody anticipated; needs neither database nor session."""
    text = _("Nothing was lost: what was saved before is saved, and money never moves twice. Try again in a moment.")
    fault = Fault(500, _("Something went wrong on our side"), text, "internal_error")
    return HttpResponse(render_to_string("errors/plain.html", _bare(fault), request), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer for a form whose secret does not match the browser's, as after signing in again in another tab."""
    text = _("The form was opened too long ago, or in another session. Open the page again and repeat what you did.")
    return error_page(request, Fault(403, _("This form is no longer valid"), text, "csrf_failed"))
