"""What tests of races and faults measured: adding it up, and printing it as a table. Nothing is written.

`python -m scripts.figures` prints the rows of docs/reliability.md from what the last `make test` or `make soak` left.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "tests"
ENGINES = ("sqlite", "postgresql")
# What leaves a report: one per engine, and the browser's, whose desk runs on SQLite.
STAGES = (*ENGINES, "browser")
IN_THE_BROWSER = "tests/browser/"

# Under this name pytest's report keeps what was measured.
PROPERTY = "figure"
# A name that ends so has a sample per round, in milliseconds; one that ends in `_seed` names where a random run began.
SAMPLES = "_ms"
SEED = "_seed"

Measured = dict[str, "int | list[int]"]


@dataclass(kw_only=True)
class Figure:
    """One row of the table. Shape: `measured` has per engine what was counted by name, or samples where it says so."""

    fault: str
    what: str
    files: set[str] = field(default_factory=set)
    measured: dict[str, Measured] = field(default_factory=dict)


def add_up(found: Iterable[str]) -> list[Figure]:
    """Return the figures of all tests, one row per fault and subject, in the order of their ids."""
    rows: dict[tuple[str, str], Figure] = {}
    for text in found:
        told = json.loads(text)
        row = rows.setdefault((told["fault"], told["what"]), Figure(fault=told["fault"], what=told["what"]))
        row.files.add(told["file"])
        add(row.measured.setdefault(told["engine"], {}), told["measured"])
    return [rows[key] for key in sorted(rows)]


def add(total: Measured, more: Measured) -> None:
    """Add what was measured to what was measured before: counts are summed, samples and seeds are kept side by side."""
    for name, value in more.items():
        before = total.get(name)
        if isinstance(value, list):
            total[name] = [*(before if isinstance(before, list) else []), *value]
        else:
            total[name] = (before if isinstance(before, int) else 0) + value


def words(measured: Measured) -> str:
    """Return what was measured as a person reads it, such as `250 rounds, 0 doubles`."""
    return ", ".join(_word(name, value) for name, value in measured.items())


def _word(name: str, value: int | list[int]) -> str:
    if isinstance(value, int):
        return f"{value:,} {name.replace('_', ' ')}"
    if name.endswith(SEED):
        return f"{name.replace('_', ' ')} {' '.join(map(str, value))}"
    ordered = sorted(value)
    named = name.removesuffix(SAMPLES).replace("_", " ")
    return f"{named} p50 {ordered[len(ordered) // 2]:,} ms, max {ordered[-1]:,} ms"


def lines(figures: Iterable[Figure]) -> list[str]:
    """Return one line per figure and engine, for a terminal."""
    return [
        f"{figure.fault:<5} {engine:<11} {figure.what}: {words(measured)}"
        for figure in figures
        for engine, measured in sorted(figure.measured.items())
    ]


def markdown(figures: Iterable[Figure], *, command: str) -> str:
    """Return the table as Markdown, with the command that measures each row again."""
    told = ["| fault | what | SQLite | PostgreSQL | again |", "|---|---|---|---|---|"]
    for figure in figures:
        cells = [words(figure.measured[engine]) if engine in figure.measured else "–" for engine in ENGINES]
        stage = " STAGE=browser" if all(file.startswith(IN_THE_BROWSER) for file in figure.files) else ""
        again = f'`{command}{stage} ARGS="{" ".join(sorted(figure.files))}"`'
        told.append(f"| {' | '.join([figure.fault, figure.what, *cells, again])} |")
    return "\n".join(told)


def kept(report: Path) -> list[str]:
    """Return what the tests of one stage measured, from pytest's report."""
    found = ET.parse(report).iter("property")  # noqa: S314 - our own pytest wrote it
    return [one.get("value") or "" for one in found if one.get("name") == PROPERTY]


def reports() -> list[Path]:
    """Return the reports that the stages of the last run left."""
    return [report for stage in STAGES if (report := RESULTS / stage / "junit.xml").exists()]


def main() -> int:
    """Print the table of the last run and return an exit code."""
    figures = add_up(text for report in reports() for text in kept(report))
    if not figures:
        print("Nothing was measured yet: `make test` or `make soak` comes first.", file=sys.stderr)
        return 1
    print(markdown(figures, command="make soak" if "--soak" in sys.argv else "make test"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
