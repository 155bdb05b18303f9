"""Sign-in and security: one's password, second factors and sessions on one page."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from orderwright.core.clock import now
from orderwright.web.page import page, say
from orderwright.web.permission import StaffRequest, needs_second_factor_first, signed_in
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.security import security_page
from orderwright.web.sign_in.views import PLACE


@never_cache
@require_GET
@signed_in
def security(request: StaffRequest) -> HttpResponse:
    """Show how this person signs in, and where they are signed in."""
    shown = security_page(
        factors=[(each.pk, each.type, each.wrap()) for each in Authenticator.objects.filter(user=request.user)],
        sessions=UserSession.objects.purge_and_list(request.user),
        here=request.session.session_key or "",
        must_add=needs_second_factor_first(request),
        now=now(),
    )
    return page(request, "accounts/security.html", {"security": shown}, current=PLACE)


@require_POST
@signed_in
def end_session(request: StaffRequest, session_id: int) -> HttpResponse:
    """Sign out one of one's other sessions; one that is gone is gone."""
    chosen = UserSession.objects.filter(user=request.user, pk=session_id).exclude(
        session_key=request.session.session_key
    )
    get_adapter().end_sessions(list(chosen))
    say(request, Toast(_("That session has ended.")))
    return redirect(PLACE)


@require_POST
@signed_in
def end_others(request: StaffRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    get_adapter().end_sessions(list(others))
    say(request, Toast(_("You are signed in here alone.")))
    return redirect(PLACE)
