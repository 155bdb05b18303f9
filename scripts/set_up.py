"""Makes `.venv` from the lock files. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up.json"

RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"

# The pip that is fetched where the machine's Python comes without one (Debian without python3-venv).
PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"

NO_PIP = """\
This Python ({python}) comes without pip, and pip could not be fetched from {index}:
  {reason}

  Debian, Ubuntu   apt-get install python3-venv     then the same command again
  elsewhere        install a Python that brings ensurepip, or connect to the network
"""


class SetUpFailed(Exception):
    """The machine lacks something that cannot be fetched; the message says what to do."""


def say(words: str) -> None:
    """Print one line of progress at once, also where output is a file."""
    print(f"[set-up] {words}", flush=True)


def digest_of(lock: Path) -> str:
    """Return a digest of all that decides what an installation from this lock file holds.

    Shape: hexadecimal SHA-256 over the lock, the packaging part of pyproject.toml and the folder (an editable
    installation points at it). Tool settings in pyproject.toml do not count.
    """
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packaging = {
        "build-system": pyproject["build-system"],
        "project": pyproject["project"],
        "setuptools": pyproject.get("tool", {}).get("setuptools"),
    }
    parts = (lock.read_text(encoding="utf-8"), json.dumps(packaging, sort_keys=True), str(ROOT))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_done(*, dev: bool) -> bool:
    """Return whether the virtual environment already holds what the lock file names."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    lock = DEV_LOCK if dev else RUN_LOCK
    return bool(stamp.get(lock.name) == digest_of(lock)) and (VENV / "bin" / "orderwright").exists() and runs(PYTHON)


def runs(python: Path) -> bool:
    """Return whether this interpreter starts and is new enough (an upgrade of the machine may have removed it)."""
    check = [str(python), "-I", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(check, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def has_pip() -> bool:
    """Return whether pip runs inside the virtual environment."""
    return (
        subprocess.run([str(PYTHON), "-I", "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )


def make_environment() -> None:
    """Make `.venv` with a working pip, keeping one that works.

    Raises: SetUpFailed when no pip can be had.
    """
    if runs(PYTHON):
        if has_pip():
            return
        say("the virtual environment in .venv has no pip: mending it")
    else:
        say(f"making a virtual environment in .venv with Python {sys.version.split()[0]}")
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(VENV)
    if bundled_pip():
        return
    wheel = VENV / PIP_WHEEL
    try:
        fetch_pip(wheel)
    except (OSError, SetUpFailed) as failure:
        if not install_debian_venv() or not bundled_pip():
            raise SetUpFailed(NO_PIP.format(python=sys.executable, index=package_index(), reason=failure)) from failure
        return
    # A wheel of pip is a zip that Python can run, so pip installs itself.
    subprocess.run([str(PYTHON), "-I", f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)], check=True)
    wheel.unlink()


def bundled_pip() -> bool:
    """Return whether the pip that comes with Python could be put into the environment.

    Effects: installs it. Debian ships it apart from Python, in python3-venv.
    """
    command = [str(PYTHON), "-I", "-m", "ensurepip", "--upgrade", "--default-pip"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0 and has_pip()


def package_index() -> str:
    """Return the address of the package index that pip would ask."""
    return os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")


def fetch_pip(target: Path) -> None:
    """Download the pinned pip from the package index to `target`.

    Raises: OSError without network; SetUpFailed when the index lacks that version or its content is another.
    """
    say(f"this Python comes without pip: fetching {PIP_WHEEL} from {package_index()}")
    page_address = f"{package_index()}/pip/"
    with urllib.request.urlopen(page_address, timeout=30) as answer:  # noqa: S310 - the address that pip would ask
        page = answer.read().decode("utf-8")
    link = re.search(rf'href="([^"]*{re.escape(PIP_WHEEL)}[^"]*)"', page)
    if link is None:
        raise SetUpFailed(f"{page_address} does not list {PIP_WHEEL}.")
    address = urllib.parse.urljoin(page_address, link.group(1))
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - what comes has to match its hash
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != PIP_SHA256:
        raise SetUpFailed(f"{PIP_WHEEL} from {package_index()} is not the file that was pinned.")
    target.write_bytes(content)


def install_debian_venv() -> bool:
    """Return whether Debian's python3-venv could be installed, which only root may do.

    Effects: changes the machine, and says so.
    """
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say("running as root: apt-get install python3-venv")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "python3-venv"])
    return all(subprocess.run(step, env=quiet, check=False).returncode == 0 for step in steps)


def install(*, dev: bool) -> None:
    """Install the locked packages, each checked against its hash, and the project itself in place."""
    lock = DEV_LOCK if dev else RUN_LOCK
    count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if re.match(r"[a-z0-9]", line))
    say(f"installing {count} packages from {lock.name} (about a minute the first time)")
    pip = [str(PYTHON), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], cwd=ROOT, check=True)
    # The build tool stands in the lock as well, so no network is needed. Its advice on folder names is not for us.
    in_place = [*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", "."]
    subprocess.run(in_place, cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=True)


def main() -> int:
    """Set the project up and return an exit code; quick when there is nothing to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    dev = parser.parse_args().dev
    if is_done(dev=dev):
        return 0
    started = time.monotonic()
    lock_file = ROOT / "var" / "set-up.lock"
    lock_file.parent.mkdir(exist_ok=True)
    with lock_file.open("w") as exclusive:
        # Two makes at once would write into the same environment.
        fcntl.flock(exclusive, fcntl.LOCK_EX)
        if is_done(dev=dev):
            return 0
        try:
            make_environment()
            install(dev=dev)
        except SetUpFailed as failure:
            print(failure, file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as failure:
            print(
                f"Set-up stopped: {' '.join(map(str, failure.cmd))} ended with {failure.returncode}.", file=sys.stderr
            )
            print("Its own words stand above. Mend the cause and run the same command again.", file=sys.stderr)
            return 1
        # The development lock holds every pin of the other (tests/tooling keeps it so).
        stamped = (RUN_LOCK, DEV_LOCK) if dev else (RUN_LOCK,)
        STAMP.write_text(json.dumps({lock.name: digest_of(lock) for lock in stamped}) + "\n", encoding="utf-8")
    say(f"done in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
