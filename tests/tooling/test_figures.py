"""The figures that tests print: counts add up over tests and processes, samples are kept, and both are shown."""

from __future__ import annotations

import json

from scripts.figures import add_up, lines, markdown


def told(engine, **measured):
    return json.dumps(
        {"fault": "FC1", "what": "two at once", "engine": engine, "file": "tests/races/a.py", "measured": measured}
    )


def test_counts_of_the_same_row_add_up_and_engines_stay_apart():
    figures = add_up([told("sqlite", rounds=2, doubles=0), told("sqlite", rounds=3, doubles=1), told("postgresql")])

    assert figures[0].measured == {"sqlite": {"rounds": 5, "doubles": 1}, "postgresql": {}}
    assert lines(figures)[1] == "FC1   sqlite      two at once: 5 rounds, 1 doubles"


def test_samples_are_shown_by_their_middle_and_their_worst():
    figures = add_up([told("sqlite", resolved_ms=[5, 900]), told("sqlite", resolved_ms=[7])])

    assert lines(figures) == ["FC1   sqlite      two at once: resolved p50 7 ms, max 900 ms"]


def test_the_table_says_how_each_row_is_measured_again():
    table = markdown(add_up([told("sqlite", rounds=1200)]), command="make soak")

    assert table.splitlines()[-1] == ('| FC1 | two at once | 1,200 rounds | – | `make soak ARGS="tests/races/a.py"` |')
