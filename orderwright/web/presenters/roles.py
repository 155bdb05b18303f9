"""Roles in the portal: the line of one, its form, what it allows in plain words, and the question before it goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orderwright.accounts.grants import HeldRole, ceilings_of
from orderwright.accounts.permissions import GLOBAL_PERMISSIONS, GROUPS, PERMISSIONS, words_of
from orderwright.actions import delete_role, edit_role
from orderwright.core.actor import Actor, RefundCeiling
from orderwright.core.money import Money, format_money, format_plain
from orderwright.reads.roles import RoleRow
from orderwright.web.presenters.parts import Choice, Field
from orderwright.web.presenters.people_page import (
    CeilingRow,
    PermissionBox,
    ProfileRole,
    RoleForm,
    RoleLine,
    RoleQuestion,
)

# How amounts are typed and shown where no site says how.
LOCALE: Final = "en-US"
_GROUP_NAMES: Final = {
    "Orders": gettext_lazy("Orders"),
    "Customers": gettext_lazy("Customers"),
    "Money": gettext_lazy("Money"),
    "Emails": gettext_lazy("Emails"),
    "Configuration": gettext_lazy("Configuration"),
    "People and programs": gettext_lazy("People and programs"),
}
# What a system role is for.
_ABOUT: Final = {
    "administrator": gettext_lazy("Everything, users, keys and payment providers included."),
    "order-manager": gettext_lazy("Everything but users, API keys and the providers' credentials."),
    "order-clerk": gettext_lazy("Handles orders, shipments and customers. Moves no money."),
    "payments-clerk": gettext_lazy("Captures, refunds, reverses and cancels. Exports the ledger."),
    "viewer": gettext_lazy("Sees orders and emails, but not who the customers are."),
    "integrator": gettext_lazy("For programs: hands in orders, tells about parcels. Moves no money."),
}
# Rows that are offered beyond those that are filled.
_SPARE: Final = 1
_REFUND: Final = "payments.refund"
_SETTLE: Final = "payments.settle"


def role_line(role: RoleRow, actor: Actor, *, base: str) -> RoleLine:
    """Return one role of the list."""
    here = f"{base}/roles/{role.slug}"
    return RoleLine(
        slug=role.slug,
        name=role.name,
        kind=_("system role") if role.is_system else "",
        about=str(_ABOUT[role.slug]) if role.slug in _ABOUT else "",
        allows=_allows(role),
        notes=tuple(_notes(role)),
        used_by=_used_by(role),
        is_used=bool(role.people or role.keys),
        href=here,
        act=_("Edit") if edit_role.availability(role, actor).allowed else _("View"),
        delete_href=f"{here}/delete" if delete_role.availability(role, actor).allowed else "",
    )


def _allows(role: RoleRow) -> str:
    if set(role.permissions) == set(PERMISSIONS):
        return _("every permission")
    return ngettext("%(n)s permission", "%(n)s permissions", len(role.permissions)) % {"n": len(role.permissions)}


def _notes(role: RoleRow) -> list[str]:
    """Return what binds whoever has the role, in sentences."""
    notes = [_ceiling_words(each) for each in ceilings_of(role.refund_ceilings) if _REFUND in role.permissions]
    if role.needs_second_person and _SETTLE in role.permissions:
        notes.append(_("Four eyes when settling by hand."))
    if role.needs_second_factor:
        notes.append(_("Needs a second factor at sign-in."))
    return notes


def _used_by(role: RoleRow) -> str:
    parts = []
    if role.people:
        parts.append(ngettext("%(n)s person", "%(n)s people", role.people) % {"n": role.people})
    if role.keys:
        parts.append(ngettext("%(n)s key", "%(n)s keys", role.keys) % {"n": role.keys})
    return ", ".join(parts)


def role_form(
    *,
    base: str,
    name: str,
    permissions: Collection[str],
    ceilings: Sequence[CeilingRow],
    needs_second_person: bool,
    needs_second_factor: bool,
    currencies: Iterable[str] = (),
    role: RoleRow | None = None,
    errors: Mapping[str, str] | None = None,
) -> RoleForm:
    """Return the form of a role, with what was typed; a system role is shown and cannot be changed.

    `currencies`: those of the sites, which are offered a line each.
    """
    found = errors or {}
    is_fixed = role is not None and role.is_system
    title = _("Add role") if role is None else _("Edit %(name)s") % {"name": role.name}
    return RoleForm(
        title=role.name if role is not None and is_fixed else title,
        action=f"{base}/roles/{role.slug}" if role else f"{base}/roles/add",
        back_href=base,
        submit=_("Save") if role else _("Add role"),
        is_fixed=is_fixed,
        name=Field(name, error=found.get("name", "")),
        groups=_boxes(permissions, is_fixed=is_fixed),
        permissions_error=found.get("permissions", ""),
        ceilings=(*ceilings,) if is_fixed else _offered(ceilings, currencies),
        ceilings_error=found.get("refund_ceilings", ""),
        needs_second_person=needs_second_person,
        needs_second_factor=needs_second_factor,
        version=str(role.version) if role else "",
        used_by=_used_by(role) if role else "",
        error=found.get("", ""),
    )


def _offered(typed: Sequence[CeilingRow], currencies: Iterable[str]) -> tuple[CeilingRow, ...]:
    """Return what was typed, a line for each currency that is not there yet, and one without a currency."""
    there = {row.currency.upper() for row in typed}
    missing = sorted(set(currencies) - there)
    return (*typed, *(CeilingRow(currency, "", "") for currency in (*missing, *[""] * _SPARE)))


def ceiling_rows(role: RoleRow) -> tuple[CeilingRow, ...]:
    """Return a role's ceilings as a form shows them, amounts in the currency's own decimals."""
    return tuple(
        CeilingRow(
            each.currency, _plain(each.per_order_minor, each.currency), _plain(each.per_day_minor, each.currency)
        )
        for each in ceilings_of(role.refund_ceilings)
    )


def delete_question(
    role: RoleRow, *, roles: Sequence[tuple[str, str]], base: str, chosen: str = "", error: str = ""
) -> RoleQuestion:
    """Return the question before a role goes. Shape of a role: (slug, name)."""
    used_by = _used_by(role)
    tell = _("Nobody has it.")
    if used_by:
        tell = _("%(who)s have it. Choose what they get instead; they have that from their next step on.")
    return RoleQuestion(
        title=_("Delete %(name)s?") % {"name": role.name},
        action=f"{base}/roles/{role.slug}/delete",
        back_href=base,
        tell=tell % {"who": used_by} if used_by else tell,
        confirm=_("Delete %(name)s") % {"name": role.name},
        roles=tuple(Choice(slug, name, is_selected=slug == chosen) for slug, name in roles if slug != role.slug)
        if used_by
        else (),
        error=error,
    )


def profile_role(held: HeldRole) -> ProfileRole:
    """Return what a role allows whoever has it, where they have it."""
    grant = held.grant()
    groups = [
        (str(_GROUP_NAMES[title]), tuple(words_of(name) for name in names if name in grant.permissions))
        for title, names in GROUPS
    ]
    notes = [_ceiling_words(each) for each in grant.refund_ceilings if _REFUND in grant.permissions]
    if grant.needs_second_person and _SETTLE in grant.permissions:
        notes.append(_("What you asked for yourself, somebody else settles by hand."))
    if held.needs_second_factor:
        notes.append(_("You sign in with a second factor."))
    return ProfileRole(
        role=held.role_name,
        site=held.site_name or "",
        groups=tuple((title, words) for title, words in groups if words),
        notes=tuple(notes),
    )


def _ceiling_words(ceiling: RefundCeiling) -> str:
    limits = [
        words % {"amount": format_money(Money(minor, ceiling.currency), locale=LOCALE)}
        for minor, words in (
            (ceiling.per_order_minor, _("%(amount)s per order")),
            (ceiling.per_day_minor, _("%(amount)s per day")),
        )
        if minor is not None
    ]
    return _("Refunds in %(currency)s: at most %(limits)s.") % {
        "currency": ceiling.currency,
        "limits": _(" and ").join(limits) or _("any amount"),
    }


def _boxes(chosen: Collection[str], *, is_fixed: bool) -> tuple[tuple[str, tuple[PermissionBox, ...]], ...]:
    found = []
    for title, names in GROUPS:
        boxes = tuple(
            PermissionBox(
                name,
                words_of(name),
                is_ticked=name in chosen,
                note=_("for every site only") if name in GLOBAL_PERMISSIONS else "",
            )
            for name in names
            if name in chosen or not is_fixed
        )
        if boxes:
            found.append((str(_GROUP_NAMES[title]), boxes))
    return tuple(found)


def _plain(minor: int | None, currency: str) -> str:
    return "" if minor is None else format_plain(Money(minor, currency), locale=LOCALE)
