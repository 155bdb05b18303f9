"""The Payments section: figures, strip, a row per payment and the Transaction History. Sums come from the read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.core.availability import Availability
from orderwright.core.dates import day
from orderwright.core.money import Money, format_plain
from orderwright.payments.states import UNDER_WAY, UNSETTLED
from orderwright.reads.money_rows import OperationRow, TransactionRow
from orderwright.reads.money_rows import PaymentRow as PaymentFacts
from orderwright.reads.rows import OrderDetail
from orderwright.web.presenters.order_page import CaptureOver, HistoryRow, PaymentRow, Payments, Segment
from orderwright.web.presenters.outcomes import act_text, outcome_badge, why_failed, why_waiting
from orderwright.web.presenters.parts import Badge, Field, Figure
from orderwright.web.presenters.press import press
from orderwright.web.presenters.typed import Typed
from orderwright.web.presenters.words import URGENT, amount, method_name, until, when, zone_text

# Where one may expect to reverse and cannot; elsewhere there is nothing to reverse, or nobody to ask.
_REVERSE_SAYS_WHY = frozenset({"hold_expired", "payment_under_way"})


def payments(
    order: OrderDetail,
    *,
    base: str,
    captures: Mapping[int, Availability],
    captures_over: Availability,
    reversals: Mapping[int, Availability],
    refund: Availability,
    sync: Availability,
    exceptions_href: str,
    typed: Typed,
    now: datetime,
    view: str,
) -> Payments:
    """Return the section.

    `captures` and `reversals` have what those of each payment say of themselves, `captures_over` what a capture over
    all of them says. `view` is status or history.
    """
    return Payments(
        strip_label=_strip_label(order, order.payments, now=now),
        segments=_segments(order.payments, now=now),
        figures=_figures(order, now=now),
        rows=tuple(
            _row(
                each,
                order,
                base=base,
                capture=captures[each.id],
                reverse=reversals[each.id],
                exceptions_href=exceptions_href,
                typed=typed,
                now=now,
            )
            for each in order.payments
        ),
        over=_over(order, base=base, capture=captures_over, typed=typed)
        if sum(each.allowed for each in captures.values()) > 1
        else None,
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


def _held(payment: PaymentFacts, *, now: datetime) -> int:
    """Return what the bank still holds: nothing after the day on which it lets the hold go, booked or not."""
    return payment.held_at(now)


def _expired(payment: PaymentFacts, *, now: datetime) -> int:
    """Return what the bank held and let go because nobody took it in time."""
    booked = sum(each.amount_minor for each in payment.transactions if each.kind == "expire")
    return booked + payment.held_minor - _held(payment, now=now)


def _reversed(payment: PaymentFacts) -> int:
    return payment.released_minor - sum(each.amount_minor for each in payment.transactions if each.kind == "expire")


def _money(order: OrderDetail, minor: int) -> str:
    return amount(minor, order.currency, order.site.locale)


def _parts(payments: Sequence[PaymentFacts], *, now: datetime) -> list[tuple[str, int]]:
    refunded = sum(payment.refunded_minor for payment in payments)
    held = sum(_held(payment, now=now) for payment in payments)
    unknown = min(
        sum(
            op.amount_minor
            for payment in payments
            for op in payment.operations
            if op.state in UNSETTLED and op.kind in ("capture", "reverse")
        ),
        held,
    )
    return [
        ("captured", sum(payment.captured_minor for payment in payments) - refunded),
        ("refunded", refunded),
        ("unknown", unknown),
        ("held", held - unknown),
        ("reversed", sum(_reversed(payment) + _expired(payment, now=now) for payment in payments)),
    ]


def _segments(payments: Sequence[PaymentFacts], *, now: datetime) -> tuple[Segment, ...]:
    whole = sum(payment.authorised_minor for payment in payments)
    segments, start = [], 0
    for kind, minor in _parts(payments, now=now):
        if minor > 0:
            # Hundredths of a percent, in whole numbers: a strip needs no more, and money is never a float.
            begin, end = start * 10_000 // whole, (start + minor) * 10_000 // whole
            segments.append(Segment(kind=kind, x=_percent(begin), width=_percent(end - begin)))
        start += minor
    return tuple(segments)


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _strip_label(order: OrderDetail, payments: Sequence[PaymentFacts], *, now: datetime) -> str:
    return _("Captured %(captured)s, still held %(held)s, refunded %(refunded)s, of %(authorised)s authorised") % {
        "captured": _money(order, sum(payment.captured_minor for payment in payments)),
        "held": _money(order, sum(_held(payment, now=now) for payment in payments)),
        "refunded": _money(order, sum(payment.refunded_minor for payment in payments)),
        "authorised": _money(order, sum(payment.authorised_minor for payment in payments)),
    }


def _over(order: OrderDetail, *, base: str, capture: Availability, typed: Typed) -> CaptureOver | None:
    """Return the capture over several payments; None where nothing can be captured over them."""
    if not capture.allowed:
        return None
    control = "capture-order"
    value = format_plain(Money(capture.limits["most_minor"], order.currency), locale=order.site.locale)
    return CaptureOver(
        action=f"{base}/capture",
        amount=Field(value=typed.value_of(control, value), error=typed.error_of(control)),
        capture=press(capture),
        currency=order.currency,
    )


def _figures(order: OrderDetail, *, now: datetime) -> tuple[Figure, ...]:
    released, expired = _sum(order, _reversed), _sum(order, lambda payment: _expired(payment, now=now))
    unknown = _sum(order, _unknown)
    figures = [
        Figure(_("Authorised"), _money(order, _sum(order, lambda payment: payment.authorised_minor))),
        Figure(_("Captured"), _money(order, _sum(order, lambda payment: payment.captured_minor)), "captured"),
        Figure(_("Still held"), _money(order, _sum(order, lambda payment: _held(payment, now=now))), "held"),
        Figure(_("Refunded"), _money(order, _sum(order, lambda payment: payment.refunded_minor)), "refunded"),
    ]
    if released:
        figures.append(Figure(_("Reversed"), _money(order, released)))
    if expired:
        figures.append(Figure(_("Expired"), _money(order, expired)))
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
    reverse: Availability,
    exceptions_href: str,
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
        strip_label=_strip_label(order, [payment], now=now) if len(order.payments) > 1 else "",
        segments=_segments([payment], now=now) if len(order.payments) > 1 else (),
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
        note_href=exceptions_href if any(op.state == "manual" for op in payment.operations) else "",
        reverse_action=f"{base}/payments/{payment.id}/reversal",
        reverse=press(reverse) if reverse.allowed or reverse.code in _REVERSE_SAYS_WHY else None,
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
        (_("Still held"), _held(payment, now=now)),
        (_("Refunded"), payment.refunded_minor),
        (_("Reversed"), _reversed(payment)),
        (_("Expired"), _expired(payment, now=now)),
    ]
    figures = [Figure(label, _money(order, minor)) for label, minor in shown if minor or label == shown[0][0]]
    if payment.expires_at is not None and payment.held_minor > 0 and payment.expires_at > now:
        figures.append(Figure(_("Hold ends"), until(payment.expires_at, now=now)))
    return tuple(figures)


def _trouble(payment: PaymentFacts) -> tuple[Badge | None, str, bool]:
    calls = [op for op in payment.operations if op.kind != "lookup"]
    states = {op.state for op in calls}
    if "manual" in states:
        why = why_waiting(next(op.failure_code for op in calls if op.state == "manual"))
        return Badge(_("Needs a person"), "red"), f"{why} {_('The amount stays reserved until then.')}", True
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


def _tried(operation: OperationRow, payment: PaymentFacts, order: OrderDetail, *, now: datetime) -> HistoryRow:
    return HistoryRow(
        when=when(_at(operation), now=now, zone_name=order.site.time_zone),
        act=act_text(operation.kind),
        amount=amount(operation.amount_minor, payment.currency, order.site.locale),
        payment=payment_name(payment),
        outcome=outcome_badge(operation),
        reference=operation.provider_ref,
        by=operation.actor_name,
        note=why_failed(operation.failure_code, operation.failure_message),
    )
