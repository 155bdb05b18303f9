"""Triggers that make a table append-only, for use in migrations, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations


def append_only(table: str) -> migrations.RunPython:
    """Return a migration step after which the database refuses UPDATE and DELETE on the table. Source: W13, I2."""
    return migrations.RunPython(
        _for_each_engine(table, _sqlite_up, _postgresql_up), _for_each_engine(table, _down, _postgresql_down)
    )


def changeable(table: str) -> migrations.RunPython:
    """Return a migration step that lifts what `append_only` put down, while the table itself is changed."""
    return migrations.RunPython(
        _for_each_engine(table, _down, _postgresql_down), _for_each_engine(table, _sqlite_up, _postgresql_up)
    )


def _for_each_engine(table: str, sqlite: Callable[[str], list[str]], postgresql: Callable[[str], list[str]]) -> Any:
    def step(_apps: Any, schema_editor: Any) -> None:
        statements = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
        for statement in statements(table):
            schema_editor.execute(statement)

    return step


def _sqlite_up(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    ]


def _down(table: str) -> list[str]:
    return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")]


def _postgresql_up(table: str) -> list[str]:
    return [
        (
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        ),
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse()",
    ]


def _postgresql_down(table: str) -> list[str]:
    return [
        f"DROP TRIGGER {table}_append_only ON {table}",
        f"DROP TRIGGER {table}_no_truncate ON {table}",
        f"DROP FUNCTION {table}_refuse()",
    ]
