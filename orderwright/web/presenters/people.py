"""Users and roles: the list of people, one person, and inviting somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from orderwright.accounts.grants import HeldRole
from orderwright.accounts.invitations import GOOD_FOR
from orderwright.actions import (
    add_role,
    deactivate_person,
    invite_again,
    invite_person,
    reactivate_person,
    remove_second_factor,
)
from orderwright.core.actor import Actor
from orderwright.reads.people import GrantRow, PersonRow
from orderwright.reads.roles import RoleRow
from orderwright.reads.rows import SiteRow
from orderwright.web.presenters.parts import Badge, Choice, Field, When
from orderwright.web.presenters.people_page import (
    HeldLine,
    InviteForm,
    PeoplePage,
    PersonLine,
    PersonQuestion,
    PersonSheet,
    Profile,
)
from orderwright.web.presenters.press import press
from orderwright.web.presenters.roles import profile_role, role_line
from orderwright.web.presenters.words import when

EVERYWHERE: Final = ""  # what a form sends for no site
# Where on a person's sheet an error belongs.
ROLES: Final = "roles"
GIVE: Final = "give"
SIGN_IN: Final = "sign-in"


def people_page(
    people: Sequence[PersonRow], roles: Sequence[RoleRow], actor: Actor, *, base: str, now: datetime
) -> PeoplePage:
    """Return the page. `base` is its address."""
    return PeoplePage(
        people=tuple(_line(person, actor, base=base, now=now) for person in people),
        roles=tuple(role_line(role, actor, base=base) for role in roles),
        invite=press(invite_person.availability(actor)),
        invite_href=f"{base}/invite",
        add_role=press(add_role.availability(actor)),
        add_role_href=f"{base}/roles/add",
    )


def _line(person: PersonRow, actor: Actor, *, base: str, now: datetime) -> PersonLine:
    return PersonLine(
        id=person.id,
        name=person.name,
        email=person.email,
        roles=tuple(_held(grant) for grant in person.grants),
        last_sign_in=_when(person.last_sign_in_at, now),
        standing=_standing(person, now=now),
        href=f"{base}/{person.id}",
        is_you=actor.kind == "person" and actor.ref == str(person.id),
    )


def _held(grant: GrantRow, *, take_href: str = "") -> HeldLine:
    return HeldLine(grant.id, grant.role_name, grant.site_name or "", take_href)


def _standing(person: PersonRow, *, now: datetime) -> Badge:
    if not person.is_active:
        return Badge(_("Deactivated"), "grey")
    if person.has_password or person.last_sign_in_at is not None:
        return Badge(_("Active"), "green")
    if person.invited_at is None:
        return Badge(_("No password yet"), "amber")
    if person.invited_at + GOOD_FOR > now:
        return Badge(_("Invited"), "blue")
    return Badge(_("Link expired"), "amber")


def invite_form(
    values: Mapping[str, str],
    *,
    roles: Iterable[tuple[str, str]],
    sites: Iterable[SiteRow],
    base: str,
    errors: Mapping[str, str],
) -> InviteForm:
    """Return the form with what was typed. Shape of a role: (slug, name)."""
    return InviteForm(
        title=_("Invite somebody"),
        action=f"{base}/invite",
        back_href=base,
        name=Field(values.get("name", ""), error=errors.get("name", "")),
        email=Field(values.get("email", ""), error=errors.get("email", "")),
        roles=_roles(roles, chosen=values.get("role", "order-clerk")),
        role_error=errors.get("role", errors.get("roles", "")),
        sites=_sites(sites, chosen=values.get("site", EVERYWHERE)),
        site_error=errors.get("site", ""),
        error=errors.get("", ""),
    )


def person_sheet(
    person: PersonRow,
    actor: Actor,
    *,
    roles: Iterable[tuple[str, str]],
    sites: Iterable[SiteRow],
    base: str,
    now: datetime,
    said: str = "",
    errors: Mapping[str, str] | None = None,
    given: tuple[str, str] = ("order-clerk", EVERYWHERE),
) -> PersonSheet:
    """Return one person with what can be done about them. `given`: the role and the site that stand chosen."""
    found = errors or {}
    here = f"{base}/{person.id}"
    is_active = person.is_active
    factors = person.has_second_factor
    acting = deactivate_person if is_active else reactivate_person
    has_come = person.has_password or person.last_sign_in_at is not None
    return PersonSheet(
        title=person.name,
        email=person.email,
        standing=_standing(person, now=now),
        last_sign_in=_when(person.last_sign_in_at, now),
        invited=_when(person.invited_at, now),
        held=tuple(_held(grant, take_href=f"{here}/roles/{grant.id}/take") for grant in person.grants),
        give_href=f"{here}/roles",
        roles=_roles(roles, chosen=given[0]),
        sites=_sites(sites, chosen=given[1]),
        link_href=f"{here}/link",
        link_text=_("Send a new password link") if has_come else _("Send the invitation again"),
        link=press(invite_again.availability(actor, is_active=is_active)),
        switch_href=f"{here}/switch",
        switch_text=_("Deactivate…") if is_active else _("Reactivate"),
        switch=press(acting.availability(actor, is_active=is_active)),
        is_stopping=is_active,
        factor_href=f"{here}/second-factor",
        factor=press(remove_second_factor.availability(actor, user_id=person.id, has_second_factor=factors)),
        has_factor=factors,
        back_href=base,
        said=said,
        roles_error=found.get(ROLES, ""),
        give_error=found.get(GIVE, ""),
        sign_in_error=found.get(SIGN_IN, ""),
    )


def deactivation(person: PersonRow, *, base: str, error: str = "") -> PersonQuestion:
    """Return the question before somebody is deactivated."""
    here = f"{base}/{person.id}"
    name = {"name": person.name}
    return PersonQuestion(
        title=_("Deactivate %(name)s?") % name,
        action=f"{here}/switch",
        back_href=here,
        tell=(
            _("They are signed out everywhere at once, and links that were sent to them end."),
            _("What they did stays under their name, and their roles stay with them."),
            _("You can reactivate them at any time."),
        ),
        stay=_("Keep them"),
        confirm=_("Deactivate %(name)s") % name,
        sends=(("active", "no"),),
        error=error,
    )


def removal_of_second_factor(person: PersonRow, *, base: str, error: str = "") -> PersonQuestion:
    """Return the question before somebody's second factors are removed."""
    here = f"{base}/{person.id}"
    name = {"name": person.name}
    asks = any(grant.needs_second_factor for grant in person.grants)
    return PersonQuestion(
        title=_("Remove the second factor of %(name)s?") % name,
        action=f"{here}/second-factor",
        back_href=here,
        tell=(
            _("Make sure that it is they who ask: from now on the password alone signs in as them."),
            _("Their authenticator app, passkeys and recovery codes stop working. They cannot be brought back."),
            _("They are signed out everywhere at once, and told by mail."),
            _("Their role asks for a second factor: at the next sign-in they add a new one before anything else.")
            if asks
            else _("No role of theirs asks for a second factor: they add a new one if they wish."),
        ),
        stay=_("Keep it"),
        confirm=_("Remove the second factor"),
        error=error,
    )


def profile(
    name: str, email: str, held: Sequence[HeldRole], *, last_sign_in_at: datetime | None, now: datetime
) -> Profile:
    """Return one's own page: what one has, where, and what it allows."""
    return Profile(
        name=name,
        email=email,
        last_sign_in=_when(last_sign_in_at, now),
        roles=tuple(profile_role(each) for each in held),
    )


def _roles(roles: Iterable[tuple[str, str]], *, chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(slug, name, is_selected=slug == chosen) for slug, name in roles)


def _sites(sites: Iterable[SiteRow], *, chosen: str) -> tuple[Choice, ...]:
    every = Choice(EVERYWHERE, _("Every site"), is_selected=chosen == EVERYWHERE)
    return (every, *(Choice(site.slug, site.name, is_selected=site.slug == chosen) for site in sites))


def _when(at: datetime | None, now: datetime) -> When | None:
    return when(at, now=now, zone_name="UTC") if at is not None else None
