"""Putting the test database back to what the migrations made, with its triggers in force, on both engines."""

from __future__ import annotations

import os
import sqlite3
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection, connections
from psycopg import sql

# Somebody who still holds a lock after this long has forgotten to end a transaction.
LOCK_WAIT_S = 10


class Pristine(Protocol):
    """A copy of the freshly migrated database."""

    def restore(self) -> None:
        """Make the test database equal to the copy; ids count from the beginning again."""

    def close(self) -> None:
        """Let the copy go."""


class PristineSqlite:
    """The copy lies in memory and comes back page by page, below the level at which triggers work."""

    def __init__(self) -> None:
        self._path = connection.settings_dict["NAME"]
        self._copy = sqlite3.connect(":memory:")
        connection.close()
        with self._open() as source:
            source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            source.backup(self._copy)
        source.close()

    def restore(self) -> None:
        connections.close_all()
        target = self._open()
        try:
            target.execute("PRAGMA synchronous=OFF")
            # A backup onto a locked file waits for ever; this says so instead.
            target.execute("BEGIN IMMEDIATE")
            target.execute("ROLLBACK")
            self._copy.backup(target)
        finally:
            target.close()

    def close(self) -> None:
        self._copy.close()

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=LOCK_WAIT_S, isolation_level=None)


class PristinePostgresql:
    """The copy lies in a schema of its own. Restoring runs as a replica does: for that session no trigger is asked."""

    def __init__(self) -> None:
        self._connection = psycopg.connect(database_url(), autocommit=True)
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
            )
            tables = sorted(name for (name,) in cursor.fetchall())
            cursor.execute("CREATE SCHEMA pristine")
            steps = []
            for name in tables:
                table = sql.Identifier(name)
                cursor.execute(sql.SQL("CREATE TABLE pristine.{0} AS TABLE public.{0}").format(table))
                found = cursor.execute(sql.SQL("SELECT count(*) FROM pristine.{}").format(table)).fetchone()
                empty = sql.SQL("IF EXISTS (SELECT FROM public.{0}) THEN DELETE FROM public.{0}; END IF;").format(table)
                fill = sql.SQL(
                    "IF EXISTS (TABLE public.{0} EXCEPT ALL TABLE pristine.{0})"
                    " OR (SELECT count(*) FROM public.{0}) <> {1}"
                    " THEN DELETE FROM public.{0}; INSERT INTO public.{0} TABLE pristine.{0}; END IF;"
                )
                is_plain = _is_comparable(cursor, name)
                always = sql.SQL("DELETE FROM public.{0}; INSERT INTO public.{0} TABLE pristine.{0};")
                rows = found[0] if found else 0
                steps.append((fill if is_plain else always).format(table, sql.Literal(rows)) if rows else empty)
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
            for name, value in cursor.fetchall():
                sequence = sql.Literal(f"public.{name}")
                is_used = value is not None
                steps.append(
                    sql.SQL("PERFORM setval({}, {}, {});").format(
                        sequence, sql.Literal(value or 1), sql.Literal(is_used)
                    )
                )
            cursor.execute(
                sql.SQL(
                    "CREATE FUNCTION pristine.restore() RETURNS void LANGUAGE plpgsql"
                    " SET session_replication_role = replica AS {}"
                ).format(sql.Literal("BEGIN " + sql.SQL(" ").join(steps).as_string(cursor) + " END"))
            )
            cursor.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(f"{LOCK_WAIT_S}s")))

    def restore(self) -> None:
        if connection.in_atomic_block or connection.needs_rollback:
            connection.close()
        self._connection.execute("SELECT pristine.restore()")

    def close(self) -> None:
        self._connection.close()


def _is_comparable(cursor: psycopg.Cursor, table: str) -> bool:
    # Columns of type json have no equality; jsonb has.
    cursor.execute("SELECT 1 FROM information_schema.columns WHERE table_name = %s AND data_type = 'json'", [table])
    return cursor.fetchone() is None


def keep_pristine() -> Pristine:
    """Return a copy of the database as it is now, for the engine in use."""
    return PristinePostgresql() if connection.vendor == "postgresql" else PristineSqlite()


def database_url() -> str:
    """Return the address of the test database, as a process of its own needs it in DATABASE_URL."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
