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
from practice_provider.schema import bring_up_to_date

_BUSY_TIMEOUT_S = 20  # another process reading the file may hold it for a moment

_MOVEMENT = "id, kind, authorisation, amount, currency, capture, idempotency_key, made_by, at, sequence, undoes"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered under an idempotency key, to be given again byte for byte."""

    fingerprint: str
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that a face's listener is to get, as it will be sent; its signature is made when it goes out."""

    sequence: int
    id: str
    face: str
    body: bytes
    attempts: int
    url: str
    secret: str


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
                   (SELECT coalesce(sum(CASE WHEN undoes IS NULL THEN amount ELSE -amount END), 0)
                    FROM movements WHERE capture = captured.id), at
            FROM movements AS captured WHERE id = ? AND kind = 'capture'
            """,
            reference,
        )
        return Capture(*row) if row else None

    def movements(self, authorisation: str) -> list[Movement]:
        """Return what happened to one hold after it was made, in order."""
        rows = self._connection.execute(
            f"""
            SELECT {_MOVEMENT} FROM movements WHERE authorisation = ? AND kind <> 'authorisation' ORDER BY sequence
            """,
            (authorisation,),
        )
        return [Movement(*row) for row in rows]

    def movement(self, reference: str) -> Movement | None:
        """Return one movement by its id."""
        row = self._one(f"SELECT {_MOVEMENT} FROM movements WHERE id = ?", reference)
        return Movement(*row) if row else None

    def particulars(self, references: list[str]) -> dict[str, dict[str, object]]:
        """Return what faces keep of these holds and movements, by id; those of which they keep nothing are left out."""
        marks = ", ".join("?" * len(references))
        rows = self._connection.execute(f"SELECT id, facts FROM particulars WHERE id IN ({marks})", references)
        return {reference: json.loads(facts) for reference, facts in rows}

    def keep_particulars(self, reference: str, facts: dict[str, object]) -> None:
        """Keep what a face knows of a hold or a movement, in place of what it knew."""
        self._connection.execute(
            "INSERT OR REPLACE INTO particulars (id, facts) VALUES (?, ?)", (reference, json.dumps(facts))
        )

    def set_listener(self, face: str, *, url: str, secret: str) -> None:
        """Send a face's notices to this address from now on, signed with this secret."""
        self._connection.execute(
            "INSERT OR REPLACE INTO listeners (face, url, secret) VALUES (?, ?, ?)", (face, url, secret)
        )

    def remove_listeners(self) -> None:
        """Send notices to nobody any more, and forget those that wait."""
        self._connection.execute("DELETE FROM listeners")
        self._connection.execute("UPDATE notices SET due_at = NULL WHERE due_at IS NOT NULL")

    def has_listener(self, face: str) -> bool:
        """Tell whether somebody wants this face's notices."""
        return self._one("SELECT 1 FROM listeners WHERE face = ?", face) is not None

    def add_notice(self, face: str, *, reference: str, body: bytes, due_at: int) -> int:
        """Keep a notice until its listener has taken it, and return its sequence."""
        added = self._connection.execute(
            "INSERT INTO notices (id, face, body, due_at) VALUES (?, ?, ?, ?)", (reference, face, body, due_at)
        )
        return int(added.lastrowid or 0)

    def due_notices(self, *, due_by: int) -> list[Notice]:
        """Return the notices that are to go out by an instant, in the order in which they come due."""
        rows = self._connection.execute(
            """
            SELECT n.sequence, n.id, n.face, n.body, n.attempts, l.url, l.secret
            FROM notices AS n JOIN listeners AS l ON l.face = n.face
            WHERE n.due_at <= ? ORDER BY n.due_at, n.sequence LIMIT 100
            """,
            (due_by,),
        )
        return [Notice(*row) for row in rows]

    def notice(self, sequence: int) -> Notice | None:
        """Return one notice that has not been taken yet, with its listener."""
        row = self._one(
            """
            SELECT n.sequence, n.id, n.face, n.body, n.attempts, l.url, l.secret
            FROM notices AS n JOIN listeners AS l ON l.face = n.face
            WHERE n.sequence = ? AND n.due_at IS NOT NULL
            """,
            sequence,
        )
        return Notice(*row) if row else None

    def set_notice_due(self, sequence: int, *, due_at: int | None, counts: bool = True) -> None:
        """Let a notice go out again at an instant, or never again; ``counts`` when it goes out now."""
        self._connection.execute(
            "UPDATE notices SET due_at = ?, attempts = attempts + ? WHERE sequence = ?", (due_at, int(counts), sequence)
        )

    def effects(self, *, after: int, authorisation: str | None, limit: int) -> list[Movement]:
        """Return movements of money behind a sequence, in order."""
        rows = self._connection.execute(
            f"""
            SELECT {_MOVEMENT} FROM movements
            WHERE sequence > ? AND (? IS NULL OR authorisation = ?) ORDER BY sequence LIMIT ?
            """,
            (after, authorisation, authorisation, limit),
        )
        return [Movement(*row) for row in rows]

    def listed(
        self,
        *,
        face: str,
        kinds: tuple[str, ...],
        start: int,
        end: int,
        limit: int,
        newest_behind: str | None = None,
        after: int = 0,
    ) -> list[Movement]:
        """Return movements of some kinds within a time, on holds that were made through a face.

        In the order of the log behind a sequence, or, with ``newest_behind``, newest first behind that movement; an
        empty text there is the beginning.
        """
        marks = ", ".join("?" * len(kinds))
        where = f"""
            kind IN ({marks}) AND at >= ? AND at < ? AND coalesce(
              (SELECT json_extract(facts, '$.face') FROM particulars AS p WHERE p.id = m.authorisation), '') = ?
        """
        values: list[str | int] = [*kinds, start, end, face]
        if newest_behind is None:
            where, values = f"{where} AND sequence > ?", [*values, after]
            order = "sequence"
        else:
            order = "at DESC, sequence DESC"
            last = self.movement(newest_behind) if newest_behind else None
            if last is not None:
                where, values = f"{where} AND (at, sequence) < (?, ?)", [*values, last.at, last.sequence]
        rows = self._connection.execute(
            f"SELECT {_MOVEMENT} FROM movements AS m WHERE {where} ORDER BY {order} LIMIT ?", [*values, limit]
        )
        return [Movement(*row) for row in rows]

    def latest_effects(self, *, limit: int) -> list[Movement]:
        """Return the latest movements of money, newest first."""
        rows = self._connection.execute(
            f"""
            SELECT {_MOVEMENT} FROM movements ORDER BY sequence DESC LIMIT ?
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
            "INSERT INTO movements"
            " (id, kind, authorisation, amount, currency, capture, idempotency_key, made_by, at, undoes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                movement.undoes,
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
        bring_up_to_date(self._connection)

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
