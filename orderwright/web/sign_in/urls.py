"""Addresses of signing in and of one's own sign-in. allauth finds its views by the names that it gave them."""

from __future__ import annotations

from django.conf import settings
from django.urls import path, re_path

from orderwright.web.sign_in import forgotten, security, views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in/second-factor", views.second_factor, name="mfa_authenticate"),
    path("sign-in/passkey", views.passkey_sign_in, name="mfa_login_webauthn"),
    path("sign-in/forgotten", forgotten.forgotten, name="account_reset_password"),
    path("sign-in/forgotten/sent", forgotten.link_sent, name="account_reset_password_done"),
    # The person's number has no hyphen, the token does.
    re_path(
        r"^sign-in/new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        forgotten.new_password,
        name="account_reset_password_from_key",
    ),
    path("confirm", views.confirm_by_password, name="account_reauthenticate"),
    path("confirm/code", views.confirm_by_code, name="mfa_reauthenticate"),
    path("confirm/passkey", views.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("security", security.security, name="security"),
    path("security", security.security, name="mfa_index"),
    path("security", security.security, name="mfa_list_webauthn"),
    path("security/password", views.change_password, name="account_change_password"),
    path("security/app", views.add_app, name="mfa_activate_totp"),
    path("security/app/remove", views.remove_app, name="mfa_deactivate_totp"),
    path("security/passkeys/add", views.add_passkey, name="mfa_add_webauthn"),
    path("security/passkeys/<id:pk>/remove", views.remove_passkey, name="mfa_remove_webauthn"),
    path("security/recovery-codes", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("security/recovery-codes/new", views.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/sessions/end", security.end_others, name="sessions-end-others"),
    path("security/sessions/<id:session_id>/end", security.end_session, name="session-end"),
]

if settings.OIDC_ISSUER:
    # Its libraries are an extra that not every shop installs.
    from orderwright.web.sign_in import single_sign_on

    urlpatterns += [
        path("sign-in/<slug:provider_id>", single_sign_on.start, name="openid_connect_login"),
        path("sign-in/<slug:provider_id>/back", single_sign_on.callback, name="openid_connect_callback"),
    ]
