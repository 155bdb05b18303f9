"""A practice provider for each test, with a file of its own, and a program that calls it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from practice_provider.server import RunningProvider, start
from tests.practice.calling import Caller


@pytest.fixture
def data_path(tmp_path: Path) -> Path:
    return tmp_path / "practice.sqlite3"


@pytest.fixture
def running(data_path: Path) -> Iterator[RunningProvider]:
    provider = start(data_path)
    yield provider
    provider.stop()


@pytest.fixture
def caller(running: RunningProvider) -> Caller:
    return Caller(running.url)


@pytest.fixture
def hold(caller: Caller) -> str:
    """Hold 100.00 dollars for seven days."""
    return caller.authorise(10000)
