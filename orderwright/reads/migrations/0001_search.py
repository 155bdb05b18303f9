"""Make the search index: trigrams over the words by which people look for an order, on both engines."""

from typing import Any

from django.db import migrations

SQLITE = ["CREATE VIRTUAL TABLE reads_search USING fts5(words, tokenize='trigram')"]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE TABLE reads_search (id bigint PRIMARY KEY REFERENCES orders_order (id), words text NOT NULL)",
    "CREATE INDEX reads_search_words ON reads_search USING gin (words gin_trgm_ops)",
]


def make(_apps: Any, schema_editor: Any) -> None:
    """Make the index in the words of the engine."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(_apps: Any, schema_editor: Any) -> None:
    """Take the index away."""
    schema_editor.execute("DROP TABLE reads_search")


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
