"""What a desk that is brought up to this release makes of its people and their single role."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

BEFORE = "0011_provider_permissions"
People = list[tuple[str, str, int]]


@pytest.fixture
def upgraded(tmp_path: Path) -> Callable[[People], dict[str, tuple[str, int | None]]]:
    """Migrate a database from before the six roles with people (name, role, is active) and tell what they hold."""
    environment = {**os.environ, "ORDERWRIGHT_VAR": str(tmp_path)}
    environment.pop("DATABASE_URL", None)

    def migrate(*to: str) -> None:
        command = [sys.executable, "-m", "orderwright.cli.main", "migrate", *to, "--verbosity=0"]
        subprocess.run(command, env=environment, check=True)

    def upgrade(people: People) -> dict[str, tuple[str, int | None]]:
        migrate("accounts", BEFORE)
        with closing(sqlite3.connect(tmp_path / "orderwright.sqlite3")) as database:
            everything = json.dumps(["orders.view", "providers.edit"])
            database.execute("UPDATE accounts_role SET permissions = ? WHERE slug = 'order-manager'", [everything])
            database.execute("DELETE FROM accounts_role WHERE slug NOT IN ('order-manager', 'viewer')")
            for name, role, is_active in people:
                database.execute(
                    "INSERT INTO accounts_user (name, email, password, role_id, is_active) "
                    "SELECT ?, ? || '@shop.example.com', '', id, ? FROM accounts_role WHERE slug = ?",
                    [name, name, is_active, role],
                )
            database.commit()
        migrate()
        with closing(sqlite3.connect(tmp_path / "orderwright.sqlite3")) as database:
            held = database.execute(
                "SELECT u.name, r.slug, g.site_id FROM accounts_user u JOIN accounts_rolegrant g ON g.user_id = u.id "
                "JOIN accounts_role r ON r.id = g.role_id"
            )
            return {name: (role, site_id) for name, role, site_id in held}

    return upgrade


def test_active_order_managers_of_an_older_release_become_administrators_and_hold_it_everywhere(
    upgraded: Callable[[People], dict[str, tuple[str, int | None]]],
) -> None:
    held = upgraded([("Nadia", "order-manager", 1), ("Omar", "order-manager", 0), ("Vera", "viewer", 1)])

    assert held == {"Nadia": ("administrator", None), "Omar": ("order-manager", None), "Vera": ("viewer", None)}
