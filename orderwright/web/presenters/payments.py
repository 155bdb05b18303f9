"""The Payments section: figures, strip, a row per payment and the Transaction History. Sums come from the read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.core.availability import Availability
from orderwright.core.money import Money, format_plain
from orderwright.payments.states import UNDER_WAY, UNSETTLED
from orderwright.reads.rows import OperationRow, OrderDetail, TransactionRow
from orderwright.reads.rows import PaymentRow as PaymentFacts
from orderwright.web.presenters.order_page import HistoryRow, PaymentRow, Payments, Segment
from orderwright.web.presenters.parts import Badge, Field, Figure
from orderwright.web.presenters.press import press
from orderwright.web.presenters.typed import Typed
from orderwright.web.presenters.words import URGENT, amount, day, method_name, until, when, zone_text


def payments(
    order: OrderDetail,
    *,
    base: str,
    captures: Mapping[int, Availability],
    reversals: Mapping[int, Availability],
    refund: Availability,
    sync: Availability,
    typed: Typed,
    now: datetime,
    view: str,
) -> Payments:
    """Return the section. `captures` and `reversals` have what those of each payment say of themselves.

    `view` is status or history.
    """
    return Payments(
        strip_label=_strip_label(order),
        segments=_segments(order),
        figures=_figures(order, now=now),
        rows=tuple(
            _row(
                each,
                order,
                base=base,
                capture=captures[each.id],
                can_reverse=reversals[each.id].allowed,
                typed=typed,
                now=now,
            )
            for each in order.payments
        ),
        history=_history(order, now=now),
        sync=press(sync),
        zone=zone_text(now, order.site.time_zone),
        view="history" if view == "history" else "status",
        refund=press(refund) if any(payment.captured_minor for payment in order.payments) else None,
    )


def payment_name(payment: PaymentFacts) -> str:
    """Return a payment as people call it, such as `Visa •••• 4242`."""
    return method_name(method_type=payment.method_type, brand=payment.brand, last4=payment.last4)


def is_waiting(order: OrderDetail) -> bool:
    """Return whether something about the order's money settles by itself soon, so that the page looks again."""
    return any(op.state in UNDER_WAY for payment in order.payments for op in payment.operations) or (
        order.cancellation is not None and order.cancellation.state == "running"
    )


def _sum(order: OrderDetail, figure: Callable[[PaymentFacts], int]) -> int:
    return sum(figure(payment) for payment in order.payments)


def _unknown(payment: PaymentFacts) -> int:
    return sum(op.amount_minor for op in payment.operations if op.state in UNSETTLED and op.kind != "lookup")


def _money(order: OrderDetail, minor: int) -> str:
    return amount(minor, order.currency, order.site.locale)


def _parts(order: OrderDetail) -> list[tuple[str, int]]:
    refunded = _sum(order, lambda payment: payment.refunded_minor)
    held = _sum(order, lambda payment: payment.held_minor)
    unknown = min(
        sum(
            op.amount_minor
            for payment in order.payments
            for op in payment.operations
            if op.state in UNSETTLED and op.kind in ("capture", "reverse")
        ),
        held,
    )
    return [
        ("captured", _sum(order, lambda payment: payment.captured_minor) - refunded),
        ("refunded", refunded),
        ("unknown", unknown),
        ("held", held - unknown),
        ("reversed", _sum(order, lambda payment: payment.released_minor)),
    ]


def _segments(order: OrderDetail) -> tuple[Segment, ...]:
    whole = _sum(order, lambda payment: payment.authorised_minor)
    segments, start = [], 0
    for kind, minor in _parts(order):
        if minor > 0:
            # Hundredths of a percent, in whole numbers: a strip needs no more, and money is never a float.
            begin, end = start * 10_000 // whole, (start + minor) * 10_000 // whole
            segments.append(Segment(kind=kind, x=_percent(begin), width=_percent(end - begin)))
        start += minor
    return tuple(segments)


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _strip_label(order: OrderDetail) -> str:
    return _("Captured %(captured)s, still held %(held)s, refunded %(refunded)s, of %(authorised)s authorised") % {
        "captured": _money(order, _sum(order, lambda payment: payment.captured_minor)),
        "held": _money(order, _sum(order, lambda payment: payment.held_minor)),
        "refunded": _money(order, _sum(order, lambda payment: payment.refunded_minor)),
        "authorised": _money(order, _sum(order, lambda payment: payment.authorised_minor)),
    }


def _figures(order: OrderDetail, *, now: datetime) -> tuple[Figure, ...]:
    released = _sum(order, lambda payment: payment.released_minor)
    unknown = _sum(order, _unknown)
    figures = [
        Figure(_("Authorised"), _money(order, _sum(order, lambda payment: payment.authorised_minor))),
        Figure(_("Captured"), _money(order, _sum(order, lambda payment: payment.captured_minor)), "captured"),
        Figure(_("Still held"), _money(order, _sum(order, lambda payment: payment.held_minor)), "held"),
        Figure(_("Refunded"), _money(order, _sum(order, lambda payment: payment.refunded_minor)), "refunded"),
    ]
    if released:
        figures.append(Figure(_("Reversed"), _money(order, released)))
    if unknown:
        figures.append(Figure(_("Being checked"), _money(order, unknown), "unknown"))
    ends = [each.expires_at for each in order.payments if each.expires_at is not None and each.held_minor > 0]
    if ends:
        end = min(ends)
        said = until(end, now=now) if end > now else day(end, now=now, zone_name=order.site.time_zone)
        label = _("Hold ends") if end > now else _("Hold ended")
        figures.append(Figure(label, said, "plain", is_urgent=end - now < URGENT * 2))
    return tuple(figures)


def _row(
    payment: PaymentFacts,
    order: OrderDetail,
    *,
    base: str,
    capture: Availability,
    can_reverse: bool,
    typed: Typed,
    now: datetime,
) -> PaymentRow:
    control = f"capture-{payment.id}"
    value = format_plain(Money(payment.free_minor, payment.currency), locale=order.site.locale)
    badge, note, is_urgent = _trouble(payment)
    if not note and not capture.allowed:
        note = capture.reason
    return PaymentRow(
        id=str(payment.id),
        name=payment_name(payment),
        meta=_meta(payment, order, now=now),
        badge=badge,
        figures=_own_figures(payment, order, now=now) if len(order.payments) > 1 else (),
        action=f"{base}/payments/{payment.id}/capture",
        amount=Field(
            value=typed.value_of(control, value),
            is_allowed=capture.allowed,
            reason=capture.reason,
            error=typed.error_of(control),
        ),
        capture=press(capture),
        currency=payment.currency,
        note=note,
        is_note_urgent=is_urgent,
        reverse_action=f"{base}/payments/{payment.id}/reversal" if can_reverse else "",
    )


def _meta(payment: PaymentFacts, order: OrderDetail, *, now: datetime) -> str:
    zone_name = order.site.time_zone
    said = [
        payment.account_name,
        _("authorised %(day)s") % {"day": day(payment.authorised_at, now=now, zone_name=zone_name)},
        payment.reference,
    ]
    if payment.synced_at is not None:
        said.append(_("synced %(when)s") % {"when": when(payment.synced_at, now=now, zone_name=zone_name).text})
    return " · ".join(said)


def _own_figures(payment: PaymentFacts, order: OrderDetail, *, now: datetime) -> tuple[Figure, ...]:
    shown = [
        (_("Authorised"), payment.authorised_minor),
        (_("Captured"), payment.captured_minor),
        (_("Still held"), payment.held_minor),
        (_("Refunded"), payment.refunded_minor),
        (_("Reversed"), payment.released_minor),
    ]
    figures = [Figure(label, _money(order, minor)) for label, minor in shown if minor or label == shown[0][0]]
    if payment.expires_at is not None and payment.held_minor > 0 and payment.expires_at > now:
        figures.append(Figure(_("Hold ends"), until(payment.expires_at, now=now)))
    return tuple(figures)


def _trouble(payment: PaymentFacts) -> tuple[Badge | None, str, bool]:
    states = {op.state for op in payment.operations if op.kind != "lookup"}
    if "manual" in states:
        note = _("The provider cannot tell what became of it. The amount stays reserved until a person has decided.")
        return Badge(_("Outcome unknown"), "red"), note, True
    if "unknown" in states:
        note = _("The provider has not answered yet. The amount stays reserved until it does; this page keeps looking.")
        return Badge(_("Outcome unknown, checking"), "red", is_checking=True), note, True
    if states & {"prepared", "sent"}:
        return Badge(_("Under way"), "blue", is_checking=True), "", False
    if "pending" in states:
        return Badge(_("Accepted, settles later"), "blue", is_checking=True), "", False
    return None, "", False


def _history(order: OrderDetail, *, now: datetime) -> tuple[HistoryRow, ...]:
    dated = [
        row
        for payment in order.payments
        for row in (
            *((each.at, each.id, _happened(each, payment, order, now=now)) for each in payment.transactions),
            *(
                (_at(op), op.id, _tried(op, payment, order, now=now))
                for op in payment.operations
                if op.state != "succeeded" and op.kind != "lookup"
            ),
        )
    ]
    return tuple(row for _when, _id, row in sorted(dated, key=lambda each: each[:2], reverse=True))


def _at(operation: OperationRow) -> datetime:
    return operation.finished_at or operation.sent_at or operation.prepared_at


def act_text(kind: str) -> str:
    """Return the word for a movement of money."""
    return {
        "authorise": _("Authorisation"),
        "capture": _("Capture"),
        "reverse": _("Reversal"),
        "expire": _("Hold ended"),
        "refund": _("Refund"),
        "capture_failed": _("Capture taken back"),
        "refund_failed": _("Refund taken back"),
        "dispute": _("Dispute"),
        "dispute_won": _("Dispute won"),
    }.get(kind, kind)


def _happened(row: TransactionRow, payment: PaymentFacts, order: OrderDetail, *, now: datetime) -> HistoryRow:
    people = {op.id: op.actor_name for op in payment.operations}
    by = people.get(row.operation_id, "") if row.operation_id is not None else ""
    origins = {
        "intake": _("came with the order"),
        "provider": _("found at %(provider)s") % {"provider": payment.account_name},
    }
    return HistoryRow(
        when=when(row.at, now=now, zone_name=order.site.time_zone),
        act=act_text(row.kind),
        amount=amount(row.amount_minor, payment.currency, order.site.locale),
        payment=payment_name(payment),
        outcome=Badge(_("Succeeded"), "green"),
        reference=row.provider_ref,
        by=by or origins.get(row.origin, payment.account_name),
    )


def outcome_badge(operation: OperationRow) -> Badge:
    """Return how a call to the provider stands."""
    return {
        "succeeded": Badge(_("Succeeded"), "green"),
        "failed": Badge(_("Declined"), "red"),
        "unknown": Badge(_("Outcome unknown, checking"), "amber", is_checking=True),
        "manual": Badge(_("Needs a person"), "red"),
        "pending": Badge(_("Accepted, settles later"), "blue", is_checking=True),
    }.get(operation.state, Badge(_("Under way"), "blue", is_checking=True))


def _tried(operation: OperationRow, payment: PaymentFacts, order: OrderDetail, *, now: datetime) -> HistoryRow:
    return HistoryRow(
        when=when(_at(operation), now=now, zone_name=order.site.time_zone),
        act=act_text(operation.kind),
        amount=amount(operation.amount_minor, payment.currency, order.site.locale),
        payment=payment_name(payment),
        outcome=outcome_badge(operation),
        reference=operation.provider_ref,
        by=operation.actor_name,
        note=operation.failure_message,
    )
