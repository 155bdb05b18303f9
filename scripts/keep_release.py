"""Keeps the rows of a release's database, so that tests can bring them to every later release on both engines.

Run once per release, on a copy of a SQLite database that the release itself made and filled:
`python -m scripts.keep_release var/orderwright.sqlite3 0.1.0`
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
from pathlib import Path

KEPT = Path(__file__).resolve().parent.parent / "tests" / "migrations" / "kept"
# Made anew by the migrations themselves, or of no use in another place; the search index is a table of its own kind.
_LEFT_OUT = ("django_migrations", "django_content_type", "django_session", "auth_", "sqlite_", "reads_search_")


def main() -> int:
    """Write `tests/migrations/kept/<release>.json.gz` and return an exit code."""
    database, release = sys.argv[1:]
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        document = {
            # The last migration of each app: to these a test brings its database before it puts the rows in.
            "migrations": dict(connection.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")),
            "tables": {name: _rows(connection, name) for name in sorted(names) if not name.startswith(_LEFT_OUT)},
        }
    KEPT.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    target = KEPT / f"{release}.json.gz"
    target.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{target}: {target.stat().st_size} bytes, {sum(map(len, document['tables'].values()))} rows")
    return 0


def _rows(connection: sqlite3.Connection, name: str) -> list[dict[str, object]]:
    columns = "rowid AS id, words" if name == "reads_search" else "*"
    rows = connection.execute(f'SELECT {columns} FROM "{name}" ORDER BY 1')
    return [dict(row) for row in rows]


if __name__ == "__main__":
    sys.exit(main())
