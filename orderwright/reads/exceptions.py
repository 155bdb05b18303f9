"""Exceptions: every operation that did not go through, the longest waiting first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from orderwright.core.actor import Actor
from orderwright.reads import cursors
from orderwright.reads.order_list import aware, stored
from orderwright.reads.own_sites import of_sites
from orderwright.reads.personal import failure_for, name_for
from orderwright.reads.row import Row

# manual: a person decides. failed_leg: a cancellation stopped at it. unknown: no usable answer. stuck: nobody has
# looked after it in time. taken_back: reported done, and undone by the provider later. failed: the provider refused,
# and nobody has tried again or dismissed it.
PROBLEMS: Final = ("manual", "failed_leg", "taken_back", "unknown", "stuck", "failed")
# What is due is the worker's to take within seconds; later than this, no worker seems to run.
GRACE: Final = timedelta(minutes=1)
# No bank holds money longer, so that an older refusal is of no use to anybody.
FAILURES_SHOWN: Final = timedelta(days=30)

# One arm per problem, each over an index of its own, so that the count in the menu costs next to nothing.
FOUND: Final = """
SELECT q.id AS id, 'manual' AS problem FROM payments_operation q WHERE q.state = 'manual'
UNION ALL
SELECT q.id, CASE WHEN q.state = 'unknown' THEN 'unknown' ELSE 'stuck' END FROM payments_operation q
WHERE q.due_at IS NOT NULL AND q.kind <> 'lookup' AND (q.state = 'unknown' OR q.due_at <= %s)
UNION ALL
SELECT q.id, 'failed_leg' FROM payments_cancellation c JOIN payments_operation q ON q.cancellation_id = c.id
WHERE c.state = 'failed' AND q.state = 'failed' AND q.failure_code <> 'hold_expired' AND NOT EXISTS (
  SELECT 1 FROM payments_operation n WHERE n.cancellation_id = c.id AND n.payment_id = q.payment_id
  AND n.kind = q.kind AND n.capture_ref = q.capture_ref AND n.id > q.id)
UNION ALL
SELECT q.id, 'taken_back' FROM payments_operation q
WHERE q.failure_code = 'taken_back' AND q.state = 'succeeded' AND q.dismissed_at IS NULL
UNION ALL
SELECT q.id, 'failed' FROM payments_operation q JOIN payments_payment p ON p.id = q.payment_id
WHERE q.state = 'failed' AND q.finished_at >= %s AND q.kind <> 'lookup' AND q.cancellation_id IS NULL
  AND q.dismissed_at IS NULL AND CASE WHEN q.kind = 'refund' THEN p.captured_minor > p.refunded_minor
    ELSE p.authorised_minor > p.captured_minor + p.released_minor END
  AND NOT EXISTS (SELECT 1 FROM payments_operation n WHERE n.payment_id = q.payment_id AND n.id > q.id
    AND (n.kind = q.kind OR n.cancellation_id IS NOT NULL)
    AND (q.refund_id IS NULL OR n.refund_id IS NULL OR n.refund_id <> q.refund_id))
"""
_COLUMNS: Final = (
    "f.problem, q.id, q.key, q.kind, q.amount_minor, q.currency, q.state, q.failure_code, q.failure_message, "
    "q.provider_ref, q.attempts, q.actor_kind, q.actor_ref, q.actor_name, q.prepared_at, q.sent_at, q.due_at, "
    "q.dismissed_at, q.cancellation_id, p.id, p.reference, p.method_type, p.brand, p.last4, a.name, a.next_try_at, "
    "o.number, o.customer_name, t.id, t.slug, t.locale, t.time_zone"
)
_JOINS: Final = (
    "JOIN payments_operation q ON q.id = f.id JOIN payments_payment p ON p.id = q.payment_id "
    "JOIN payments_provideraccount a ON a.id = p.account_id JOIN orders_order o ON o.id = p.order_id "
    "JOIN orders_site t ON t.id = o.site_id"
)


class ExceptionRow(Row, frozen=True, kw_only=True):
    """One operation that needs attention, with what was tried. Unit: minor units of `currency`."""

    problem: str
    id: int
    key: str
    kind: str
    amount_minor: int
    currency: str
    state: str
    failure_code: str
    failure_message: str
    provider_ref: str
    attempts: int
    actor_kind: str
    actor_ref: str
    actor_name: str
    prepared_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    dismissed_at: datetime | None
    cancellation_id: int | None
    payment_id: int
    payment_reference: str
    method_type: str
    brand: str
    last4: str
    account_name: str
    account_rests_until: datetime | None
    order_number: str
    customer_name: str
    site_id: int
    site_slug: str
    site_locale: str
    site_time_zone: str


class ExceptionPage(Row, frozen=True, kw_only=True):
    """Some exceptions, the longest waiting first, and the cursor of the following page; None at the end."""

    items: list[ExceptionRow]
    next: str | None


_TIMES: Final = ("prepared_at", "sent_at", "due_at", "dismissed_at", "account_rests_until")


def bounds(now: datetime) -> list[Any]:
    """Return the values that FOUND asks for."""
    return [stored(now - GRACE), stored(now - FAILURES_SHOWN)]


def found_at(actor: Actor) -> str:
    """Return FOUND as a source `f`, kept to the actor's sites; its values are `bounds` and then those of the sites."""
    if actor.sites is None:
        return f"({FOUND}) AS f"
    own, _values = of_sites(actor)
    return (
        f"({FOUND}) AS f JOIN payments_operation fq ON fq.id = f.id JOIN payments_payment fp ON fp.id = fq.payment_id "
        f"JOIN orders_order o ON o.id = fp.order_id WHERE {own}"
    )


def list_exceptions(
    *, now: datetime, actor: Actor, problem: str | None = None, after: str | None = None, limit: int = 50
) -> ExceptionPage:
    """Return one page. `problem` keeps to one of PROBLEMS. Cost: one statement. Raises: CursorInvalid."""
    own, sites = of_sites(actor)
    conditions, values = [own], [*bounds(now), *sites]
    if problem is not None:
        conditions.append("f.problem = %s")
        values.append(problem)
    if after is not None:
        prepared_at, operation_id = cursors.decode_time_and_id(after)
        conditions.append("(q.prepared_at, q.id) > (%s, %s)")
        values += [stored(prepared_at), operation_id]
    statement = (
        f"SELECT {_COLUMNS} FROM ({FOUND}) AS f {_JOINS} WHERE {' AND '.join(conditions)} "
        "ORDER BY q.prepared_at, q.id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, limit + 1])
        rows = [_row(record, actor) for record in cursor.fetchall()]
    items = rows[:limit]
    is_more = len(rows) > limit
    return ExceptionPage(items=items, next=cursors.encode(items[-1].prepared_at, items[-1].id) if is_more else None)


def find_exception(*, key: str, now: datetime, actor: Actor) -> ExceptionRow | None:
    """Return the operation with this key as Exceptions shows it, or None when it is none (any more)."""
    own, sites = of_sites(actor)
    statement = f"SELECT {_COLUMNS} FROM ({FOUND}) AS f {_JOINS} WHERE q.key = %s AND {own}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*bounds(now), key, *sites])
        record = cursor.fetchone()
    return _row(record, actor) if record else None


def count_exceptions(*, now: datetime, actor: Actor) -> dict[str, int]:
    """Return how many there are of each problem; none are left out. Cost: one statement."""
    _own, sites = of_sites(actor)
    statement = f"SELECT f.problem, count(*) FROM {found_at(actor)} GROUP BY f.problem"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*bounds(now), *sites])
        counted: dict[str, int] = dict(cursor.fetchall())
    return {problem: counted.get(problem, 0) for problem in PROBLEMS}


def _row(record: tuple[Any, ...], actor: Actor) -> ExceptionRow:
    values = dict(zip(ExceptionRow.__struct_fields__, record, strict=True))
    for name in _TIMES:
        values[name] = aware(values[name])
    values["customer_name"] = name_for(actor, values["site_id"], values["customer_name"])
    values["failure_message"] = failure_for(actor, values["site_id"], values["failure_message"], state=values["state"])
    return ExceptionRow(**values)
