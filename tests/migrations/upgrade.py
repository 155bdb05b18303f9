"""A process that brings the rows of a kept release to this one, in the database that DATABASE_URL names.

Its first argument is the kept file. It writes JSON: what is wrong afterwards, and some of what people would look for.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    """Make the tables of the release, put its rows in, migrate, and tell."""
    django.setup()
    kept = json.loads(gzip.decompress(Path(sys.argv[1]).read_bytes()))
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name) for app, name in kept["migrations"].items() if app in executor.loader.migrated_apps])
    fill(kept["tables"])
    call_command("migrate", verbosity=0)
    sys.stdout.write(json.dumps(told()) + "\n")


def fill(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Put the rows in, in place of what the migrations made; what a row points at may come later."""
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        for name, rows in tables.items():
            cursor.execute(f'DELETE FROM "{name}"')
            for row in rows:
                put(cursor, name, row)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
            for name in tables:
                go_on_counting(cursor, name)


def put(cursor: Any, name: str, row: dict[str, Any]) -> None:
    """Add one row. The search index of SQLite calls its id otherwise; PostgreSQL wants true and false by name."""
    values = dict(row)
    if connection.vendor == "sqlite":
        if name == "reads_search":
            values["rowid"] = values.pop("id")
    else:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'boolean'", [name]
        )
        values |= {column: bool(values[column]) for (column,) in cursor.fetchall() if values[column] is not None}
    columns = ", ".join(f'"{column}"' for column in values)
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(values.values()))


def go_on_counting(cursor: Any, name: str) -> None:
    """Have ids go on after the highest that was put in."""
    if not has_id(cursor, name):
        return
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [name])
    if (sequence := cursor.fetchone()[0]) is not None:
        cursor.execute(f'SELECT setval(%s, (SELECT coalesce(max(id), 0) + 1 FROM "{name}"), false)', [sequence])


def has_id(cursor: Any, name: str) -> bool:
    return any(column.name == "id" for column in connection.introspection.get_table_description(cursor, name))


def told() -> dict[str, Any]:
    """Return what is wrong with the books, and who may do what with which orders."""
    from orderwright.accounts.keys import find_actor  # noqa: PLC0415 - after the set-up
    from orderwright.accounts.models import User  # noqa: PLC0415 - as above
    from orderwright.core.actor import SYSTEM  # noqa: PLC0415 - as above
    from orderwright.core.clock import now  # noqa: PLC0415 - as above
    from orderwright.orders.models import Order  # noqa: PLC0415 - as above
    from orderwright.reads.invariants import violations  # noqa: PLC0415 - as above
    from orderwright.reads.order_detail import read_order  # noqa: PLC0415 - as above
    from orderwright.reads.order_list import ListQuery, read_list  # noqa: PLC0415 - as above

    orders = [read_order(number=number, actor=SYSTEM) for number in Order.objects.values_list("number", flat=True)]
    found = read_list(ListQuery(view="all", q="norman"), actor=SYSTEM, now=now())
    return {
        "violations": violations(),
        "orders": len(orders),
        "captured_minor": sum(payment.captured_minor for order in orders for payment in order.payments),
        "refunded_minor": sum(payment.refunded_minor for order in orders for payment in order.payments),
        "found": [row.number for row in found.items],
        "people": {
            user.email.partition("@")[0]: sorted(held.role for held in user.held_roles) for user in User.objects.all()
        },
        "stranger": find_actor("ow_0000000000_" + "0" * 64, now=now()) is None,
    }


if __name__ == "__main__":
    main()
