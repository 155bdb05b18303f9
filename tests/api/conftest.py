"""Programs that tests send requests with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.program import Program, mark_used, program_with


@pytest.fixture
def program(db: None, now: Any) -> Program:
    """The storefront's key, which may do everything (the role Order manager)."""
    made = program_with("Storefront", role="order-manager")
    mark_used(now)
    return made


@pytest.fixture
def reader(db: None, now: Any) -> Program:
    """The dashboard's key, which may look and nothing else (the role Viewer)."""
    made = program_with("Dashboard", role="viewer")
    mark_used(now)
    return made


@pytest.fixture
def stranger(db: None) -> Program:
    """A program without a key."""
    return Program(None)
