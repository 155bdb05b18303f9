"""Finds a Chromium that starts, or fetches one: `python -m scripts.find_chromium --fetch` prints its path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

NO_BROWSER = """\
No Chromium for the browser tests. None was found ({names}), and none could be fetched:
{reasons}

  Debian, Ubuntu   apt-get install chromium libatomic1
  macOS            brew install --cask chromium     or Google Chrome
  anything else    name yours: CHROMIUM_PATH=/path/to/chrome
"""


class NoChromium(Exception):
    """No browser could be found or fetched; the message says what was tried and what to do."""


def say(words: str) -> None:
    """Print progress beside the answer: standard output is for the path alone."""
    print(f"[chromium] {words}", file=sys.stderr, flush=True)


def starts(path: str | Path) -> bool:
    """Return whether this browser runs here. A stub of snap or a build without its libraries is there and does not."""
    try:
        return subprocess.run([str(path), "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def candidates() -> Iterator[str]:
    """Yield paths where a browser may lie, the likeliest first."""
    for name in NAMES:
        if found := shutil.which(name):
            yield found
    yield from MAC_APPS
    if downloaded := playwrights_own():
        yield downloaded


def playwrights_own() -> str | None:
    """Return where playwright keeps the browser that it downloads, whether or not it is there."""
    # In a process of its own: the driver ends whoever asks it on a machine that lacks one of its libraries.
    ask = (
        "from playwright.sync_api import sync_playwright as start\nwith start() as p: print(p.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def find_chromium() -> str | None:
    """Return the path of a browser on this machine that starts, or None.

    Raises: NoChromium when CHROMIUM_PATH names one that does not start.
    """
    if named := os.environ.get("CHROMIUM_PATH"):
        if not starts(named):
            raise NoChromium(f"CHROMIUM_PATH={named} does not start.")
        return named
    return next((path for path in candidates() if starts(path)), None)


def fetch_chromium() -> str:
    """Return the path of a newly installed browser: Debian's as root, else playwright's download.

    Raises: NoChromium when neither could be installed, with the reason of each.
    """
    say("none on this machine")
    reasons = [install_with_apt("chromium", "fonts-dejavu-core", "libatomic1")]
    if found := find_chromium():
        return found
    say("asking playwright to download one (some 170 MB)")
    reasons.append(attempt([sys.executable, "-m", "playwright", "install", "chromium"], environment=dict(os.environ)))
    if found := find_chromium():
        return found
    raise NoChromium(NO_BROWSER.format(names=", ".join(NAMES), reasons="\n".join(filter(None, reasons))))


def require_driver() -> None:
    """Do nothing when playwright's driver starts; mend it where it lacks its library and root may install it.

    Raises: NoChromium when it still does not start. Debian's smallest installations come without libatomic.
    """
    command = [sys.executable, "-m", "playwright", "--version"]
    if not attempt(command, environment=dict(os.environ)):
        return
    install_with_apt("libatomic1")
    if reason := attempt(command, environment=dict(os.environ)):
        raise NoChromium(
            f"Playwright, which steers the browser, does not start:\n{reason}\n  Debian: apt-get install libatomic1"
        )


def install_with_apt(*packages: str) -> str:
    """Install Debian packages and return why that failed, "" when it did not. Effects: changes the machine, as root."""
    if os.geteuid() != 0:
        return "  apt-get: only root may, and this is not root"
    if shutil.which("apt-get") is None:
        return "  apt-get: not on this machine"
    say(f"running as root: apt-get install {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # What can be installed from yesterday's lists is told by the second step, so the first may fail.
    outdated = attempt(["apt-get", "update", "-q"], environment=quiet)
    failed = attempt(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], environment=quiet)
    return failed and "\n".join(filter(None, (outdated, failed)))


def attempt(command: list[str], *, environment: dict[str, str]) -> str:
    """Run a command and return why it failed, "" when it did not."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    ending = "\n    ".join((done.stderr or done.stdout).strip().splitlines()[-5:])
    return f"  {' '.join(command)}:\n    {ending}"


def obtain_chromium() -> str:
    """Return the path of a browser that playwright can steer: one of this machine, else a fetched one.

    Raises: NoChromium when neither can be had.
    """
    path = find_chromium() or fetch_chromium()
    require_driver()
    return path


def main() -> int:
    """Print the path and return an exit code; `--fetch` installs one where there is none."""
    try:
        path = obtain_chromium() if "--fetch" in sys.argv[1:] else find_chromium()
    except NoChromium as failure:
        print(failure, file=sys.stderr)
        return 1
    if path is None:
        print("No Chromium found; --fetch would install one.", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
