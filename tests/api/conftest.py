"""Programs that tests send requests with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from orderwright.journal.models import Entry
from tests.api.program import Program, mark_used, program_with


@pytest.fixture
def program(db: None, now: Any) -> Program:
    """Be the storefront, whose key may do everything (the role Administrator)."""
    made = program_with("Storefront", role="administrator")
    mark_used(now)
    return made


@pytest.fixture
def reader(db: None, now: Any) -> Program:
    """Be the dashboard, whose key may look and nothing else (the role Viewer)."""
    made = program_with("Dashboard", role="viewer")
    mark_used(now)
    return made


@pytest.fixture
def stranger(db: None) -> Program:
    """Be a program without a key."""
    return Program(None)


@pytest.fixture
def journal_entries(db: None) -> Callable[[], int]:
    """Count the entries of the whole journal: a refusal adds none."""
    return Entry.objects.count
