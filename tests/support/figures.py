"""What a test measured, kept in its report and printed at the end of the run; loaded as a plugin by conftest."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from scripts.figures import PROPERTY, add, add_up, lines

Measure = Callable[..., None]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Measure:
    """Give `figure("FC1", "two clerks capture one hold", rounds=1, doubles=0)`, to be called in every round.

    Counts add up; a list keeps samples: in milliseconds under a name that ends in `_ms`, seeds under `…_seed`. What is
    counted is what was seen, before anything is asserted of it, so that a figure is never better than the run.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    places: dict[tuple[str, str], int] = {}
    properties = request.node.user_properties
    file = request.node.nodeid.partition("::")[0]

    def measure(fault: str, what: str, **measured: int | list[int]) -> None:
        is_new = (fault, what) not in rows
        row = rows.setdefault((fault, what), {})
        add(row, measured)
        told = {"fault": fault, "what": what, "engine": connection.vendor, "file": file, "measured": row}
        kept = (PROPERTY, json.dumps(told))
        if is_new:
            places[fault, what] = len(properties)
            properties.append(kept)
        else:
            properties[places[fault, what]] = kept

    return measure


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print one line per figure; under xdist the reports of all workers arrive here."""
    found = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    if found:
        terminalreporter.section("figures")
        for line in lines(add_up(found)):
            terminalreporter.line(line)
