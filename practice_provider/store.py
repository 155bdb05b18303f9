"""What the provider remembers, in one SQLite file: holds, movements, answers by key, delayed calls, the clock's offset.

Rows only: which effect is allowed is decided in ``engine``, and what is answered in ``provider``.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from practice_provider.engine import Capture, Hold, Movement

_BUSY_TIMEOUT_S = 20  # another process reading the file may hold it for a moment

_SCHEMA = """
CREATE TABLE IF NOT EXISTS authorisations (
  id TEXT PRIMARY KEY,
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  card_brand TEXT NOT NULL,
  card_last4 TEXT NOT NULL CHECK (length(card_last4) = 4),
  authorised_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  captured INTEGER NOT NULL DEFAULT 0,
  released INTEGER NOT NULL DEFAULT 0,
  refunded INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT expires_after_authorised CHECK (expires_at > authorised_at),
  CONSTRAINT refunded_within_captured CHECK (0 <= refunded AND refunded <= captured),
  CONSTRAINT captured_and_released_within_hold CHECK (0 <= released AND captured + released <= amount)
) STRICT;
CREATE TABLE IF NOT EXISTS movements (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('authorisation', 'capture', 'reversal', 'refund')),
  authorisation TEXT NOT NULL REFERENCES authorisations (id),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  capture TEXT REFERENCES movements (id),
  idempotency_key TEXT NOT NULL UNIQUE,
  made_by TEXT NOT NULL CHECK (made_by IN ('api', 'dashboard')),
  at INTEGER NOT NULL,
  CONSTRAINT refunds_name_their_capture CHECK ((kind = 'refund') = (capture IS NOT NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS movements_of_an_authorisation ON movements (authorisation, sequence);
CREATE INDEX IF NOT EXISTS refunds_of_a_capture ON movements (capture) WHERE capture IS NOT NULL;
CREATE TRIGGER IF NOT EXISTS movements_never_change BEFORE UPDATE ON movements
  BEGIN SELECT RAISE(ABORT, 'movements never change'); END;
CREATE TRIGGER IF NOT EXISTS movements_never_vanish BEFORE DELETE ON movements
  BEGIN SELECT RAISE(ABORT, 'movements never vanish'); END;
CREATE TABLE IF NOT EXISTS answers (
  idempotency_key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  body BLOB NOT NULL,
  answered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS delayed_calls (
  idempotency_key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  call TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clock (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  offset_us INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO clock (only, offset_us) VALUES (1, 0);
"""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered under an idempotency key, to be given again byte for byte."""

    fingerprint: str
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class DelayedCall:
    """A call whose effect comes later on the provider's clock."""

    idempotency_key: str
    fingerprint: str
    due_at: int
    call: dict[str, str | int | None]


class Rows:
    """The rows inside one open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def hold(self, reference: str) -> Hold | None:
        """Return one authorisation."""
        row = self._one(
            """
            SELECT id, amount, currency, card_brand, card_last4, authorised_at, expires_at, captured, released, refunded
            FROM authorisations WHERE id = ?
            """,
            reference,
        )
        return Hold(*row) if row else None

    def latest_holds(self, *, find: str, limit: int) -> list[Hold]:
        """Return authorisations whose id contains the text, latest taken in first."""
        rows = self._connection.execute(
            """
            SELECT id, amount, currency, card_brand, card_last4, authorised_at, expires_at, captured, released, refunded
            FROM authorisations WHERE instr(id, ?) ORDER BY rowid DESC LIMIT ?
            """,
            (find, limit),
        )
        return [Hold(*row) for row in rows]

    def capture(self, reference: str) -> Capture | None:
        """Return one capture with the sum of its refunds."""
        row = self._one(
            """
            SELECT id, authorisation, amount,
                   (SELECT coalesce(sum(amount), 0) FROM movements WHERE capture = captured.id), at
            FROM movements AS captured WHERE id = ? AND kind = 'capture'
            """,
            reference,
        )
        return Capture(*row) if row else None

    def movements(self, authorisation: str) -> list[Movement]:
        """Return what happened to one hold after it was made, in order."""
        rows = self._connection.execute(
            """
            SELECT id, kind, authorisation, amount, currency, capture, idempotency_key, made_by, at, sequence
            FROM movements WHERE authorisation = ? AND kind <> 'authorisation' ORDER BY sequence
            """,
            (authorisation,),
        )
        return [Movement(*row) for row in rows]

    def effects(self, *, after: int, authorisation: str | None, limit: int) -> list[Movement]:
        """Return movements of money behind a sequence, in order."""
        rows = self._connection.execute(
            """
            SELECT id, kind, authorisation, amount, currency, capture, idempotency_key, made_by, at, sequence
            FROM movements
            WHERE sequence > ? AND (? IS NULL OR authorisation = ?) ORDER BY sequence LIMIT ?
            """,
            (after, authorisation, authorisation, limit),
        )
        return [Movement(*row) for row in rows]

    def latest_effects(self, *, limit: int) -> list[Movement]:
        """Return the latest movements of money, newest first."""
        rows = self._connection.execute(
            """
            SELECT id, kind, authorisation, amount, currency, capture, idempotency_key, made_by, at, sequence
            FROM movements ORDER BY sequence DESC LIMIT ?
            """,
            (limit,),
        )
        return [Movement(*row) for row in rows]

    def add_hold(self, hold: Hold) -> None:
        """Write a new authorisation."""
        self._connection.execute(
            "INSERT INTO authorisations (id, amount, currency, card_brand, card_last4, authorised_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                hold.id,
                hold.amount,
                hold.currency,
                hold.card_brand,
                hold.card_last4,
                hold.authorised_at,
                hold.expires_at,
            ),
        )

    def change_sums(self, hold: Hold) -> None:
        """Write the sums of a hold after a movement."""
        self._connection.execute(
            "UPDATE authorisations SET captured = ?, released = ?, refunded = ? WHERE id = ?",
            (hold.captured, hold.released, hold.refunded, hold.id),
        )

    def add_movement(self, movement: Movement) -> None:
        """Append a movement to the effect log; its sequence is given here."""
        self._connection.execute(
            "INSERT INTO movements (id, kind, authorisation, amount, currency, capture, idempotency_key, made_by, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                movement.id,
                movement.kind,
                movement.authorisation,
                movement.amount,
                movement.currency,
                movement.capture,
                movement.idempotency_key,
                movement.made_by,
                movement.at,
            ),
        )

    def answer(self, key: str) -> StoredAnswer | None:
        """Return what was answered under a key."""
        row = self._one("SELECT fingerprint, status, body FROM answers WHERE idempotency_key = ?", key)
        return StoredAnswer(*row) if row else None

    def add_answer(self, key: str, answer: StoredAnswer, *, now: int) -> None:
        """Keep an answer under its key."""
        self._connection.execute(
            "INSERT INTO answers (idempotency_key, fingerprint, status, body, answered_at) VALUES (?, ?, ?, ?, ?)",
            (key, answer.fingerprint, answer.status, answer.body, now),
        )

    def delayed_fingerprint(self, key: str) -> str | None:
        """Return the fingerprint of the delayed call that waits under a key."""
        row = self._one("SELECT fingerprint FROM delayed_calls WHERE idempotency_key = ?", key)
        return str(row[0]) if row else None

    def delayed_calls(self, *, due_by: int | None = None) -> list[DelayedCall]:
        """Return the calls that wait, or those due by an instant, in the order in which they come due."""
        rows = self._connection.execute(
            """
            SELECT idempotency_key, fingerprint, due_at, call FROM delayed_calls
            WHERE ? IS NULL OR due_at <= ? ORDER BY due_at, idempotency_key
            """,
            (due_by, due_by),
        )
        return [DelayedCall(key, fingerprint, due_at, json.loads(call)) for key, fingerprint, due_at, call in rows]

    def add_delayed_call(self, delayed: DelayedCall) -> None:
        """Keep a call whose effect comes later."""
        self._connection.execute(
            "INSERT INTO delayed_calls (idempotency_key, fingerprint, due_at, call) VALUES (?, ?, ?, ?)",
            (delayed.idempotency_key, delayed.fingerprint, delayed.due_at, json.dumps(delayed.call)),
        )

    def remove_delayed_call(self, key: str) -> None:
        """Forget a delayed call once its effect has come."""
        self._connection.execute("DELETE FROM delayed_calls WHERE idempotency_key = ?", (key,))

    def forget_delayed_calls(self) -> None:
        """Forget every delayed call, as if it had never come."""
        self._connection.execute("DELETE FROM delayed_calls")

    def clock_offset(self) -> int:
        """Return how many microseconds the provider's clock is ahead of the machine's."""
        row = self._one("SELECT offset_us FROM clock WHERE only = ?", 1)
        return int(row[0]) if row else 0

    def set_clock_offset(self, offset_us: int) -> None:
        """Put the provider's clock ahead of the machine's by so many microseconds."""
        self._connection.execute("UPDATE clock SET offset_us = ? WHERE only = 1", (offset_us,))

    def _one(self, statement: str, value: str | int) -> tuple | None:  # type: ignore[type-arg]
        return self._connection.execute(statement, (value,)).fetchone()  # type: ignore[no-any-return]


class Store:
    """The provider's file: one connection, used by one thread at a time."""

    def __init__(self, path: Path | str) -> None:
        """Open the file and make its tables where they are missing."""
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")

    @contextmanager
    def transaction(self) -> Iterator[Rows]:
        """Give the rows inside one transaction that holds the write lock, and commit it unless something is raised."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Rows(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file once no transaction is open."""
        with self._lock:
            self._connection.close()
