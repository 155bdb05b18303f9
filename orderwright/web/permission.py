"""Which permission a route asks for. Every view carries one declaration; what a role may do is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast
from urllib.parse import SplitResult, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from orderwright.accounts.models import User
from orderwright.accounts.permissions import PERMISSIONS, words_of
from orderwright.core.errors import Refused

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in, as every view behind a permission gets it."""

    user: User


# What a public route declares instead of a permission.
PUBLIC = "public"
SIGNED_IN = "signed in"


def permission(name: str, *, to_change: str | None = None) -> Callable[[View], View]:
    """Return a decorator that lets only people with this permission in; others sign in first, or are refused.

    `to_change`: the permission that a form sent to the same address needs, where that is another one.
    Raises: KeyError at import for a permission that is not on the list; Refused at run time.
    """
    unknown = {name, to_change or name} - set(PERMISSIONS)
    if unknown:
        raise KeyError(*unknown)

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if needs_second_factor_first(cast("StaffRequest", request)):
                return _to(request, reverse("security"))
            needed = to_change if to_change and request.method == "POST" else name
            if not request.user.enter(needed):
                reason = _("Your role does not allow this: %(permission)s.") % {"permission": words_of(needed)}
                raise Refused(reason, facts={"permission": needed})
            return view(request, *args, **kwargs)

        guarded.declared_permission = name  # type: ignore[attr-defined]  # read by whatever walks the routes
        guarded.permission_to_change = to_change  # type: ignore[attr-defined]  # as above
        return guarded

    return declare


def signed_in(view: View) -> View:
    """Let anyone in who is signed in, whatever the role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.declared_permission = SIGNED_IN  # type: ignore[attr-defined]  # as above
    return guarded


def needs_second_factor_first(request: StaffRequest) -> bool:
    """Return whether a role of theirs asks for a second factor and this person has none yet.

    Cost: one statement, and only until a session has begun with one.
    """
    if not request.user.needs_second_factor:
        return False
    # Nothing public tells by which steps a session was signed in.
    steps = get_authentication_records(request, request.user)
    return not any(step.get("method") == "mfa" for step in steps) and not is_mfa_enabled(request.user)


def confirmed(view: View) -> View:
    """Ask who it is once more before the view, unless they said so in the last minutes. Stands below `permission`.

    Afterwards they are where they wanted to be: a dialog comes as a page of its own, and what a page's form sent is
    done. What a dialog's form sent is not kept for that long, so its sender is led back to the page.
    """
    return _confirmed(view, keeps_form=True)


def confirmed_for_secrets(view: View) -> View:
    """As `confirmed`, for a form with a credential in it, which is opened anew instead of being kept.

    It would be kept in the session, as it was typed, and the session is a row in the database.
    """
    return _confirmed(view, keeps_form=False)


def _confirmed(view: View, *, keeps_form: bool) -> View:
    asking = reauthentication_required(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return cast("HttpResponseBase", asking(request, *args, **kwargs))
        except ReauthenticationRequired:
            is_whole = "HX-Request" not in request.headers
            if is_whole and (keeps_form or request.method == "GET"):
                raise  # allauth leads there, and brings what was sent back afterwards
            way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
            target = request.get_full_path() if is_whole or request.method == "GET" else _place(request)
            return _to(request, f"{way}?{urlencode({'next': target})}")

    guarded.asks_again = True  # type: ignore[attr-defined]  # as below
    return guarded


def public(view: View) -> View:
    """Declare that everybody may see this, signed in or not."""
    view.declared_permission = PUBLIC  # type: ignore[attr-defined]  # as above
    return view


def page_address(request: HttpRequest) -> SplitResult:
    """Return the address of the page that asks for a part of itself; empty where none asks, or nonsense is said."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # a broken IPv6 host, which no browser sends
        return urlsplit("")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Return the way to the sign-in page and, from there, back to where the person was."""
    place = request.get_full_path() if request.method == "GET" else "/"
    if page_address(request).path:
        place = _place(request)
    return _to(request, f"{reverse('sign-in')}?{urlencode({'next': place})}")


def _place(request: HttpRequest) -> str:
    """Return the page that asks for a part of itself, as it stands in the browser's bar; the front page where none."""
    page = page_address(request)
    return (page.path or "/") + (f"?{page.query}" if page.query else "")


def _to(request: HttpRequest, target: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = target
        return answer
    return redirect(target)
