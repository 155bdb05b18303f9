"""From journal entries to the sentences of the timeline. What is written to the journal does not belong here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from orderwright.payments.gateways.port import HOLD_EXPIRED
from orderwright.reads.rows import OrderDetail
from orderwright.web.presenters import cancellation, refunds
from orderwright.web.presenters.order_page import Entry, Part, Timeline
from orderwright.web.presenters.outcomes import act_text, why_waiting
from orderwright.web.presenters.words import amount, method_name, source_text, when

_NOTHING = "—"
_BEGUN = frozenset({"payment.capture_prepared", "payment.reverse_prepared"})
_REFUND_ENDED = frozenset({"order.refund_done", "order.refund_partly", "order.refund_failed"})


class JournalRow(Protocol):
    """One entry of the order's journal, as read for the timeline."""

    @property
    def sequence(self) -> int: ...  # noqa: D102 - what it is, its name says
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def actor_name(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def before(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def after(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def why(self) -> str: ...  # noqa: D102


Said = tuple[tuple[Part, ...], str]


def timeline(
    rows: Sequence[JournalRow], order: OrderDetail, *, now: datetime, is_money_only: bool, more_href: str = ""
) -> Timeline:
    """Return the timeline, newest first. What was only begun is left out once its outcome is known."""
    ended = {key for row in rows if row.kind not in _BEGUN for key in _keys(row)}
    refunded = {field for row in rows if row.kind in _REFUND_ENDED for field in row.after}
    return Timeline(
        entries=tuple(
            _entry(row, order, now=now)
            for row in rows
            if not (row.kind in _BEGUN and ended.intersection(_keys(row)))
            and not (row.kind == "order.refund_requested" and refunded.intersection(row.after))
        ),
        is_money_only=is_money_only,
        zone=when(now, now=now, zone_name=order.site.time_zone).full.rsplit(" ", 1)[-1],
        more_href=more_href,
    )


def _keys(row: JournalRow) -> Iterable[str]:
    return (value["key"] for value in row.after.values() if isinstance(value, dict) and "key" in value)


def _entry(row: JournalRow, order: OrderDetail, *, now: datetime) -> Entry:
    say = _SENTENCES.get(row.kind, _whatever)
    parts, mark = say(row, order)
    return Entry(
        parts=parts,
        by=row.actor_name,
        when=when(row.at, now=now, zone_name=order.site.time_zone),
        mark=mark,
        note=_notes(row, order),
    )


def _notes(row: JournalRow, order: OrderDetail) -> str:
    if row.kind == "shipment.updated":
        return "\n".join(_lines(row.after.get("shipments")))
    if row.kind in _REFUND_ENDED:
        return "\n".join(filter(None, (_given_back(row, order), _reason(row))))
    # The sentence says it, without the provider's clock.
    is_said = row.kind in _WHY_IS_SAID or _operation(row).get("failure_code") == HOLD_EXPIRED
    return "" if is_said else _reason(row)


def _given_back(row: JournalRow, order: OrderDetail) -> str:
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


def _money(order: OrderDetail, minor: int, currency: str = "") -> Part:
    return Part(amount(minor, currency or order.currency, order.site.locale), "strong")


def _change(label: str, was: str, now: str) -> tuple[Part, ...]:
    if not was:
        return (Part(_("%(label)s set to") % {"label": label}), Part(now or _NOTHING, "now"))
    if not now:
        return (Part(_("%(label)s removed:") % {"label": label}), Part(was, "was"))
    return (Part(label), Part(was, "was"), Part("→"), Part(now, "now"))


def _taken_in(row: JournalRow, order: OrderDetail) -> Said:
    after = row.after
    words = _("Order taken in %(source)s") % {"source": source_text(after["source"], after["external_id"])}
    return (Part(words), Part("·"), _money(order, after["total_minor"], after["currency"])), ""


def _state_changed(row: JournalRow, order: OrderDetail) -> Said:
    return _change(_("Order State"), _state(row.before, order), _state(row.after, order)), ""


def _state(fields: dict[str, Any], order: OrderDetail) -> str:
    if "state_name" in fields:
        return str(fields["state_name"])
    slug = fields.get("state", "")
    return next((state.name for state in order.choices.states if state.slug == slug), str(slug or ""))


def _invoice_saved(row: JournalRow, _order: OrderDetail) -> Said:
    return _change(_("Invoice Number"), row.before.get("invoice_number", ""), row.after["invoice_number"]), ""


def _note_added(_row: JournalRow, _order: OrderDetail) -> Said:
    return (Part(_("Note added")),), ""


def _shipments_updated(_row: JournalRow, _order: OrderDetail) -> Said:
    return (Part(_("Shipments changed to")),), ""


def _lines(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


def _tracking_set(row: JournalRow, _order: OrderDetail) -> Said:
    (field, now), *_rest = row.after.items()
    label = _("Tracking Number of Shipment %(number)s") % {"number": field.rpartition(":")[2]}
    return _change(label, _text(row.before.get(field)), _text(now)), ""


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _delivery_changed(row: JournalRow, order: OrderDetail) -> Said:
    (field, now), *_rest = row.after.items()
    line_id = field.rpartition(":")[2]
    line = order.line(int(line_id)) if line_id.isdigit() else None
    label = _("Delivery State of %(item)s") % {"item": line.name if line else line_id}
    whole = line.quantity if line else 0
    return _change(label, _deliveries(row.before.get(field), whole), _deliveries(now, whole)), ""


def _deliveries(moves: Any, whole: int) -> str:
    if not isinstance(moves, list):
        return str(moves or "")
    names = {move["name"] for move in moves}
    pieces = sum(move["quantity"] for move in moves)
    if len(names) == 1:
        name = str(next(iter(names)))
        return name if pieces == whole else f"{pieces} × {name}"
    return ", ".join(f"{move['quantity']} × {move['name']}" for move in moves)


def _authorised(row: JournalRow, order: OrderDetail) -> Said:
    after = row.after
    brand, _space, last4 = str(after.get("method", "")).rpartition(" ")
    method = method_name(method_type=brand or last4, brand="", last4=last4 if brand and last4.isdigit() else "")
    on = _("on %(method)s · %(provider)s") % {"method": method, "provider": after.get("provider", "")}
    return (Part(_("Authorised")), _money(order, after["authorised_minor"], after["currency"]), Part(on)), "money"


def _operation(row: JournalRow) -> dict[str, Any]:
    return next((value for value in row.after.values() if isinstance(value, dict)), {})


def _called(words: Callable[[], dict[str, str]], mark: str) -> Callable[[JournalRow, OrderDetail], Said]:
    def say(row: JournalRow, order: OrderDetail) -> Said:
        facts = _operation(row)
        kind = str(facts.get("operation", ""))
        said = words()
        parts = [Part(said.get(kind, said[""]))]
        if "amount_minor" in facts:
            parts.append(_money(order, facts["amount_minor"], facts.get("currency", "")))
        if kind == "capture" and facts.get("state") == "succeeded" and facts.get("authorised_minor"):
            whole = amount(facts["authorised_minor"], facts["currency"], order.site.locale)
            parts.append(Part(_("of %(whole)s") % {"whole": whole}))
        return tuple(parts), mark

    return say


def _reverse_failed(row: JournalRow, order: OrderDetail) -> Said:
    facts = _operation(row)
    words = _("Hold ended; the bank had let it go:") if facts.get("failure_code") == HOLD_EXPIRED else ""
    return (Part(words or _("Reversal declined")), _money(order, facts["amount_minor"], facts["currency"])), "trouble"


def _needs_person(row: JournalRow, order: OrderDetail) -> Said:
    facts = _operation(row)
    money = _money(order, facts["amount_minor"], facts["currency"])
    return (Part(act_text(str(facts["operation"]))), money, Part(f"· {why_waiting(facts['failure_code'])}")), "trouble"


def _synced(_row: JournalRow, _order: OrderDetail) -> Said:
    return (Part(_("Payments synced; nothing new at the provider")),), "money"


def _found(row: JournalRow, order: OrderDetail) -> Said:
    facts = _operation(row)
    words = {
        "capture": _("Found at the provider: captured"),
        "refund": _("Found at the provider: refunded"),
        "reverse": _("Found at the provider: reversed"),
        "expire": _("Found at the provider: the hold ran out"),
        "capture_failed": _("The provider took back a capture"),
        "refund_failed": _("The provider took back a refund"),
        "dispute": _("The cardholder disputed the payment"),
        "dispute_won": _("The dispute was won"),
    }.get(str(facts["operation"]), _("Found at the provider"))
    mark = "trouble" if facts["operation"] in ("capture_failed", "refund_failed", "dispute") else "money"
    return (Part(words), _money(order, facts["amount_minor"], facts["currency"])), mark


def _differs(row: JournalRow, order: OrderDetail) -> Said:
    facts = _operation(row)
    kind = act_text(str(facts["operation"])).lower()
    if facts.get("there_minor") is None:
        words = _("Not shown by the provider: %(kind)s")
    elif facts.get("here_minor") is None:
        words = _("At the provider and not in the books: %(kind)s")
    else:
        words = _("The provider shows another amount: %(kind)s")
    return (Part(words % {"kind": kind}), _money(order, facts["amount_minor"], facts["currency"])), "trouble"


def _settled_by_hand(row: JournalRow, order: OrderDetail) -> Said:
    facts = _operation(row)
    happened = facts["state"] == "succeeded"
    words = {
        "capture": (_("Settled by hand: captured"), _("Settled by hand: not captured")),
        "reverse": (_("Settled by hand: reversed"), _("Settled by hand: not reversed")),
        "refund": (_("Settled by hand: refunded"), _("Settled by hand: not refunded")),
    }.get(str(facts["operation"]), (_("Settled by hand"), _("Settled by hand")))
    return (Part(words[0 if happened else 1]), _money(order, facts["amount_minor"], facts["currency"])), "money"


def _decided(words: Callable[[], str]) -> Callable[[JournalRow, OrderDetail], Said]:
    def say(row: JournalRow, order: OrderDetail) -> Said:
        facts = _operation(row)
        return (Part(words()), _money(order, facts["amount_minor"], facts["currency"])), "money"

    return say


def _refund(words: Callable[[], str], mark: str) -> Callable[[JournalRow, OrderDetail], Said]:
    def say(row: JournalRow, order: OrderDetail) -> Said:
        (facts,) = (value for field, value in row.after.items() if field.startswith("refund:"))
        minor = facts["refunded_minor"] if "refunded_minor" in facts else facts["amount_minor"]
        return (Part(words()), _money(order, minor)), mark

    return say


def _cancel_requested(row: JournalRow, order: OrderDetail) -> Said:
    return _change(_("Cancellation begun · Order State"), _state(row.before, order), _state(row.after, order)), ""


def _cancel_resumed(_row: JournalRow, _order: OrderDetail) -> Said:
    return (Part(_("Cancellation resumed")),), ""


def _cancel_withdrawn(row: JournalRow, order: OrderDetail) -> Said:
    return _change(_("Cancellation given up · Order State"), _state(row.before, order), _state(row.after, order)), ""


def _cancel_leg_failed(_row: JournalRow, _order: OrderDetail) -> Said:
    return (Part(_("Cancellation stopped: a part of the money could not be given back")),), "trouble"


def _canceled(row: JournalRow, order: OrderDetail) -> Said:
    refunded, reversed_ = row.after["refunded_minor"], row.after["reversed_minor"]
    both = (
        Part(_("Canceled · refunded")),
        _money(order, refunded),
        Part(_("and reversed")),
        _money(order, reversed_),
    )
    if refunded and reversed_:
        return both, "money"
    if refunded:
        return both[:2], "money"
    if reversed_:
        return (Part(_("Canceled · reversed")), both[-1]), "money"
    return (Part(_("Canceled; no money was held or kept")),), "money"


def _mail(words: Callable[[], str], mark: str) -> Callable[[JournalRow, OrderDetail], Said]:
    return lambda _row, _order: ((Part(words()),), mark)


def _whatever(row: JournalRow, _order: OrderDetail) -> Said:
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
_SENTENCES: dict[str, Callable[[JournalRow, OrderDetail], Said]] = {
    "order.taken_in": _taken_in,
    "order.state_changed": _state_changed,
    "order.invoice_saved": _invoice_saved,
    "order.note_added": _note_added,
    "shipment.updated": _shipments_updated,
    "shipment.tracking_set": _tracking_set,
    "item.delivery_state_changed": _delivery_changed,
    "payment.authorised": _authorised,
    "payment.capture_prepared": _called(lambda: {"": _("Asked the provider to capture")}, "money"),
    "payment.captured": _called(lambda: {"": _("Captured")}, "money"),
    "payment.reversed": _called(lambda: {"": _("Reversed")}, "money"),
    "payment.refunded": _called(lambda: {"": _("Refunded")}, "money"),
    "payment.capture_failed": _called(lambda: {"": _("Capture declined")}, "trouble"),
    "payment.reverse_failed": _reverse_failed,
    "payment.refund_failed": _called(lambda: {"": _("Refund declined")}, "trouble"),
    "payment.outcome_unknown": _called(
        lambda: {
            "": _("Outcome unknown, checking"),
            "capture": _("Capture: outcome unknown, checking"),
            "reverse": _("Reversal: outcome unknown, checking"),
            "refund": _("Refund: outcome unknown, checking"),
        },
        "trouble",
    ),
    "payment.accepted": _called(lambda: {"": _("Accepted by the provider, settles later")}, "money"),
    "payment.needs_person": _needs_person,
    "payment.synced": _synced,
    "payment.found_at_provider": _found,
    "payment.differs_at_provider": _differs,
    "payment.settled_by_hand": _settled_by_hand,
    "payment.failure_dismissed": _decided(lambda: _("Refusal taken note of:")),
    "payment.drift_accepted": _decided(lambda: _("Difference with the provider accepted:")),
    "payment.drift_investigated": _decided(lambda: _("Difference with the provider being investigated:")),
    "payment.drift_gone": _decided(lambda: _("The provider says as the books again:")),
    "payment.reverse_prepared": _called(lambda: {"": _("Asked the provider to reverse")}, "money"),
    "order.refund_requested": _refund(lambda: _("Refund asked for:"), "money"),
    "order.refund_done": _refund(lambda: _("Refund done:"), "money"),
    "order.refund_partly": _refund(lambda: _("A part of the refund was declined; gone back:"), "trouble"),
    "order.refund_failed": _refund(lambda: _("Refund declined; gone back:"), "trouble"),
    "order.cancel_requested": _cancel_requested,
    "order.cancel_resumed": _cancel_resumed,
    "order.cancel_withdrawn": _cancel_withdrawn,
    "order.cancel_leg_failed": _cancel_leg_failed,
    "order.canceled": _canceled,
    "mail.sent": _mail(lambda: _("Email sent to the customer"), ""),
    "mail.dead": _mail(lambda: _("The email could not be delivered"), "trouble"),
}
