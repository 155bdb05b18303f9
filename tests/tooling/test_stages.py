"""`make test` may not pass by testing less than it says: stages, their engine, and tests that ran nowhere."""

from __future__ import annotations

import os
import re

import pytest
from django.db import connection

from scripts import run_tests
from scripts.run_tests import Outcome, conclude, read_report


@pytest.mark.every_stage
@pytest.mark.skipif("TEST_STAGE" not in os.environ, reason="run by hand, outside the stages of make test")
def test_a_stage_runs_on_the_database_that_it_is_named_after():
    engine = {"sqlite": "sqlite", "postgresql": "postgresql", "browser": "sqlite"}[os.environ["TEST_STAGE"]]

    assert connection.vendor == engine


def outcome(stage: str, *, ran: set[str], skipped: dict[str, str] | None = None, trouble: str = "") -> Outcome:
    return Outcome(stage=stage, passed=len(ran), ran=ran, skipped=skipped or {}, trouble=trouble)


def test_all_stages_passing_is_success(capsys):
    exit_code = conclude([outcome("sqlite", ran={"a"}), outcome("postgresql", ran={"a"})], is_everything=True)

    assert exit_code == 0
    assert "all is well" in capsys.readouterr().out


def test_one_stage_in_trouble_fails_the_whole(capsys):
    stages = [outcome("sqlite", ran={"a"}), outcome("postgresql", ran=set(), trouble="did not run")]

    assert conclude(stages, is_everything=True) == 1
    assert "postgresql: FAILED, did not run" in capsys.readouterr().out


def test_a_test_skipped_on_one_engine_and_run_on_the_other_is_fine():
    stages = [
        outcome("sqlite", ran={"a"}, skipped={"locks": "SQLite has none"}),
        outcome("postgresql", ran={"a", "locks"}),
    ]

    assert conclude(stages, is_everything=True) == 0


def test_a_test_skipped_everywhere_fails_by_name(capsys):
    skipped = {"locks": "no server"}
    stages = [outcome("sqlite", ran={"a"}, skipped=skipped), outcome("postgresql", ran={"a"}, skipped=skipped)]

    assert conclude(stages, is_everything=True) == 1
    assert "locks: no server" in capsys.readouterr().out


def test_a_report_is_counted_test_by_test(tmp_path):
    report = tmp_path / "junit.xml"
    report.write_text(
        """<testsuites><testsuite>
        <testcase classname="t" name="passes"/>
        <testcase classname="t" name="fails"><failure message="no"/></testcase>
        <testcase classname="t" name="breaks"><error message="no"/></testcase>
        <testcase classname="t" name="waits"><skipped message="not here"/></testcase>
        </testsuite></testsuites>""",
        encoding="utf-8",
    )
    counted = Outcome(stage="sqlite")

    read_report(report, counted)

    assert (counted.passed, counted.failed, counted.skipped) == (1, 2, {"t::waits": "not here"})
    assert counted.ran == {"t::passes", "t::fails", "t::breaks"}


def test_a_run_that_died_before_its_report_counts_nothing(tmp_path):
    counted = Outcome(stage="sqlite")

    read_report(tmp_path / "junit.xml", counted)

    assert counted.ran == set()


def test_a_stage_that_ran_no_test_fails_however_pytest_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(run_tests, "RESULTS", tmp_path)
    monkeypatch.setattr(run_tests, "run", lambda _command, *, environment: 0)

    ended = run_tests.run_stage("sqlite", needs={}, soak=False, coverage=False, extra=["-k", "nothing_like_it"])

    assert ended.trouble == "ran no test (pytest ended with 0)"


@pytest.mark.parametrize("pattern", run_tests.FULLY_REACHED)
def test_what_has_to_be_reached_wholly_is_there(pattern):
    assert held_by(pattern)


def test_all_of_actions_and_payments_and_money_is_held_and_nobody_waves_a_line_through():
    held = {path for pattern in run_tests.FULLY_REACHED for path in held_by(pattern)}
    folders = [run_tests.ROOT / "orderwright" / name for name in ("actions", "payments", "payments/gateways")]

    assert {path for folder in folders for path in folder.glob("*.py")} < held
    assert run_tests.ROOT / "orderwright" / "core" / "money.py" in held
    waved_through = re.compile(r"pragma:\s*no\s+(cover|branch)")
    assert [path for path in held if waved_through.search(path.read_text(encoding="utf-8"))] == []


def held_by(pattern):
    """Return the files that a pattern holds, as coverage reads it: what ends with `/*` is a folder and all in it."""
    folder = pattern.removesuffix("/*")
    return set(run_tests.ROOT.glob(f"{folder}/**/*.py" if folder != pattern else pattern))
