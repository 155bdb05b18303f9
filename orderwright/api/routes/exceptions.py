"""What did not go through: exceptions and provider drift, and what a person decides about them."""

from __future__ import annotations

from django.http import HttpResponse
from msgspec import to_builtins
from ninja import Query, Router

from orderwright.actions import check_operation, decide_drift, dismiss_failure, reconcile_provider, settle_by_hand
from orderwright.actions.permission import lacks
from orderwright.api import bodies, shapes
from orderwright.api.answers import answer
from orderwright.api.declaring import IDEMPOTENCY_KEY, declared
from orderwright.api.door import Call
from orderwright.api.fields import PathAccount, PathId, PathKey
from orderwright.api.idempotency import once
from orderwright.api.order_shape import KINDS, operation_of, payment_shape
from orderwright.api.queries import DriftFilters, ExceptionFilters, ReconciliationFilters, cursor_refused
from orderwright.api.versions import etag
from orderwright.core.actor import Actor
from orderwright.core.clock import now
from orderwright.payments.models import Operation
from orderwright.reads.cursors import CursorInvalid
from orderwright.reads.drift import DriftRow, list_drift, read_drift
from orderwright.reads.exceptions import ExceptionRow, list_exceptions
from orderwright.reads.ledger_scope import parse_day
from orderwright.reads.order_detail import read_order
from orderwright.reads.reconciliations import ReconciliationRow, list_reconciliations, read_reconciliation

routes = Router(tags=["Exceptions"])


@routes.get("/exceptions", **declared(needs="orders.view", answers={200: shapes.ExceptionPage}, query=ExceptionFilters))
def list_all_exceptions(request: Call, filters: Query[ExceptionFilters]) -> HttpResponse:
    """List exceptions.

    Every operation whose outcome is unknown, that was refused, is stuck or waits for a person; the longest waiting
    first, with what was tried and what this key may do about it.
    """
    try:
        page = list_exceptions(now=now(), actor=request.auth, **filters.model_dump())
    except CursorInvalid as error:
        raise cursor_refused(error.message) from error
    return answer(shapes.ExceptionPage(items=[_entry(row, request.auth) for row in page.items], next=page.next))


@routes.post(
    "/operations/{key}/check",
    **declared(needs="payments.sync", answers={200: shapes.OperationAnswer}, problems={409}),
)
def check_operation_again(request: Call, key: PathKey) -> HttpResponse:
    """Check again now. Ask the provider at once, under the same key, how an open operation went."""
    check_operation.run(key=key, actor=request.auth, now=now())
    return _operation_answer(request, key)


@routes.post(
    "/operations/{key}/settlement",
    **declared(
        needs="payments.settle",
        answers={200: shapes.OperationAnswer},
        problems={409},
        headers=(IDEMPOTENCY_KEY,),
        has_body=True,
    ),
)
def settle_operation_by_hand(request: Call, key: PathKey, body: bodies.SettlementBody) -> HttpResponse:
    """Settle an operation by hand.

    For an operation in the state `manual`: book it as done at the provider, or free what it reserved. 409
    `needs_second_person` where the key's role asks for four eyes and the same key asked for the operation;
    `provider_shows_it` when it is said not to have happened and the provider shows that it did.
    """

    def work(_reference: str | None) -> HttpResponse:
        settle_by_hand.run(
            key=key,
            happened=body.happened,
            reason=body.reason,
            provider_ref=body.reference,
            actor=request.auth,
            now=now(),
        )
        return _operation_answer(request, key)

    return once(request, body.model_dump(), work)


@routes.post(
    "/operations/{key}/dismissal",
    **declared(needs="payments.capture", answers={200: shapes.OperationAnswer}, problems={409}),
)
def dismiss_operation(request: Call, key: PathKey) -> HttpResponse:
    """Dismiss a refused operation. It is no exception any more; its failure stays in the order."""
    dismiss_failure.run(key=key, actor=request.auth, now=now())
    return _operation_answer(request, key)


@routes.get("/drift", **declared(needs="orders.view", answers={200: shapes.DriftPage}, query=DriftFilters))
def list_differences(request: Call, filters: Query[DriftFilters]) -> HttpResponse:
    """List provider drift. Where a provider and the books disagree, newest first."""
    try:
        page = list_drift(actor=request.auth, **filters.model_dump())
    except CursorInvalid as error:
        raise cursor_refused(error.message) from error
    return answer(shapes.DriftPage(items=[_drift(row) for row in page.items], next=page.next))


@routes.post(
    "/drift/{drift}/decision",
    **declared(
        needs="payments.settle",
        answers={200: shapes.DecisionAnswer},
        problems={409},
        headers=(IDEMPOTENCY_KEY,),
        has_body=True,
    ),
)
def decide_difference(request: Call, drift: PathId, body: bodies.DriftDecisionBody) -> HttpResponse:
    """Decide on a difference.

    `accept` books a movement that fits the books, marked as the provider's, and closes any other with the note as the
    reason; `investigate` keeps it open under the note.
    """

    def work(_reference: str | None) -> HttpResponse:
        is_booked = decide_drift.run(
            drift_id=drift, decision=body.decision, note=body.note, actor=request.auth, now=now()
        )
        return answer(
            shapes.DecisionAnswer(drift=_drift(read_drift(drift_id=drift, actor=request.auth)), booked=is_booked)
        )

    return once(request, body.model_dump(), work)


@routes.get(
    "/reconciliations",
    **declared(needs="orders.view", answers={200: shapes.Reconciliations}, query=ReconciliationFilters),
)
def list_days_reconciled(request: Call, filters: Query[ReconciliationFilters]) -> HttpResponse:
    """List reconciliations.

    Days of providers' own lists that were held against the books, newest first. A list is of no one site, so that a
    key of some sites alone is shown none.
    """
    sees_all = request.auth.sites is None
    rows = list_reconciliations(account=filters.provider, limit=filters.limit) if sees_all else []
    return answer(shapes.Reconciliations(items=[_reconciliation(row) for row in rows]))


@routes.post(
    "/provider-accounts/{account}/reconciliations",
    **declared(needs="payments.sync", answers={200: shapes.Reconciliation}, problems={409}, has_body=True),
)
def reconcile_day(request: Call, account: PathAccount, body: bodies.ReconciliationBody) -> HttpResponse:
    """Reconcile a day.

    Reads the provider's own list of the day and holds it against the ledger. Nothing is booked; what differs is in
    `GET /drift`. Doing it again does no harm.
    """
    day = parse_day(body.day, "day")
    reconcile_provider.run(account=account, day=day, actor=request.auth, now=now())
    return answer(_reconciliation(read_reconciliation(account=account, day=day)))


def _reconciliation(row: ReconciliationRow) -> shapes.Reconciliation:
    return shapes.Reconciliation(
        provider=row.account_slug,
        day=row.day.isoformat(),
        time_zone=row.time_zone,
        listed=row.listed,
        differences=row.differences,
        under_way=row.under_way,
        totals=[shapes.ReconciledTotals(**to_builtins(totals)) for totals in row.totals],
        finished_at=row.finished_at,
        by=row.asked_by,
        failure=row.failure or None,
    )


def _operation_answer(request: Call, key: str) -> HttpResponse:
    operation = Operation.objects.select_related("payment__order").get(key=key)
    order = read_order(number=operation.payment.order.number, actor=request.auth)
    (payment,) = (row for row in order.payments if row.id == operation.payment_id)
    shape = shapes.OperationAnswer(
        order=order.number, operation=operation_of(order, operation.pk), payment=payment_shape(payment)
    )
    return answer(shape, headers={"ETag": etag(order.version)})


def _entry(row: ExceptionRow, actor: Actor) -> shapes.ExceptionEntry:
    may = {
        "check": check_operation.availability(row, actor, now=now()).allowed,
        "settlement": settle_by_hand.availability(row, actor).allowed,
        "dismissal": dismiss_failure.availability(row, actor).allowed,
        "resumption": row.problem == "failed_leg" and lacks(actor, "orders.cancel", row.site_id) is None,
    }
    return shapes.ExceptionEntry(
        problem=row.problem,
        key=row.key,
        order=row.order_number,
        payment=row.payment_id,
        provider=row.account_name,
        kind=KINDS[row.kind],
        amount=row.amount_minor,
        currency=row.currency,
        state=row.state,
        failure_code=row.failure_code or None,
        failure_message=row.failure_message or None,
        reference=row.provider_ref or None,
        attempts=row.attempts,
        by=row.actor_name,
        prepared_at=row.prepared_at,
        sent_at=row.sent_at,
        due_at=row.due_at,
        actions=[name for name, is_allowed in may.items() if is_allowed],
    )


def _drift(row: DriftRow) -> shapes.Drift:
    return shapes.Drift(
        id=row.id,
        found_by="list" if row.is_listed else "look",
        order=row.order_number,
        payment=row.payment_id,
        payment_reference=row.payment_reference,
        provider=row.account_name,
        kind=KINDS[row.kind],
        reference=row.provider_ref,
        there=row.there_minor,
        here=row.here_minor,
        currency=row.currency,
        at=row.at,
        state=row.state,
        found_at=row.found_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by or None,
        note=row.note or None,
    )
