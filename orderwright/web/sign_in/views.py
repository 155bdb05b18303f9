"""allauth's views in the portal's clothes: what they do is allauth's, how they look and answer stands here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import views as account
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from orderwright.web.page import page, waiting_toasts
from orderwright.web.permission import public, signed_in
from orderwright.web.presenters.parts import Link

PLACE = "security"
# Where a session keeps the e-mail of who has just chosen a password, so that it need not be typed.
SIGNS_IN_AS = "signs_in_as"


def first_error(form: BaseForm) -> str:
    """Return the first thing that is wrong with what was sent, or nothing."""
    return next((str(message) for messages in form.errors.values() for message in messages), "")


class Alone:
    """A page before, or beside, the frame: one card. A refusal answers 422."""

    request: HttpRequest

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer; no cache keeps it."""
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]

    def render_to_response(self, context: dict[str, Any], **_more: Any) -> HttpResponse:
        """Return the page."""
        form = context.get("form")
        error = first_error(form) if form is not None and form.is_bound else ""
        values = {
            "error": error,
            "toasts": waiting_toasts(self.request),
            "next": get_next_redirect_url(self.request) or "",
            **context,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if self.request.method == "POST" else HTTPStatus.OK
        return self.shown(values, status)

    def shown(self, values: dict[str, Any], status: int) -> HttpResponse:
        """Return the page with these values."""
        return HttpResponse(render_to_string(self.template_name, values, self.request), status=status)  # type: ignore[attr-defined]


class Inside(Alone):
    """A page within the frame, for who is signed in; what it changes is one transaction with its journal entry."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, in one transaction where something may change."""
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)

    def shown(self, values: dict[str, Any], status: int) -> HttpResponse:
        """Return the page in its frame."""
        return page(self.request, self.template_name, values, current=PLACE, status=status)  # type: ignore[attr-defined,arg-type]


class SignIn(Alone, account.LoginView):  # type: ignore[misc]  # allauth has no types
    """Sign in with e-mail and password."""

    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what was typed, and one sentence for whatever does not fit."""
        values: dict[str, Any] = super().get_context_data(**kwargs)
        form = values["form"]
        typed = form["login"].value() or self.request.session.pop(SIGNS_IN_AS, "")
        refused = next(iter(form.non_field_errors()), "") if form.is_bound else ""
        wrong = refused or (_("E-mail or password is wrong.") if form.is_bound and form.errors else "")
        return {**values, "email": typed, "error": wrong, "sso": _single_sign_on(self.request)}


def _single_sign_on(request: HttpRequest) -> Link | None:
    if not settings.OIDC_ISSUER:
        return None
    way = reverse("openid_connect_login", args=["staff"])
    target = get_next_redirect_url(request)
    href = f"{way}?{urlencode({'next': target})}" if target else way
    return Link(_("Use %(name)s") % {"name": settings.OIDC_NAME}, href)


class SecondFactor(Alone, mfa.AuthenticateView):  # type: ignore[misc]
    """The second step of signing in: a code, or a passkey."""

    template_name = "accounts/second_factor.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the values of the page, and what the passkey form met."""
        values: dict[str, Any] = super().get_context_data(**kwargs)
        passkey = values.get("webauthn_form")
        return {**values, "passkey_error": first_error(passkey) if passkey is not None and passkey.is_bound else ""}


class PasskeySignIn(Alone, webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """Sign in with a passkey alone: hands out the question, and takes the answer."""

    template_name = "accounts/sign_in.html"


class ConfirmByPassword(Alone, account.ReauthenticateView):  # type: ignore[misc]
    """Ask for the password once more before something delicate."""

    template_name = "accounts/confirm_password.html"


class ConfirmByCode(Alone, mfa.ReauthenticateView):  # type: ignore[misc]
    """Ask for a code before something delicate."""

    template_name = "accounts/confirm_code.html"


class ConfirmByPasskey(Alone, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Ask for a passkey before something delicate."""

    template_name = "accounts/confirm_passkey.html"


class ChangePassword(Inside, account.PasswordChangeView):  # type: ignore[misc]
    """Change one's password; other sessions end."""

    template_name = "accounts/change_password.html"

    def get_default_success_url(self) -> str:
        """Return to the page about signing in."""
        return reverse(PLACE)


class FirstCode(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The code that proves that the app was set up; it counts as used, so that it signs nobody in afterwards."""

    def clean_code(self) -> str:
        """Return the code. Raises: ValidationError when it is wrong."""
        code: str = super().clean_code()
        adapter = get_adapter()
        data = {"secret": adapter.encrypt(self.secret)}
        about_to_be = Authenticator(user=self.user, type=Authenticator.Type.TOTP, data=data)
        # Nothing public tells whether a code is right and marks it as used.
        if not TOTP(about_to_be).validate_code(code):
            raise adapter.validation_error("incorrect_code")
        return code


class AddApp(Inside, totp.ActivateTOTPView):  # type: ignore[misc]
    """Add an authenticator app: scan, type the code."""

    form_class = FirstCode
    template_name = "accounts/add_app.html"


class RemoveApp(Inside, totp.DeactivateTOTPView):  # type: ignore[misc]
    """Remove the authenticator app."""

    template_name = "accounts/remove_app.html"


class AddPasskey(Inside, webauthn.AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey or security key."""

    template_name = "accounts/add_passkey.html"


class RemovePasskey(Inside, webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    """Remove one passkey."""

    template_name = "accounts/remove_passkey.html"


class RecoveryCodes(Inside, recovery.ViewRecoveryCodesView):  # type: ignore[misc]
    """Show fresh recovery codes, once."""

    template_name = "accounts/recovery_codes.html"


class NewRecoveryCodes(Inside, recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes; the old ones end."""

    template_name = "accounts/new_recovery_codes.html"


sign_in = public(SignIn.as_view())
second_factor = public(SecondFactor.as_view())
passkey_sign_in = public(PasskeySignIn.as_view())
confirm_by_password = signed_in(ConfirmByPassword.as_view())
confirm_by_code = signed_in(ConfirmByCode.as_view())
confirm_by_passkey = signed_in(ConfirmByPasskey.as_view())
change_password = signed_in(ChangePassword.as_view())
add_app = signed_in(AddApp.as_view())
remove_app = signed_in(RemoveApp.as_view())
add_passkey = signed_in(AddPasskey.as_view())
remove_passkey = signed_in(RemovePasskey.as_view())
recovery_codes = signed_in(RecoveryCodes.as_view())
new_recovery_codes = signed_in(NewRecoveryCodes.as_view())
