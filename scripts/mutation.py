"""What `make mutation` runs: small changes to money and ledger, one at a time, and whether a test notices each.

A change that no test notices fails the run, unless `tests/mutants.toml` says why it may go unnoticed; so does an
explanation of a change that is noticed or no longer there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from scripts.mutants.trying import ROOT, Trial

EXPLAINED = ROOT / "tests" / "mutants.toml"
FOLDER = ROOT / "var" / "mutation"
# As many as the cores of a small build machine; each has a test database of its own.
SHARES = 2

# What is changed, and the tests that have to notice.
TARGETS: dict[str, tuple[str, ...]] = {
    "orderwright/core/money.py": ("tests/unit/test_money.py",),
    "orderwright/payments/rules.py": ("tests/unit/test_payment_rules.py",),
    "orderwright/payments/refund_rules.py": ("tests/unit/test_refund_rules.py",),
    "orderwright/payments/comparison.py": ("tests/unit/test_provider_comparison.py",),
    "orderwright/payments/ledger.py": ("tests/ledger/test_posting.py",),
    "orderwright/actions/refund_plan.py": ("tests/unit/test_refund_plan.py",),
}

Verdicts = Sequence[Mapping[str, Any]]


def main() -> int:
    """Try every mutant, print what no test noticed and the score, and return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="module", help="paths of modules; all of TARGETS unless named")
    parser.add_argument("--share", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if unknown := sorted(set(asked.modules) - set(TARGETS)):
        parser.error(f"not among what is changed: {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    modules = [path for path in TARGETS if path in (asked.modules or TARGETS)]
    if asked.share is not None:
        return try_share(modules, asked.share)
    started = time.monotonic()
    verdicts = try_all(modules)
    if verdicts is None:
        return 1
    return conclude(verdicts, explanations(modules), seconds=time.monotonic() - started)


def try_all(modules: list[str]) -> list[dict[str, Any]] | None:
    """Return a verdict per mutant, or nothing when a share broke off. Effects: processes; logs below `var/mutation`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "ORDERWRIGHT_ENV": "test", "ORDERWRIGHT_VAR": str(FOLDER)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "scripts.mutation", *modules]
    running = []
    for share in range(SHARES):
        with (FOLDER / f"{share}.log").open("w", encoding="utf-8") as log:
            running.append(
                subprocess.Popen(
                    [*command, f"--share={share}"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
                )
            )
    broken = [share for share, process in enumerate(running) if process.wait() != 0]
    for share in broken:
        print(f"[mutation] broke off; the end of {FOLDER / f'{share}.log'}:")
        print((FOLDER / f"{share}.log").read_text(encoding="utf-8")[-3000:])
    if broken:
        return None
    found = [(FOLDER / f"{share}.jsonl").read_text(encoding="utf-8").splitlines() for share in range(SHARES)]
    return [json.loads(line) for lines in found for line in lines]


def try_share(modules: list[str], share: int) -> int:
    """Try every mutant of one share in this process and return an exit code. Effects: one line of JSON per mutant."""
    with (FOLDER / f"{share}.jsonl").open("w", encoding="utf-8") as file:

        def told(verdict: dict[str, Any]) -> None:
            print(json.dumps(verdict), file=file, flush=True)

        trial = Trial(targets={path: TARGETS[path] for path in modules}, share=(share, SHARES), told=told)
        tests = list(dict.fromkeys(test for path in modules for test in TARGETS[path]))
        return int(pytest.main(["-q", "-p", "no:randomly", "--hypothesis-seed=0", *tests], plugins=[trial]))


def explanations(modules: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return why a mutant may go unnoticed, by module and name of the mutant."""
    kept = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    return {
        (group["module"], mutant): group["because"]
        for group in kept.get("unnoticed", ())
        if group["module"] in modules
        for mutant in group["mutants"]
    }


def conclude(verdicts: Verdicts, explained: Mapping[tuple[str, str], str], *, seconds: float) -> int:
    """Print a row per module, what is not explained, and the score; return an exit code."""
    unnoticed = {(one["module"], one["mutant"]): one for one in verdicts if one["verdict"] in {"survived", "untested"}}
    print("| module | mutants | noticed | explained | unexplained |\n|---|---|---|---|---|")
    counts = Counter(one["module"] for one in verdicts)
    for module, count in counts.items():
        left = [key for key in unnoticed if key[0] == module]
        known = sum(key in explained for key in left)
        print(f"| `{module}` | {count} | {count - len(left)} | {known} | {len(left) - known} |")
    strange = [one for key, one in unnoticed.items() if key not in explained]
    for one in sorted(strange, key=lambda one: (one["module"], one["line"])):
        print(f"[mutation] {one['verdict']}: {one['module']}:{one['line']}: {one['mutant']}")
    stale = [f"{module}: {mutant}" for module, mutant in explained if (module, mutant) not in unnoticed]
    for name in stale:
        print(f"[mutation] explained, and noticed or gone: {name}")
    total, noticed = len(verdicts), len(verdicts) - len(unnoticed)
    score = f"{noticed * 1000 // max(total, 1) / 10:.1f} %"  # not money: a share of mutants
    print(
        f"[mutation] {total} mutants, {noticed} noticed ({score}), {len(unnoticed) - len(strange)} explained, ", end=""
    )
    print(f"{len(strange)} unexplained; {seconds:.0f} s")
    return 1 if strange or stale or not verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
