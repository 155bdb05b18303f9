"""Keep the words about things apart too, so that whoever may not see customers' data does not find orders by them."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations

_BATCH = 1000
SQLITE = ["CREATE VIRTUAL TABLE reads_search_anew USING fts5(words, things, tokenize='trigram')"]
SQLITE_AFTER = ["DROP TABLE reads_search", "ALTER TABLE reads_search_anew RENAME TO reads_search"]
POSTGRESQL = ["ALTER TABLE reads_search ADD COLUMN things text NOT NULL DEFAULT ''"]
POSTGRESQL_AFTER = ["CREATE INDEX reads_search_things ON reads_search USING gin (things gin_trgm_ops)"]


def split(_apps: Any, schema_editor: Any) -> None:
    """Add the column and fill it: what an order is found by, without name, e-mail and phone."""
    connection = schema_editor.connection
    is_postgresql = connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement)
    write = (
        "UPDATE reads_search SET things = %s WHERE words = %s AND id = %s"
        if is_postgresql
        else "INSERT INTO reads_search_anew (things, words, rowid) VALUES (%s, %s, %s)"
    )
    with connection.cursor() as cursor:
        for rows in _batches(connection):
            cursor.executemany(write, rows)
    for statement in POSTGRESQL_AFTER if is_postgresql else SQLITE_AFTER:
        schema_editor.execute(statement)


def _batches(connection: Any) -> Iterator[list[tuple[str, str, int]]]:
    key = "id" if connection.vendor == "postgresql" else "rowid"
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT f.{key}, f.words, o.customer_name, o.customer_email, o.customer_phone FROM reads_search f "
                f"JOIN orders_order o ON o.id = f.{key} WHERE f.{key} > %s ORDER BY f.{key} LIMIT {_BATCH}",
                [after],
            )
            found = cursor.fetchall()
        if not found:
            return
        yield [(_without(words, *person), words, number) for number, words, *person in found]
        after = found[-1][0]


def _without(words: str, name: str, email: str, phone: str) -> str:
    digits = "".join(sign for sign in phone if sign.isdigit())
    person = {word.lower() for word in (name, email, phone, digits)}
    return "\n".join(word for word in words.split("\n") if word not in person)


class Migration(migrations.Migration):
    dependencies = [("reads", "0004_journal_sites")]
    operations = [migrations.RunPython(split, migrations.RunPython.noop)]
