"""The tables of the provider's file, and bringing an older file up to them."""

import sqlite3

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
  kind TEXT NOT NULL CHECK (kind IN ('authorisation', 'capture', 'reversal', 'refund',
    'capture_failed', 'refund_failed', 'dispute', 'dispute_won')),
  authorisation TEXT NOT NULL REFERENCES authorisations (id),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  capture TEXT REFERENCES movements (id),
  idempotency_key TEXT NOT NULL UNIQUE,
  made_by TEXT NOT NULL CHECK (made_by IN ('api', 'dashboard')),
  at INTEGER NOT NULL,
  undoes TEXT REFERENCES movements (id),
  CONSTRAINT refunds_name_their_capture CHECK (kind <> 'refund' OR capture IS NOT NULL),
  CONSTRAINT what_is_taken_back_is_named CHECK
    ((kind IN ('capture_failed', 'refund_failed', 'dispute_won')) = (undoes IS NOT NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS movements_of_an_authorisation ON movements (authorisation, sequence);
CREATE INDEX IF NOT EXISTS movements_by_time ON movements (at, sequence);
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
CREATE TABLE IF NOT EXISTS particulars (
  id TEXT PRIMARY KEY,
  facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listeners (
  face TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  secret TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notices (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  face TEXT NOT NULL,
  body BLOB NOT NULL,
  due_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS notices_due ON notices (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS clock (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  offset_us INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO clock (only, offset_us) VALUES (1, 0);
"""


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the tables where they are missing, and change those of an older provider."""
    _let_movements_be_taken_back(connection)
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")


def _let_movements_be_taken_back(connection: sqlite3.Connection) -> None:
    """Write the log anew in a file that was made before movements could be taken back."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(movements)")]
    if not columns or "undoes" in columns:
        return
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.executescript(
        f"""
        BEGIN IMMEDIATE;
        DROP TRIGGER movements_never_change;
        DROP TRIGGER movements_never_vanish;
        ALTER TABLE movements RENAME TO earlier;
        DROP INDEX movements_of_an_authorisation;
        DROP INDEX refunds_of_a_capture;
        DROP INDEX IF EXISTS movements_by_time;
        {_SCHEMA}
        INSERT INTO movements
          (sequence, id, kind, authorisation, amount, currency, capture, idempotency_key, made_by, at)
        SELECT sequence, id, kind, authorisation, amount, currency, capture, idempotency_key, made_by, at
        FROM earlier;
        DROP TABLE earlier;
        COMMIT;
        """
    )
    connection.execute("PRAGMA foreign_keys = ON")
