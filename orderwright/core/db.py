"""Transactions: where they start, that none is open during a call to the outside, and how often one is tried again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction

from orderwright.core.errors import Unavailable

T = TypeVar("T")

# PostgreSQL's serialization_failure and deadlock_detected; SQLite reports a busy file by its message.
_RETRYABLE_STATES = frozenset({"40001", "40P01"})
_ATTEMPTS = 5


class DatabaseBusy(Unavailable):
    """The database could not take the change in time; nothing was written."""

    code = "database_busy"


def in_write_transaction(change: Callable[[], T]) -> T:
    """Return what `change` returns, run inside one transaction that is tried again on deadlock.

    `change` must have no effect outside the database, for it may run up to five times.
    Raises: DatabaseBusy when every try failed. Errors of `change` itself roll back and pass through.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic(durable=not _in_test_transaction()):
                return change()
        except OperationalError as error:
            if not _is_retryable(error) or connection.in_atomic_block:
                raise
            if attempt == _ATTEMPTS:
                raise DatabaseBusy("The database is busy. Nothing was changed; try again in a moment.") from error
            time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


@contextmanager
def outside_transaction() -> Iterator[None]:
    """Guard a call to the outside world: raise RuntimeError if a transaction is open, before the call and after it."""
    assert_no_transaction()
    yield
    assert_no_transaction()


def assert_no_transaction() -> None:
    """Raise RuntimeError when a transaction is open on this thread's connection. Source: I4."""
    if connection.in_atomic_block and not _in_test_transaction():
        raise RuntimeError("no transaction may be open while the outside world is called")


def assert_in_transaction(why: str) -> None:
    """Raise RuntimeError when no transaction is open: `why` says what would go wrong without one.

    A lock taken outside a transaction is gone at once, and SQLite, which has no row locks, would not say so.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(why)


def take_turns(what: str) -> None:
    """Let everybody else who takes turns at this wait until the transaction ends, for what no row can be locked for.

    SQLite has one writer at a time anyway. Effects: an advisory lock on PostgreSQL.
    """
    assert_in_transaction("a turn lasts as long as a transaction")
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def walk_indexes() -> None:
    """Let PostgreSQL read in the order of an index until the transaction ends, and not collect all rows and sort them.

    For the first of many: of a burst of rows that it has not counted yet, PostgreSQL believes that there are few.
    SQLite does so anyway. Effects: two settings of the transaction.
    """
    assert_in_transaction("the settings last as long as a transaction")
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")


def is_postgresql() -> bool:
    """Return whether the connection speaks to PostgreSQL; otherwise it is SQLite."""
    return connection.vendor == "postgresql"


def _is_retryable(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in _RETRYABLE_STATES or "database is locked" in str(error)


def _in_test_transaction() -> bool:
    # Django's TestCase marks the transaction that it wraps around a test; it does not count as ours.
    return any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
