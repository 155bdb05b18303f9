"""A forgotten password: ask for a link, and choose another password by it. The same is said whoever asks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import views as account
from allauth.account.forms import ResetPasswordForm
from axes.utils import reset as forget_failures
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from orderwright.accounts.models import User
from orderwright.web.page import say
from orderwright.web.permission import public
from orderwright.web.presenters.parts import Toast
from orderwright.web.sign_in.views import SIGNS_IN_AS, Alone


class Address(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The address that was typed, and the active person whose it is; allauth knows addresses in small letters alone."""

    def clean_email(self) -> str:
        """Return the address, compared without regard to letter case (W14)."""
        typed: str = self.cleaned_data["email"]
        try:
            found = [User.objects.get_by_natural_key(typed)]
        except User.DoesNotExist:
            found = []
        self.users = [user for user in found if user.is_active]
        return typed


class Forgotten(Alone, account.PasswordResetView):  # type: ignore[misc]
    """Ask for a link by e-mail."""

    template_name = "accounts/forgotten.html"
    form_class = Address
    success_url = reverse_lazy("account_reset_password_done")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what was typed."""
        values: dict[str, Any] = super().get_context_data(**kwargs)
        return {**values, "email": values["form"]["email"].value() or ""}


class LinkSent(Alone, account.PasswordResetDoneView):  # type: ignore[misc]
    """Say that a link is on its way, if there is somebody to send it to."""

    template_name = "accounts/link_sent.html"


class NewPassword(Alone, account.PasswordResetFromKeyView):  # type: ignore[misc]
    """Choose another password by the link; sessions and other links end, and a second factor is asked for as ever."""

    template_name = "accounts/new_password.html"

    def shown(self, values: dict[str, Any], status: int) -> HttpResponse:
        """Return the page; a link that is not good shows nothing of whose it was."""
        if values.get("token_fail"):
            return super().shown({**values, "form": None}, HTTPStatus.NOT_FOUND)
        return super().shown({**values, "email": self.reset_user.email}, status)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Set the password with its journal entry, and forget how often it was wrong."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            forget_failures(username=self.reset_user.email.lower())
        self.request.session[SIGNS_IN_AS] = self.reset_user.email
        return answer

    def get_success_url(self) -> str:
        """Return to the sign-in page."""
        say(self.request, Toast(_("Your password is changed. Sign in with it.")))
        return reverse("sign-in")


forgotten = public(Forgotten.as_view())
link_sent = public(LinkSent.as_view())
new_password = public(NewPassword.as_view())
