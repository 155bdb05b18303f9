"""The few words in which the two engines differ when the database builds JSON, so that each read is written once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Dialect:
    """SQL fragments for one engine. Every method returns SQL text; none takes values from outside."""

    is_postgresql: bool

    def obj(self, **columns: str) -> str:
        """Return an expression that builds one JSON object: names to SQL expressions."""
        pairs = ", ".join(f"'{name}', {expression}" for name, expression in columns.items())
        return f"{'json_build_object' if self.is_postgresql else 'json_object'}({pairs})"

    def array(self, element: str, source: str) -> str:
        """Return an expression for a JSON array of `element` over `FROM source`, in its order; [] when empty."""
        if self.is_postgresql:
            return f"(SELECT coalesce(json_agg(j), '[]'::json) FROM (SELECT {element} AS j FROM {source}) AS rows)"
        return f"json((SELECT json_group_array(json(j)) FROM (SELECT {element} AS j FROM {source})))"

    def one(self, element: str, source: str) -> str:
        """Return an expression for a single JSON object over `FROM source`, or null when there is no row."""
        query = f"(SELECT {element} FROM {source} LIMIT 1)"
        return query if self.is_postgresql else f"json({query})"

    def json(self, column: str) -> str:
        """Return the JSON column as JSON, not as text."""
        return column if self.is_postgresql else f"json({column})"

    def boolean(self, condition: str) -> str:
        """Return the condition as JSON true or false."""
        return f"({condition})" if self.is_postgresql else f"json(CASE WHEN {condition} THEN 'true' ELSE 'false' END)"

    def time(self, column: str) -> str:
        """Return the time as RFC 3339 text in UTC, or null."""
        if self.is_postgresql:
            return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        return f"(replace({column}, ' ', 'T') || 'Z')"

    def records(self, name: str, **columns: str) -> str:
        """Return a source of rows over one parameter, a JSON list of objects: names to PostgreSQL's types."""
        if self.is_postgresql:
            types = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            return f"json_to_recordset(%s::json) AS {name}({types})"
        picked = ", ".join(f"json_extract(value, '$.{column}') AS {column}" for column in columns)
        return f"(SELECT {picked} FROM json_each(%s)) AS {name}"

    def text(self, expression: str) -> str:
        """Return a JSON expression as text, as the driver hands it over undecoded."""
        return f"({expression})::text" if self.is_postgresql else expression


SQLITE = Dialect(is_postgresql=False)
POSTGRESQL = Dialect(is_postgresql=True)


def current() -> Dialect:
    """Return the dialect of the connection in use."""
    return POSTGRESQL if connection.vendor == "postgresql" else SQLITE
