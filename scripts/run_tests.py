"""What `make test` runs: all tests on SQLite, all on PostgreSQL, and those of the browser in Chromium.

A stage that lacks what it needs fails and says what; none is skipped in silence.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from scripts.find_chromium import NoChromium, obtain_chromium
from scripts.postgres_for_tests import NoPostgres, exit_on, obtain_postgres, postgres

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "tests"

STAGES = ("sqlite", "postgresql", "browser")
# Two processes: more would only take turns on the two cores of a small build machine.
WORKERS = "2"
SOAK_FACTOR = "10"
# Every line and every branch of these is reached by a test, and has to stay so. A folder holds whatever comes into it.
FULLY_REACHED = (
    "orderwright/actions/*",
    "orderwright/core/cards.py",
    "orderwright/core/money.py",
    "orderwright/payments/*",
)


@dataclass(kw_only=True)
class Outcome:
    """How one stage ended. Shape: `skipped` names the tests that did not run; `trouble` is empty when all is well."""

    stage: str
    seconds: float = 0
    passed: int = 0
    failed: int = 0
    ran: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


def main() -> int:
    """Run the stages asked for, all of them when none is named, and return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "stages", nargs="*", metavar="stage", help=f"any of {', '.join(STAGES)}; all when none is named"
    )
    parser.add_argument("--soak", action="store_true", help="only races and faults, with ten times the rounds")
    parser.add_argument("--coverage", action="store_true", help="measure which lines and branches are reached")
    own = sys.argv[1:]
    extra = own[own.index("--") + 1 :] if "--" in own else []
    asked = parser.parse_args(own[: own.index("--")] if "--" in own else own)
    if unknown := sorted(set(asked.stages) - set(STAGES)):
        parser.error(f"no such stage: {', '.join(unknown)}; there are {', '.join(STAGES)}")
    stages = [stage for stage in STAGES if stage in (asked.stages or (STAGES[:2] if asked.soak else STAGES))]

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, exit_on)
    needs, missing = obtain(stages)
    outcomes = []
    for at, stage in enumerate(stages, start=1):
        print(f"\n[test] {at} of {len(stages)}: {describe(stage)}", flush=True)
        outcome = missing.get(stage) or run_stage(
            stage, needs=needs, soak=asked.soak, coverage=asked.coverage, extra=extra
        )
        outcomes.append(outcome)
        print(f"[test] {summary(outcome)}", flush=True)
    is_reached = report_coverage(is_everything=not extra) if asked.coverage else True
    return conclude(outcomes, is_everything=stages == list(STAGES) and not extra) or int(not is_reached)


def describe(stage: str) -> str:
    """Return what a stage does, for a person who waits for it."""
    return {
        "sqlite": "everything but the browser, on SQLite",
        "postgresql": "everything but the browser, on PostgreSQL",
        "browser": "the portal in Chromium, on SQLite",
    }[stage]


def obtain(stages: list[str]) -> tuple[dict[str, Path], dict[str, Outcome]]:
    """Return what was found or fetched for the stages, and an outcome for each that lacks something.

    Effects: may install a browser (as root) or fetch a server. Happens first, so that a lack shows at once.
    """
    needs: dict[str, Path] = {}
    missing: dict[str, Outcome] = {}
    try:
        if "postgresql" in stages:
            needs["postgresql"] = obtain_postgres()
            print(f"[test] PostgreSQL: {needs['postgresql']}", flush=True)
    except NoPostgres as failure:
        print(f"[test] {failure}", file=sys.stderr, flush=True)
        missing["postgresql"] = Outcome(stage="postgresql", trouble="did not run, for want of PostgreSQL")
    try:
        if "browser" in stages:
            needs["browser"] = Path(obtain_chromium())
            print(f"[test] Chromium: {needs['browser']}", flush=True)
    except NoChromium as failure:
        print(f"[test] {failure}", file=sys.stderr, flush=True)
        missing["browser"] = Outcome(stage="browser", trouble="did not run, for want of Chromium")
    return needs, missing


@contextmanager
def environment_for(stage: str, *, needs: dict[str, Path]) -> Iterator[dict[str, str]]:
    """Give the environment of a stage: its database, its browser and a folder of its own, new and empty."""
    folder = RESULTS / stage
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {**os.environ, "ORDERWRIGHT_ENV": "test", "ORDERWRIGHT_VAR": str(folder), "TEST_STAGE": stage}
    # A database of the developer's own is not for tests.
    environment.pop("DATABASE_URL", None)
    if stage == "browser":
        environment["CHROMIUM_PATH"] = str(needs["browser"])
    if stage == "postgresql":
        with postgres(needs["postgresql"]) as url:
            yield {**environment, "DATABASE_URL": url}
    else:
        yield environment


def run_stage(stage: str, *, needs: dict[str, Path], soak: bool, coverage: bool, extra: list[str]) -> Outcome:
    """Run the tests of one stage and return how they ended."""
    outcome = Outcome(stage=stage)
    report = RESULTS / stage / "junit.xml"
    chosen = "browser" if stage == "browser" else "not browser"
    if soak:
        chosen = f"({chosen}) and (race or fault)"
    start = ["-m", "coverage", "run", "-m", "pytest"] if coverage else ["-m", "pytest"]
    command = [sys.executable, *start, "-q", "-m", chosen, f"--junitxml={report}", "-o", "junit_family=xunit1"]
    command += ["-n", WORKERS]
    started = time.monotonic()
    try:
        with environment_for(stage, needs=needs) as environment:
            if soak:
                environment["TEST_ROUNDS_FACTOR"] = SOAK_FACTOR
            exit_code = run(command + extra, environment=environment)
    except NoPostgres as failure:
        print(f"[test] {failure}", file=sys.stderr, flush=True)
        outcome.trouble = "did not run, for want of PostgreSQL"
        return outcome
    outcome.seconds = time.monotonic() - started
    read_report(report, outcome)
    if not outcome.ran:
        outcome.trouble = f"ran no test (pytest ended with {exit_code})"
    elif exit_code != 0:
        outcome.trouble = f"pytest ended with {exit_code}"
    return outcome


def run(command: list[str], *, environment: dict[str, str]) -> int:
    """Run pytest in the foreground and return its exit code; end it when this process is ended."""
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    try:
        return running.wait()
    finally:
        if running.poll() is None:
            running.terminate()
            try:
                running.wait(timeout=30)
            except subprocess.TimeoutExpired:
                running.kill()


def read_report(report: Path, outcome: Outcome) -> None:
    """Fill the outcome from pytest's report, if it got as far as writing one."""
    if not report.exists():
        return
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own pytest wrote it
        name = f"{case.get('classname')}::{case.get('name')}"
        skipped = case.find("skipped")
        if skipped is not None:
            outcome.skipped[name] = skipped.get("message") or "no reason given"
            continue
        outcome.ran.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        else:
            outcome.passed += 1


def summary(outcome: Outcome) -> str:
    """Return one line on how a stage ended."""
    if not outcome.ran:
        return f"{outcome.stage}: FAILED, {outcome.trouble}"
    counts = f"{outcome.passed} passed, {outcome.failed} failed, {len(outcome.skipped)} skipped"
    verdict = "FAILED" if outcome.trouble else "ok"
    return f"{outcome.stage}: {verdict}, {counts}, {outcome.seconds:.0f} s"


def conclude(outcomes: list[Outcome], *, is_everything: bool) -> int:
    """Print how all stages ended and return an exit code; a test that ran in no stage at all is a failure too."""
    print("\n[test] " + "\n[test] ".join(summary(outcome) for outcome in outcomes))
    failed = any(outcome.trouble for outcome in outcomes)
    ran = set().union(*(outcome.ran for outcome in outcomes))
    nowhere = {name: why for outcome in outcomes for name, why in outcome.skipped.items() if name not in ran}
    if is_everything and nowhere:
        print(f"[test] {len(nowhere)} tests were skipped in every stage, so nothing has run them:")
        for name, why in sorted(nowhere.items()):
            print(f"         {name}: {why}")
        failed = True
    print(
        f"[test] {'FAILED' if failed else 'all is well'}, {sum(o.seconds for o in outcomes):.0f} s of tests", flush=True
    )
    return 1 if failed else 0


def report_coverage(*, is_everything: bool) -> bool:
    """Print which lines are not reached, and return whether all of FULLY_REACHED are, when everything was run.

    Effects: the same as HTML under `var/coverage`.
    """
    for step in (["combine", "--quiet"], ["html", "--quiet"], ["report"]):
        subprocess.run([sys.executable, "-m", "coverage", *step], cwd=ROOT, check=False)
    if not is_everything:
        return True
    gate = ["report", f"--include={','.join(FULLY_REACHED)}", "--fail-under=100"]
    print(f"\n[test] what has to be reached to the last branch: {', '.join(FULLY_REACHED)}", flush=True)
    return subprocess.run([sys.executable, "-m", "coverage", *gate], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
