"""From journal entries to the sentences of the timeline. What is written to the journal does not belong here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from orderwright.orders.customer_keys import ERASED, HIDDEN
from orderwright.outbox.writing.vocabulary import MAIL_KINDS
from orderwright.payments.gateways.port import HOLD_EXPIRED
from orderwright.reads.personal import HIDDEN as NOT_SHOWN
from orderwright.web.presenters import cancellation, refunds
from orderwright.web.presenters.order_page import Entry, Part, Timeline
from orderwright.web.presenters.timeline_money import (
    MONEY_SENTENCES,
    JournalRow,
    OrderFacts,
    Said,
    Say,
    money,
    operation_of,
)
from orderwright.web.presenters.words import source_text, when

_NOTHING = "—"
_BEGUN = frozenset({"payment.capture_prepared", "payment.reverse_prepared"})
_MAIL_GONE = frozenset({"mail.sent", "mail.bounced", "mail.dead"})
_REFUND_ENDED = frozenset({"order.refund_done", "order.refund_partly", "order.refund_failed"})


def timeline(
    rows: Sequence[JournalRow],
    order: OrderFacts,
    *,
    now: datetime,
    is_money_only: bool,
    more_href: str = "",
    undoable: Collection[int] = (),
    emails_href: str = "",
) -> Timeline:
    """Return the timeline, newest first. What was only begun is left out once its outcome is known.

    `undoable`: the places of the entries that whoever looks can undo now. `emails_href` is where each mail is kept as
    sent, empty for whoever may not see them.
    """
    ended = {key for row in rows if row.kind not in _BEGUN for key in _keys(row)}
    refunded = {field for row in rows if row.kind in _REFUND_ENDED for field in row.after}
    gone = {_mail_id(row) for row in rows if row.kind in _MAIL_GONE}
    return Timeline(
        entries=tuple(
            _entry(
                row,
                order,
                now=now,
                undo=str(row.sequence) if row.sequence in undoable else "",
                emails_href=emails_href,
            )
            for row in rows
            if not (row.kind in _BEGUN and ended.intersection(_keys(row)))
            and not (row.kind == "order.refund_requested" and refunded.intersection(row.after))
            and not (row.kind == "mail.written" and _mail_id(row) in gone)
        ),
        is_money_only=is_money_only,
        zone=when(now, now=now, zone_name=order.site.time_zone).full.rsplit(" ", 1)[-1],
        more_href=more_href,
    )


def _mail_id(row: JournalRow) -> int | None:
    mail = row.after.get("mail")
    return mail.get("id") if isinstance(mail, dict) else None


def _keys(row: JournalRow) -> Iterable[str]:
    return (value["key"] for value in row.after.values() if isinstance(value, dict) and "key" in value)


def _entry(row: JournalRow, order: OrderFacts, *, now: datetime, undo: str, emails_href: str) -> Entry:
    parts, mark = sentence(row, order)
    mail = _mail_id(row)
    if emails_href and mail is not None:
        parts = tuple(replace(part, href=f"{emails_href}/{mail}") if part.kind == "strong" else part for part in parts)
    return Entry(
        parts=parts,
        by=row.actor_name,
        when=when(row.at, now=now, zone_name=order.site.time_zone),
        mark=mark,
        note=note(row, order),
        undo=undo,
    )


def sentence(row: JournalRow, order: OrderFacts) -> Said:
    """Return what an entry about an order says, and its mark: money, trouble or none."""
    return _SENTENCES.get(row.kind, _whatever)(row, order)


def note(row: JournalRow, order: OrderFacts) -> str:
    """Return what stands below the sentence, such as why it was done; empty where there is nothing."""
    row = _as_change(row)
    if row.kind == "shipment.updated":
        before = [_("Before: %(shipment)s") % {"shipment": each} for each in _lines(row.before.get("shipments"))]
        return "\n".join((*_lines(row.after.get("shipments")), *before))
    if row.kind == "mail.resent":
        return _("to another address") if row.why else ""
    if row.kind in _REFUND_ENDED:
        return "\n".join(filter(None, (_given_back(row, order), _reason(row))))
    # The sentence says it, without the provider's clock.
    is_said = row.kind in _WHY_IS_SAID or operation_of(row).get("failure_code") == HOLD_EXPIRED
    return "" if is_said else _reason(row)


def _given_back(row: JournalRow, order: OrderFacts) -> str:
    """Return what a refund was for: its items, shipping."""
    refund = next((each for each in order.refunds if f"refund:{each.position}" in row.after), None)
    if refund is None:
        return ""
    names = {line.id: line.name for line in order.lines}
    said = [f"{line.quantity} × {names[line.line_id]}" for line in refund.lines]
    if refund.shipping_minor:
        said.append(_("shipping"))
    return ", ".join(said)


def _reason(row: JournalRow) -> str:
    """Return why it was done: the label of a reason that a dialog offers, else as it was typed."""
    if row.kind.startswith("order.cancel"):
        return dict(cancellation.reasons()).get(row.why, row.why)
    if row.kind.startswith("order.refund"):
        return dict(refunds.reasons()).get(row.why, row.why)
    return row.why


def _change(label: str, before: Any, after: Any) -> tuple[Part, ...]:
    was, now = _text(before), _text(after)
    if not was:
        return (Part(_("%(label)s set to") % {"label": label}), Part(now or _NOTHING, "now"))
    if not now:
        return (Part(_("%(label)s removed:") % {"label": label}), Part(was, "was"))
    return (Part(label), Part(was, "was"), Part("→"), Part(now, "now"))


def _taken_in(row: JournalRow, order: OrderFacts) -> Said:
    after = row.after
    words = _("Order taken in %(source)s") % {"source": source_text(after["source"], after["external_id"])}
    return (Part(words), Part("·"), money(order, after["total_minor"], after["currency"])), ""


def _state_changed(row: JournalRow, order: OrderFacts) -> Said:
    return _change(_("Order State"), _state(row.before, order), _state(row.after, order)), ""


def _state(fields: dict[str, Any], order: OrderFacts) -> str:
    if "state_name" in fields:
        return str(fields["state_name"])
    return order.state_name(str(fields.get("state") or ""))


def _invoice_saved(row: JournalRow, _order: OrderFacts) -> Said:
    return _change(_("Invoice Number"), row.before.get("invoice_number", ""), row.after["invoice_number"]), ""


def _note_added(_row: JournalRow, _order: OrderFacts) -> Said:
    return (Part(_("Note added")),), ""


def _customer_edited(row: JournalRow, _order: OrderFacts) -> Said:
    labels = {
        "customer_name": _("name"),
        "customer_email": _("e-mail"),
        "customer_phone": _("phone"),
        "customer_language": _("language"),
        "shipping_address": _("shipping address"),
        "billing_address": _("billing address"),
    }
    parts = [Part(_("Customer edited"))]
    for field, now in row.after.items():
        parts.append(Part(f"· {labels.get(field, field)}"))
        was = row.before.get(field)
        if is_kept(was) and is_kept(now):
            parts += [Part(_personal(was) or _NOTHING, "was"), Part("→"), Part(_personal(now) or _NOTHING, "now")]
    return tuple(parts), ""


def is_kept(value: Any) -> bool:
    """Return whether a value that names a customer can be read: neither erased nor hidden from who asks."""
    return value not in (ERASED, HIDDEN)


def _personal(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    return str(value or "")


def _undone(row: JournalRow, order: OrderFacts) -> Said:
    change = _as_change(row)
    parts, _mark = _SENTENCES.get(change.kind, _whatever)(change, order)
    return (Part(_("Undone:")), *parts), ""


def _as_change(row: Any) -> Any:
    """Return an entry that undoes a change as a change of the same kind, the other way round; another as it is."""
    if row.kind != "order.undone":
        return row
    before, after = dict(row.before), dict(row.after)
    before.pop("_undone")
    return msgspec.structs.replace(row, kind=after.pop("_undone")["kind"], before=before, after=after)


def _shipments_updated(_row: JournalRow, _order: OrderFacts) -> Said:
    return (Part(_("Shipments changed")),), ""


def _lines(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


def _tracking_set(row: JournalRow, _order: OrderFacts) -> Said:
    (field, now), *_rest = row.after.items()
    label = _("Tracking Number of Shipment %(number)s") % {"number": field.rpartition(":")[2]}
    return _change(label, row.before.get(field), now), ""


def _email_chosen(row: JournalRow, _order: OrderFacts) -> Said:
    (field, chosen), *_rest = row.after.items()
    words = (
        _("The customer is emailed when Shipment %(number)s leaves")
        if chosen
        else _("The customer is not emailed when Shipment %(number)s leaves")
    )
    return (Part(words % {"number": field.rpartition(":")[2]}),), ""


def _text(value: Any) -> str:
    """Return a value in words, also one that is not kept any more or not for whoever reads."""
    if value == ERASED:
        return _("erased")
    if value == HIDDEN:
        return NOT_SHOWN
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _delivery_changed(row: JournalRow, order: OrderFacts) -> Said:
    (field, now), *_rest = row.after.items()
    line_id = field.rpartition(":")[2]
    line = next((each for each in order.lines if str(each.id) == line_id), None)
    label = _("Delivery State of %(item)s") % {"item": line.name if line else line_id}
    whole = line.quantity if line else 0
    return _change(label, _deliveries(row.before.get(field), whole), _deliveries(now, whole)), ""


def _deliveries(moves: Any, whole: int) -> str:
    if not isinstance(moves, list):
        return _text(moves)
    names = {move["name"] for move in moves}
    pieces = sum(move["quantity"] for move in moves)
    if len(names) == 1:
        name = str(next(iter(names)))
        return name if pieces == whole else f"{pieces} × {name}"
    return ", ".join(f"{move['quantity']} × {move['name']}" for move in moves)


def _cancel_asked(row: JournalRow, order: OrderFacts) -> Said:
    return _change(_("Cancellation requested · Order State"), _state(row.before, order), _state(row.after, order)), ""


def _cancel_declined(row: JournalRow, order: OrderFacts) -> Said:
    return _change(_("Cancellation declined · Order State"), _state(row.before, order), _state(row.after, order)), ""


def _cancel_request_withdrawn(row: JournalRow, order: OrderFacts) -> Said:
    words = _("Request for a cancellation taken back · Order State")
    return _change(words, _state(row.before, order), _state(row.after, order)), ""


def _state_restored(row: JournalRow, order: OrderFacts) -> Said:
    return _change(_("Put back · Order State"), _state(row.before, order), _state(row.after, order)), ""


def _cancel_requested(row: JournalRow, order: OrderFacts) -> Said:
    if "cancellation_request" in row.after:
        return (Part(_("Cancellation accepted; the money goes back")),), ""
    return _change(_("Cancellation begun · Order State"), _state(row.before, order), _state(row.after, order)), ""


def _cancel_resumed(_row: JournalRow, _order: OrderFacts) -> Said:
    return (Part(_("Cancellation resumed")),), ""


def _cancel_withdrawn(row: JournalRow, order: OrderFacts) -> Said:
    return _change(_("Cancellation given up · Order State"), _state(row.before, order), _state(row.after, order)), ""


def _cancel_leg_failed(_row: JournalRow, _order: OrderFacts) -> Said:
    return (Part(_("Cancellation stopped: a part of the money could not be given back")),), "trouble"


def _mail(words: Callable[[], str], mark: str = "") -> Say:
    """Return what says that sentence and which mail it is about."""

    def say(row: JournalRow, _order: OrderFacts) -> Said:
        kind = MAIL_KINDS.get(str(row.after.get("mail", {}).get("kind", "")))
        return (Part(words()), *([Part(str(kind.title), "strong")] if kind else [])), mark

    return say


def _plain(words: Callable[[], str]) -> Say:
    return lambda _row, _order: ((Part(words()),), "")


def _whatever(row: JournalRow, _order: OrderFacts) -> Said:
    parts: list[Part] = [Part(row.kind.replace(".", " ").replace("_", " ").capitalize())]
    for name, value in row.after.items():
        if not isinstance(value, dict | list):
            parts += [
                Part(f"· {name}"),
                Part(_text(row.before.get(name)) or _NOTHING, "was"),
                Part(_text(value), "now"),
            ]
    return tuple(parts), ""


_WHY_IS_SAID = frozenset({"order.cancel_leg_failed"})
_SENTENCES: dict[str, Say] = {
    **MONEY_SENTENCES,
    "order.taken_in": _taken_in,
    "order.state_changed": _state_changed,
    "order.invoice_saved": _invoice_saved,
    "order.note_added": _note_added,
    "order.customer_edited": _customer_edited,
    "order.undone": _undone,
    "customer.exported": _plain(lambda: _("Customer’s data exported")),
    "customer.erased": _plain(lambda: _("Customer erased")),
    "shipment.updated": _shipments_updated,
    "shipment.tracking_set": _tracking_set,
    "shipment.email_chosen": _email_chosen,
    "item.delivery_state_changed": _delivery_changed,
    "order.cancel_asked": _cancel_asked,
    "order.cancel_declined": _cancel_declined,
    "order.cancel_request_withdrawn": _cancel_request_withdrawn,
    "order.state_restored": _state_restored,
    "order.cancel_requested": _cancel_requested,
    "order.cancel_resumed": _cancel_resumed,
    "order.cancel_withdrawn": _cancel_withdrawn,
    "order.cancel_leg_failed": _cancel_leg_failed,
    "mail.written": _mail(lambda: _("Email written to the customer:")),
    "mail.sent": _mail(lambda: _("Email sent to the customer:")),
    "mail.resent": _mail(lambda: _("Email sent again:")),
    "mail.bounced": _mail(lambda: _("The email was refused by the customer’s mail server:"), "trouble"),
    "mail.dead": _mail(lambda: _("The email could not be delivered:"), "trouble"),
}
