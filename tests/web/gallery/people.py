"""Sample presenters' values of Users and roles, and of one's own profile, for the gallery. No behaviour here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orderwright.web.presenters.parts import Badge, Choice, Field, Press, Toast
from orderwright.web.presenters.people_page import (
    CeilingRow,
    HeldLine,
    InviteForm,
    PeoplePage,
    PermissionBox,
    PersonLine,
    PersonQuestion,
    PersonSheet,
    Profile,
    ProfileRole,
    RoleForm,
    RoleLine,
    RoleQuestion,
)
from tests.web.gallery.samples import AT

NAME = "عبد الرحمن <script>alert(1)</script>"
HELD = (
    HeldLine(1, "Order manager", "", "/users/7/roles/1/take"),
    HeldLine(2, "Returns desk", "Cozy Home US", "/users/7/roles/2/take"),
)
ROLES = (Choice("order-clerk", "Order clerk", is_selected=True), Choice("viewer", "Viewer"))
SITES = (Choice("", "Every site", is_selected=True), Choice("cozy-home-us", "Cozy Home US"))
PERSON = PersonLine(
    id=7,
    name=NAME,
    email="a.r@shop.example",
    roles=HELD,
    last_sign_in=AT,
    standing=Badge("Active"),
    href="/users/7",
    is_you=True,
)
INVITED = replace(PERSON, id=8, name="Nora Neu", roles=(), last_sign_in=None, standing=Badge("Invited", "blue"))
SYSTEM = RoleLine(
    slug="administrator",
    name="Administrator",
    kind="system role",
    about="Everything, users, keys and payment providers included.",
    allows="every permission",
    notes=(),
    used_by="1 person",
    is_used=True,
    href="/users/roles/administrator",
    act="View",
    delete_href="",
)
OWN = replace(
    SYSTEM,
    slug="returns-desk",
    name="Returns desk",
    kind="",
    about="",
    allows="3 permissions",
    notes=("Refunds in USD: at most $50.00 per order and $200.00 per day.", "Needs a second factor at sign-in."),
    used_by="",
    is_used=False,
    act="Edit",
    delete_href="/users/roles/returns-desk/delete",
)
PEOPLE = PeoplePage(
    people=(PERSON, INVITED),
    roles=(SYSTEM, OWN),
    invite=Press(),
    invite_href="/users/invite",
    add_role=Press(),
    add_role_href="/users/roles/add",
)
INVITE = InviteForm(
    title="Invite somebody",
    action="/users/invite",
    back_href="/users",
    name=Field("Nora Neu", error="It must not be empty."),
    email=Field("nora", error="It is not an e-mail address."),
    roles=ROLES,
    role_error="There is no such role.",
    sites=SITES,
    site_error="There is no such site.",
    error="You do not have this yourself.",
)
SHEET = PersonSheet(
    title=NAME,
    email="a.r@shop.example",
    standing=Badge("Active", "green"),
    last_sign_in=AT,
    invited=AT,
    held=HELD,
    give_href="/users/7/roles",
    roles=ROLES,
    sites=SITES,
    link_href="/users/7/link",
    link_text="Send a new password link",
    link=Press(is_allowed=False, reason="This person cannot sign in now."),
    switch_href="/users/7/switch",
    switch_text="Deactivate",
    switch=Press(),
    is_stopping=True,
    factor_href="/users/7/second-factor",
    factor=Press(is_allowed=False, reason="Yours you remove under Sign-in and security."),
    has_factor=True,
    back_href="/users",
    said="The role is given.",
    roles_error="Nobody else could do everything and give it to others then.",
    give_error="Nora Neu has this role there already.",
    sign_in_error="No site has an address from which a mail could go out.",
)
PERSON_QUESTION = PersonQuestion(
    title=f"Deactivate {NAME}?",
    action="/users/7/switch",
    back_href="/users/7",
    tell=("They are signed out everywhere at once.", "You can reactivate them."),
    stay="Keep them",
    confirm=f"Deactivate {NAME}",
    sends=(("active", "no"),),
    error="Nobody else could do everything and give it to others then.",
)
NOTHING = replace(
    SHEET,
    standing=Badge("Deactivated", "grey"),
    held=(),
    invited=None,
    last_sign_in=None,
    is_stopping=False,
    has_factor=False,
    said="",
    roles_error="",
    give_error="",
    sign_in_error="",
)
BOXES = (
    PermissionBox("payments.refund", "Refund payments", is_ticked=True),
    PermissionBox("payments.settle", "Settle operations and differences by hand", is_ticked=True),
    PermissionBox("users.manage", "x", False, "note"),
)
FORM = RoleForm(
    title="Edit Returns desk",
    action="/users/roles/returns-desk",
    back_href="/users",
    submit="Save",
    is_fixed=False,
    name=Field("Returns desk", error="There is a role of this name."),
    groups=(("Orders", BOXES),),
    permissions_error="Choose at least one permission.",
    ceilings=(CeilingRow("USD", "50.00", ""), CeilingRow("", "", "")),
    ceilings_error="“x” is not an amount.",
    needs_second_person=True,
    needs_second_factor=False,
    version="2",
    used_by="2 people",
    error="Somebody changed this role.",
)
QUESTION = RoleQuestion(
    title="Delete Returns desk?",
    action="/users/roles/returns-desk/delete",
    back_href="/users",
    tell="2 people have it.",
    confirm="Delete Returns desk",
    roles=ROLES,
    error="There is no such role.",
)
PROFILE = Profile(
    name=NAME,
    email="a.r@shop.example",
    last_sign_in=AT,
    roles=(ProfileRole("Returns desk", "Cozy Home US", (("Money", ("Refund payments",)),), ("Refunds in USD.",)),),
)
INVITATION = {
    "action": "/invitation/x",
    "name": NAME,
    "email": "a.r@shop.example",
    "errors": {"password": "It is too short.", "again": "The two are not the same."},
    "toasts": (),
}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "users-and-roles": ("configuration/people.html", {"people": PEOPLE}),
    "invitation": ("accounts/invitation.html", INVITATION),
    "forgotten": (
        "accounts/forgotten.html",
        {"email": "a.r@shop", "error": "Enter a valid email address.", "toasts": ()},
    ),
    "link-sent": ("accounts/link_sent.html", {"toasts": ()}),
    "new-password-too-late": ("accounts/new_password.html", {"form": None, "toasts": ()}),
    "profile": ("accounts/profile.html", {"profile": PROFILE}),
    "profile-no-role": ("accounts/profile.html", {"profile": replace(PROFILE, last_sign_in=None, roles=())}),
}
FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "people": ("configuration/_people_answer.html", {"people": PEOPLE, "toasts": (Toast("Saved"),)}),
    "user-invite": ("configuration/_invite.html", {"form": INVITE}),
    "user": ("configuration/_person.html", {"sheet": SHEET, "people": PEOPLE}),
    "user-nothing": ("configuration/_person.html", {"sheet": NOTHING, "people": None}),
    "user-deactivate": ("configuration/_person_question.html", {"question": PERSON_QUESTION}),
    "role-form": ("configuration/_role_form.html", {"form": FORM}),
    "role-fixed": ("configuration/_role_form.html", {"form": replace(FORM, is_fixed=True, error="")}),
    "role-delete": ("configuration/_role_delete.html", {"question": QUESTION}),
}
