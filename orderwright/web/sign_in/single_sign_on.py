"""Single sign-on: who the shop's OpenID Connect provider vouches for is let in, if they were invited here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from orderwright.accounts.models import User
from orderwright.web.permission import public

logger = logging.getLogger(__name__)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Who comes from the provider: known by its own id of them, the first time by an e-mail that it has verified."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - allauth's
        """Nobody signs up: an administrator invites."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connect the provider's account with the person invited under its e-mail, the first time that they come.

        Raises: ImmediateHttpResponse, back to the sign-in page, for everybody else.
        """
        if sociallogin.is_existing:
            return
        user = next(filter(None, (_invited(each.email) for each in sociallogin.email_addresses if each.verified)), None)
        if user is None:
            raise ImmediateHttpResponse(
                _back(
                    request,
                    _("Nobody was invited with the e-mail that your sign-on vouches for. Ask an administrator."),
                )
            )
        with transaction.atomic():
            sociallogin.connect(request, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - allauth's signature
    ) -> None:
        """Lead back to the sign-in page. Raises: ImmediateHttpResponse, always."""
        logger.warning("single sign-on with %s failed: %s %s", provider.name, error, exception)
        raise ImmediateHttpResponse(_failed(request))


def _invited(email: str) -> User | None:
    try:
        found = User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        return None
    return found if found.is_active else None


def _asked(view: Callable[..., Any], request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return cast("HttpResponse", view(request, provider_id))
    except (RequestException, KeyError) as error:  # out of reach, or it says of itself less than it has to
        logger.warning("single sign-on with %s failed: %r", provider_id, error)
        return _failed(request)


def _failed(request: HttpRequest) -> HttpResponse:
    return _back(request, _("Single sign-on did not work. Try again, or use your password."))


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("sign-in")


@public
@never_cache
@require_GET
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider; nothing stands at another name than the configured one."""
    return _asked(views.login, request, provider_id)


@public
@never_cache
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take who comes back from the provider."""
    return _asked(views.callback, request, provider_id)
