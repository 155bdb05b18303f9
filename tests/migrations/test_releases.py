"""Every release's database comes to this one with nothing lost (FD5). A release is kept by `scripts/keep_release.py`."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
RELEASES = sorted((Path(__file__).parent / "kept").glob("*.json.gz"))


@pytest.fixture
def empty_database(tmp_path: Path, database_url: str) -> Iterator[str]:
    """Give the address of a database without tables, on the engine of this run."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'upgraded.sqlite3'}"
        return
    parts = urlsplit(database_url)
    name = f"{parts.path.strip('/')}_upgraded"
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(parts._replace(path=f"/{name}"))
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def sums(rows: list[dict[str, Any]], column: str) -> int:
    return sum(row[column] for row in rows)


def test_there_is_a_release_to_come_from() -> None:
    assert [path.name for path in RELEASES] == ["0.1.0.json.gz"]


@pytest.mark.timeout(400)  # every migration since the release, in a process of its own
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name.removesuffix(".json.gz"))
def test_the_database_of_a_release_is_brought_up_to_date_with_nothing_lost(
    release: Path, empty_database: str, tmp_path: Path
) -> None:
    kept = json.loads(gzip.decompress(release.read_bytes()))["tables"]
    environment = {**os.environ, "DATABASE_URL": empty_database, "ORDERWRIGHT_VAR": str(tmp_path)}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings"}

    done = subprocess.run(
        [sys.executable, "-m", "tests.migrations.upgrade", str(release)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["violations"] == []
    assert told["orders"] == len(kept["orders_order"])
    assert told["captured_minor"] == sums(kept["payments_payment"], "captured_minor")
    assert told["refunded_minor"] == sums(kept["payments_payment"], "refunded_minor")
    assert "1042" in told["found"]
    # Everybody who could do everything before still can, and a viewer is still no more than that.
    assert told["people"]["anna"] == ["administrator"]
    assert told["people"]["vera"] == ["viewer"]
    assert told["stranger"]
