"""The sentences about what is not an order: configuration, people, provider accounts, the journal itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.web.presenters.order_page import Part
from orderwright.web.presenters.timeline_money import JournalRow, Said
from orderwright.web.presenters.timeline_people import PEOPLE_SENTENCES
from orderwright.web.presenters.words import count

_NOTHING: Final = "—"


def thing(stream: str) -> str:
    """Return what kind of thing a stream is about, such as "Order state"; its name where nobody named it here."""
    kind = stream.partition(":")[0]
    names = {
        "order_state": _("Order state"),
        "order_moves": _("Moves between states"),
        "provider_account": _("Payment provider"),
        "user": _("User"),
        "role": _("Role"),
        "api_key": _("API key"),
        "site": _("Site"),
        "carrier": _("Carrier"),
        "shipping_method": _("Shipping method"),
        "delivery_state": _("Delivery state"),
        "email_template": _("Email template"),
        "audit": _("Journal"),
    }
    return names.get(kind, _spelled(kind))


def configuration_sentence(row: JournalRow, stream: str) -> Said:
    """Return what an entry about something else than an order says, and its mark."""
    say = _SENTENCES.get(row.kind)
    return say(row) if say is not None else _plain(row, stream)


def subject_name(row: JournalRow, known: str | None) -> str:
    """Return how the thing is called: now, else as the entry calls it."""
    told = row.after.get("name") or row.before.get("name")
    return known or str(told or "")


def _plain(row: JournalRow, stream: str) -> Said:
    act = row.kind.rpartition(".")[2]
    acts = {
        "added": _("%(thing)s added"),
        "edited": _("%(thing)s changed"),
        "deleted": _("%(thing)s deleted"),
        "invited": _("%(thing)s invited"),
        "retired": _("%(thing)s retired"),
    }
    words = acts[act] % {"thing": thing(stream)} if act in acts else f"{thing(stream)}: {_spelled(act).lower()}"
    parts = [Part(words)]
    if act == "edited":
        for field, now in row.after.items():
            parts += _changed(field, row.before.get(field), now)
    return tuple(parts), ""


def _changed(field: str, was: Any, now: Any) -> list[Part]:
    label = Part(f"· {_field(field)}")
    if field == "credentials" and isinstance(now, Mapping):
        return [label, Part(", ".join(f"{name} {_spelled(str(what)).lower()}" for name, what in now.items()), "now")]
    before, after = _value(was), _value(now)
    return [label, Part(before or _NOTHING, "was"), Part("→"), Part(after or _NOTHING, "now")]


def _field(name: str) -> str:
    names = {
        "name": _("Name"),
        "color": _("Colour"),
        "description": _("Description"),
        "system_state": _("System state"),
        "is_enabled": _("On"),
        "is_live": _("Live"),
        "is_active": _("Active"),
        "priority": _("Priority"),
        "sites": _("Sites"),
        "role": _("Role"),
        "roles": _("Roles"),
        "permissions": _("Permissions"),
        "credentials": _("Credentials"),
    }
    return names.get(name, _spelled(name))


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{_field(str(name))}: {_value(each)}" for name, each in value.items())
    return str(value)


def _spelled(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _rested(row: JournalRow) -> Said:
    failures = int(row.after.get("failures", 0))
    text = ngettext("Rests after %(n)s failure", "Rests after %(n)s failures in a row", failures)
    return (Part(text % {"n": failures}),), "trouble"


def _said(words: Callable[[], str]) -> Callable[[JournalRow], Said]:
    return lambda _row: ((Part(words()),), "")


def _retried(row: JournalRow, words: str) -> Said:
    orders = row.after["orders"]
    counted = ngettext("%(n)s order", "%(n)s orders", orders) % {"n": count(orders)}
    return (Part(words), Part(f"· {counted}")), ""


def _checked(row: JournalRow) -> Said:
    after = row.after
    words = _("Journal checked: %(entries)s entries, %(heads)s signed heads") % {
        "entries": count(after["entries"], most=10**12),
        "heads": count(after["heads"], most=10**12),
    }
    if not after["faults"]:
        return (Part(words), Part(_("· all of it holds"))), ""
    found = ngettext("%(n)s fault found", "%(n)s faults found", after["faults"]) % {"n": after["faults"]}
    return (Part(words), Part(f"· {found}", "strong")), "trouble"


_SENTENCES: Final[dict[str, Callable[[JournalRow], Said]]] = {
    "provider_account.rested": _rested,
    "provider_account.answered": _said(lambda: _("Answers again; calls go out as before")),
    "provider_account.rest_ended": _said(lambda: _("Rest ended by hand; the next call is a trial")),
    "provider_account.sealed_anew": _said(lambda: _("Credentials sealed anew")),
    "provider_account.reconciled": _said(lambda: _("A day compared with the provider’s list")),
    "provider_account.differs_at_provider": _said(lambda: _("A difference found on the provider’s list")),
    "provider_account.drift_accepted": _said(lambda: _("A difference accepted")),
    "order_state.retiring": _said(lambda: _("Order state is being retired")),
    "order_state.offered_again": _said(lambda: _("Order state offered again")),
    "order_state.retirement_retried": lambda row: _retried(row, _("Retirement tried again")),
    "order_state.undo_retried": lambda row: _retried(row, _("Undo of the retirement tried again")),
    "audit.checked": _checked,
    **PEOPLE_SENTENCES,
}
