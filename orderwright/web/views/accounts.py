"""Signing out, and the list of keys."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, public, signed_in


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out and end the session; who stands between password and second factor begins anew."""
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
