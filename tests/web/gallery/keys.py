"""Sample presenters' values of API keys, for the gallery. No behaviour here."""

from __future__ import annotations

from typing import Any

from orderwright.web.presenters.api_keys import KeyForm, KeyLine, KeyList, KeyMade, Question
from orderwright.web.presenters.parts import Badge, Choice, Field, Press, Toast
from tests.web.gallery.samples import AT

LINE = KeyLine(
    id=3,
    name="عبد الرحمن <script>alert(1)</script>",
    prefix="ow_9f2c1d_…",
    role="Integrator",
    scopes="2 permissions of it",
    sites="Cozy Home US",
    standing=Badge("Ends soon", "amber"),
    ends=AT,
    last_used=AT,
    old_until=AT,
    old_last_used=AT,
    may_change=True,
    edit_href="/api-keys/3",
    replace_href="/api-keys/3/replace",
    revoke_href="/api-keys/3/revoke",
)
KEYS = KeyList(add=Press(), add_href="/api-keys/add", rows=(LINE,))
NO_KEYS = KeyList(
    add=Press(is_allowed=False, reason="Your role does not allow this."), add_href="/api-keys/add", rows=()
)
FORM = KeyForm(
    title="Add API key",
    action="/api-keys/add",
    submit="Make key",
    back_href="/api-keys",
    version=2,
    name=Field("Storefront", error="There is a key of this name."),
    roles=(Choice("integrator", "Integrator", is_selected=True),),
    role_error="There is no such role.",
    scopes=(Choice("orders.view", "See orders", is_selected=True),),
    scopes_error="The role does not have this permission.",
    sites=(Choice("cozy-home-us", "Cozy Home US"),),
    sites_error="There is no such site.",
    expires_on=Field("2027-01-31", error="It lies in the past."),
    error="You do not have this yourself.",
)
QUESTION = Question(
    title="Replace the secret",
    tell="The old one ends",
    action="/api-keys/3/replace",
    confirm="Make new secret",
    back_href="/api-keys",
    version=2,
    error="Somebody was faster.",
    overlaps=(Choice("3600", "after an hour", is_selected=True),),
)
MADE = KeyMade(title="The key", secret="ow_a_b", tell="Copy it now.", back_href="/api-keys")

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "api-keys": ("configuration/api_keys.html", {"keys": KEYS}),
    "api-keys-none": ("configuration/api_keys.html", {"keys": NO_KEYS}),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "api-keys": ("configuration/_api_keys_answer.html", {"keys": KEYS, "toasts": (Toast("Saved"),)}),
    "api-key-form": ("configuration/_key_form.html", {"form": FORM}),
    "api-key-question": ("configuration/_key_question.html", {"question": QUESTION}),
    "api-key-made": ("configuration/_key_made.html", {"made": MADE, "keys": KEYS}),
}
