"""What `make check` runs: everything that can be known without running the desk. The list below is the whole of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# The slowest first, so that the others fit beside it.
CHECKS: dict[str, tuple[str, ...]] = {
    "types (mypy)": ("mypy",),
    "layers (import-linter)": ("lint-imports", "--no-logo"),
    "migrations match models": ("orderwright", "makemigrations", "--check", "--dry-run"),
    "templates (djlint)": ("djlint", "orderwright", "--lint", "--quiet"),
    "lint (ruff)": ("ruff", "check", "--quiet", "."),
    "format (ruff)": ("ruff", "format", "--check", "--quiet", "."),
    "no floats near money": ("python", "-m", "scripts.no_floats"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one check ended. Unit: `seconds` of wall time."""

    exit_code: int
    output: str
    seconds: float


def run_check(command: tuple[str, ...]) -> Outcome:
    """Run one check and return how it ended. Errors: a tool that is not installed raises OSError."""
    environment = {**os.environ, "ORDERWRIGHT_ENV": "test", "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    # The checks ask about the code, not about a database that somebody has running.
    environment.pop("DATABASE_URL", None)
    program, *arguments = command
    started = time.monotonic()
    done = subprocess.run(
        [str(BIN / program), *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(exit_code=done.returncode, output=done.stdout.strip(), seconds=time.monotonic() - started)


def main() -> int:
    """Run every check, print the output of those that fail, and return an exit code."""
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {pool.submit(run_check, command): name for name, command in CHECKS.items()}
        for future in as_completed(running):
            name, outcome = running[future], future.result()
            print(
                f"[check] {'ok    ' if outcome.exit_code == 0 else 'FAILED'} {name}, {outcome.seconds:.1f} s",
                flush=True,
            )
            if outcome.exit_code != 0:
                failed.append(name)
                command = " ".join(CHECKS[name])
                print(f"\n{outcome.output}\n\n  the same again: .venv/bin/{command}\n", flush=True)
    if failed:
        print(f"[check] {len(failed)} of {len(CHECKS)} failed: {', '.join(sorted(failed))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
