"""The sentences about people and roles: who got which role where, what a role allows now, how somebody signs in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.accounts.grants import ceilings_of
from orderwright.accounts.permissions import PERMISSIONS, SYSTEM_ROLES, words_of
from orderwright.core.actor import RefundCeiling
from orderwright.core.money import Money, format_money
from orderwright.web.presenters.order_page import Part
from orderwright.web.presenters.timeline_money import JournalRow, Said

_NOTHING: Final = "—"
_AT: Final = " @ "  # how the journal names a role at a site
_LOCALE: Final = "en-US"


def _grant(told: str) -> str:
    """Return a role somewhere in words: `order-clerk @ cozy-home-eu` is "Order clerk at cozy-home-eu"."""
    role, _at, site = told.partition(_AT)
    words = _("%(role)s at %(site)s") if site else _("%(role)s, every site")
    return words % {"role": _role_name(role), "site": site}


def _role_name(slug: str) -> str:
    """Return a role's name; of one of the shop's own, which may be gone, as its slug tells it."""
    known = SYSTEM_ROLES.get(slug)
    return known[0] if known else slug.replace("-", " ").capitalize()


def _grants(told: Iterable[str]) -> str:
    return "; ".join(_grant(each) for each in told)


def _invited(row: JournalRow) -> Said:
    return (Part(_("Invited as")), Part(_grants(row.after.get("roles") or ()) or _NOTHING, "now")), ""


def _added(row: JournalRow) -> Said:
    return (Part(_("Added on the command line as")), Part(_grant(str(row.after.get("role", ""))), "now")), ""


def _granted(row: JournalRow) -> Said:
    had, has = row.before.get("roles") or [], row.after.get("roles") or []
    return (Part(_("Role given:")), Part(_grants(each for each in has if each not in had), "now")), ""


def _revoked(row: JournalRow) -> Said:
    had, has = row.before.get("roles") or [], row.after.get("roles") or []
    left = Part(_("· left: %(roles)s") % {"roles": _grants(has) or _NOTHING})
    return (Part(_("Role removed:")), Part(_grants(each for each in had if each not in has), "was"), left), ""


def _role_added(row: JournalRow) -> Said:
    after = row.after
    allowed = len(after.get("permissions") or ())
    words = ngettext("Role added, with %(n)s permission", "Role added, with %(n)s permissions", allowed)
    parts = [Part(words % {"n": allowed}), *_ceilings({}, after.get("refund_ceilings") or {})]
    return (*parts, *(part for field, tell in _SWITCHES.items() if after.get(field) for part in tell(row))), ""


def _role_edited(row: JournalRow) -> Said:
    before, after = row.before, row.after
    parts = [Part(_("Role changed"))]
    if "name" in after:
        parts += [Part(_("· Name")), Part(str(before["name"]), "was"), Part("→"), Part(str(after["name"]), "now")]
    if "permissions" in after:
        had, has = set(before["permissions"]), set(after["permissions"])
        parts += _permissions(_("· allows now:"), has - had, "now")
        parts += _permissions(_("· no longer:"), had - has, "was")
    if "refund_ceilings" in after:
        parts += _ceilings(before["refund_ceilings"] or {}, after["refund_ceilings"] or {})
    return (*parts, *(part for field, tell in _SWITCHES.items() if field in after for part in tell(row))), ""


def _permissions(words: str, names: set[str], kind: str) -> list[Part]:
    told = ", ".join(words_of(name) for name in PERMISSIONS if name in names)
    return [Part(words), Part(told, kind)] if told else []


def _ceilings(before: Mapping[str, Mapping[str, int]], after: Mapping[str, Mapping[str, int]]) -> list[Part]:
    """Return how the refund ceilings changed, per currency, order and day: old and new, where there was any before."""
    was = {each.currency: each for each in ceilings_of(before)}
    now = {each.currency: each for each in ceilings_of(after)}
    parts: list[Part] = []
    for currency in sorted({*was, *now}):
        old = was.get(currency, RefundCeiling(currency=currency))
        new = now.get(currency, RefundCeiling(currency=currency))
        limits = (
            (_("· refunds per order"), old.per_order_minor, new.per_order_minor),
            (_("· refunds per day"), old.per_day_minor, new.per_day_minor),
        )
        for words, had, has in limits:
            if had != has:
                parts.append(Part(words))
                parts += [Part(_amount(had, currency), "was"), Part("→")] if before else []
                parts.append(Part(_amount(has, currency), "now"))
    return parts


def _amount(minor: int | None, currency: str) -> str:
    if minor is None:
        return _("no ceiling in %(currency)s") % {"currency": currency}
    return format_money(Money(minor, currency), locale=_LOCALE)


def _role_deleted(row: JournalRow) -> Said:
    parts = [Part(_("Role deleted"))]
    if row.after.get("moved_to"):
        people, keys = int(row.before.get("people") or 0), int(row.before.get("keys") or 0)
        who = ", ".join(
            words % {"n": number}
            for number, words in (
                (people, ngettext("%(n)s person", "%(n)s people", people)),
                (keys, ngettext("%(n)s key", "%(n)s keys", keys)),
            )
            if number
        )
        moved = _("· %(who)s have %(role)s instead") % {"who": who, "role": _role_name(str(row.after["moved_to"]))}
        parts.append(Part(moved))
    return tuple(parts), ""


def _switched(field: str, on: Callable[[], str], off: Callable[[], str]) -> Callable[[JournalRow], list[Part]]:
    return lambda row: [Part(on() if row.after.get(field) else off())]


_SWITCHES: Final[dict[str, Callable[[JournalRow], list[Part]]]] = {
    "needs_second_factor": _switched(
        "needs_second_factor", lambda: _("· needs a second factor"), lambda: _("· needs no second factor any more")
    ),
    "needs_second_person": _switched(
        "needs_second_person",
        lambda: _("· four eyes when settling by hand"),
        lambda: _("· no four eyes any more when settling by hand"),
    ),
}


def _said(words: Callable[[], str], mark: str = "") -> Callable[[JournalRow], Said]:
    return lambda _row: ((Part(words()),), mark)


PEOPLE_SENTENCES: Final[dict[str, Callable[[JournalRow], Said]]] = {
    "user.added": _added,
    "user.invited": _invited,
    "user.role_granted": _granted,
    "user.role_revoked": _revoked,
    "user.deactivated": _said(lambda: _("Deactivated, and signed out everywhere")),
    "user.reactivated": _said(lambda: _("Reactivated")),
    "user.link_sent": _said(lambda: _("Sent a link to choose a password; earlier ones ended")),
    "user.reset_link_sent": _said(lambda: _("Somebody forgot the password: a link to choose another one was sent")),
    "user.password_chosen": _said(lambda: _("Chose a password by the link of the invitation")),
    "user.password_reset": _said(lambda: _("Chose a new password by the link that was sent; sessions ended")),
    "user.password_changed": _said(lambda: _("Changed the password; other sessions ended")),
    "user.authenticator_app_added": _said(lambda: _("Added an authenticator app")),
    "user.authenticator_app_removed": _said(lambda: _("Removed the authenticator app")),
    "user.recovery_codes_made": _said(lambda: _("Made new recovery codes; the old ones ended")),
    "user.second_factor_removed": _said(
        lambda: _("Removed the authenticator app, passkeys and recovery codes, and signed them out everywhere")
    ),
    "user.passkey_added": _said(lambda: _("Added a passkey")),
    "user.passkey_removed": _said(lambda: _("Removed a passkey")),
    "user.single_sign_on_connected": _said(lambda: _("Connected single sign-on")),
    "user.single_sign_on_removed": _said(lambda: _("Removed single sign-on")),
    "role.added": _role_added,
    "role.edited": _role_edited,
    "role.deleted": _role_deleted,
}
