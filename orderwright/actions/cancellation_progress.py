"""How a cancellation goes on when one of its legs has ended. Needs the order's transaction and lock."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Sum

from orderwright.actions.reasons import as_told
from orderwright.actions.write_mail import write_mail
from orderwright.core.actor import SYSTEM, Actor, stored_actor
from orderwright.core.money import Money
from orderwright.journal.streams import Plain
from orderwright.journal.writes import append
from orderwright.orders.models import Order, OrderState
from orderwright.orders.states import CANCELED
from orderwright.orders.writes import change_order, stream_of
from orderwright.outbox.writing.values import Canceled
from orderwright.outbox.writing.vocabulary import CANCELED as CANCELED_MAIL
from orderwright.payments.gateways.port import HOLD_EXPIRED
from orderwright.payments.models import Cancellation, Operation, Payment
from orderwright.payments.states import FINAL_STATES
from orderwright.reads.order_detail import read_whole_order


def advance_cancellation(order: Order, *, cancellation_id: int, now: datetime, by: Actor | None = None) -> str:
    """Return the cancellation's state after looking at its legs: running, failed or done.

    Done means that no payment of the order holds or keeps money any more (I8), whatever the legs were. `by` is who
    settled the last leg, where it was not by the provider's answer to who asked.
    Effects: none while legs are open; on failure the cancellation waits to be resumed; when done the order is canceled
    and, if so wished, the customer's mail is written to the outbox. Source: G28, G29.
    """
    cancellation = Cancellation.objects.get(pk=cancellation_id)
    legs = Operation.objects.filter(cancellation_id=cancellation_id)
    if legs.exclude(state__in=FINAL_STATES).exists():
        return cancellation.state
    if _is_settled(order):
        _close(order, cancellation, now=now, by=by)
        return "done"
    cancellation.state = "failed"
    cancellation.save(update_fields=["state"])
    failed = list(legs.filter(state="failed").values_list("failure_code", flat=True))
    change_order(order)
    append(
        stream=stream_of(order.pk),
        kind="order.cancel_leg_failed",
        actor=by or _actor(cancellation),
        now=now,
        before={"cancellation": "running"},
        after={"cancellation": "failed"},
        why=Plain(", ".join(sorted(set(failed)))),
        version=order.version,
    )
    return "failed"


def _is_settled(order: Order) -> bool:
    open_money = Payment.objects.filter(order=order).exclude(
        authorised_minor=F("captured_minor") + F("released_minor"), captured_minor=F("refunded_minor")
    )
    return not open_money.exists()


def _close(order: Order, cancellation: Cancellation, *, now: datetime, by: Actor | None) -> None:
    sums = {
        row["kind"]: row["amount_minor__sum"]
        for row in cancellation.legs.filter(state="succeeded").values("kind").annotate(Sum("amount_minor"))
    }
    cancellation.state, cancellation.finished_at = "done", now
    cancellation.refunded_minor, cancellation.reversed_minor = sums.get("refund", 0), sums.get("reverse", 0)
    # A hold that had run out was let go by the bank: to the customer that is the same as reversed.
    expired = cancellation.legs.filter(kind="reverse", state="failed", failure_code=HOLD_EXPIRED)
    cancellation.reversed_minor += expired.aggregate(Sum("amount_minor"))["amount_minor__sum"] or 0
    cancellation.save(update_fields=["state", "finished_at", "refunded_minor", "reversed_minor"])
    before = OrderState.objects.get(pk=order.state_id)
    canceled = OrderState.objects.get(slug="canceled")
    change_order(order, state_id=canceled.pk, is_open=False)
    append(
        stream=stream_of(order.pk),
        kind="order.canceled",
        actor=by or _actor(cancellation),
        now=now,
        before={"state": before.slug, "system_state": before.system_state, "refunded_minor": 0, "reversed_minor": 0},
        after={
            "state": canceled.slug,
            "system_state": CANCELED,
            "refunded_minor": cancellation.refunded_minor,
            "reversed_minor": cancellation.reversed_minor,
        },
        why=as_told(cancellation.reason),
        version=order.version,
    )
    if cancellation.email_customer:
        occasion = Canceled(
            refunded=Money(cancellation.refunded_minor, order.currency),
            reversed=Money(cancellation.reversed_minor, order.currency),
        )
        detail = read_whole_order(number=order.number, actor=SYSTEM)
        write_mail(order, detail, kind=CANCELED_MAIL, occasion=occasion, actor=by or _actor(cancellation), now=now)


def _actor(cancellation: Cancellation) -> Actor:
    return stored_actor(kind=cancellation.actor_kind, ref=cancellation.actor_ref, name=cancellation.actor_name)
