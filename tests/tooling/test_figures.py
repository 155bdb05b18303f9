"""The figures that tests print: counts add up over tests and processes, samples are kept, and both are shown."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from scripts import figures as of_last_run
from scripts.figures import add_up, kept, lines, markdown, reports


def told(engine, *, file="tests/races/a.py", **measured):
    return json.dumps({"fault": "FC1", "what": "two at once", "engine": engine, "file": file, "measured": measured})


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


def test_what_is_measured_in_the_browser_is_measured_again_there():
    table = markdown(add_up([told("sqlite", file="tests/browser/a.py", fields=3)]), command="make test")

    assert table.splitlines()[-1].endswith('| 3 fields | – | `make test STAGE=browser ARGS="tests/browser/a.py"` |')


def test_each_stage_s_report_is_read_the_browser_s_too(tmp_path, monkeypatch):
    monkeypatch.setattr(of_last_run, "RESULTS", tmp_path)
    for stage in ("sqlite", "browser"):
        (tmp_path / stage).mkdir()
        measured = escape(told("sqlite", rounds=1), {'"': "&quot;"})
        (tmp_path / stage / "junit.xml").write_text(
            f'<testsuites><property name="figure" value="{measured}"/></testsuites>', encoding="utf-8"
        )

    (row,) = add_up(text for report in reports() for text in kept(report))

    assert row.measured == {"sqlite": {"rounds": 2}}
