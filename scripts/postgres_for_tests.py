"""Runs a command beside a throw-away PostgreSQL: `python scripts/postgres_for_tests.py -- pytest tests`.

Finds the machine's own server, or fetches one from PyPI. Nothing here is for a database that anybody wants to keep.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
FETCHED = ROOT / "var" / "tools" / "postgresql"
LOCK = ROOT / "requirements-postgresql.lock"

# Django 5.2 asks for 14.
OLDEST_VERSION = 14
# The wheels are built per Python, but the server inside is the same; the newest that is built serves every Python.
WHEEL_PYTHON = "3.13"

# Where servers lie that are not on PATH: Debian, Homebrew on Apple and Intel, Postgres.app.
USUAL_PLACES = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
)

# Losing this database costs nothing, so nothing waits for a disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

NO_SERVER = """\
No PostgreSQL for the tests. None was found (PATH, {places}), and none could be fetched from PyPI:
{reason}

  Debian, Ubuntu   apt-get install postgresql
  macOS            brew install postgresql@17
  anything else    put `postgres` and `initdb` on PATH, or name their folder: POSTGRES_BIN=/path/to/bin
"""


class NoPostgres(Exception):
    """No server could be found, fetched or started; the message says what was tried and what to do."""


def version_of(folder: Path) -> int:
    """Return the major version of the server in this folder, 0 when there is none that runs."""
    try:
        command = [str(folder / "postgres"), "--version"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    number = re.search(r"\b(\d+)\.?\d*", answer)
    return int(number.group(1)) if number and (folder / "initdb").exists() else 0


def find_postgres() -> Path | None:
    """Return the folder of the machine's newest `postgres` and `initdb`, or None.

    Raises: NoPostgres when POSTGRES_BIN names a folder without a server that will do.
    """
    if named := os.environ.get("POSTGRES_BIN"):
        if version_of(Path(named)) < OLDEST_VERSION:
            raise NoPostgres(f"POSTGRES_BIN={named} holds no PostgreSQL {OLDEST_VERSION} or newer.")
        return Path(named)
    on_path = shutil.which("postgres")
    # Resolved, because a link on PATH leads to a folder in which initdb lies as well.
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += [folder for place, pattern in USUAL_PLACES for folder in Path(place).glob(pattern)]
    fitting = [folder for folder in folders if version_of(folder) >= OLDEST_VERSION]
    return max(fitting, key=version_of, default=None)


def fetch_postgres() -> Path:
    """Return the folder of a server from PyPI, fetching it into `var/tools` the first time.

    Raises: NoPostgres without network, or where no wheel fits the machine.
    """
    binaries = FETCHED / "pgserver" / "pginstall" / "bin"
    if version_of(binaries) >= OLDEST_VERSION:
        return binaries
    print("[postgresql] none on this machine: fetching one from PyPI into var/tools", flush=True)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--upgrade"]
    command += ["--require-hashes", "--no-deps", "--only-binary=:all:", "--python-version", WHEEL_PYTHON]
    command += ["--target", str(FETCHED), "-r", str(LOCK)]
    fetched = subprocess.run(command, capture_output=True, text=True, check=False)
    if fetched.returncode != 0 or version_of(binaries) < OLDEST_VERSION:
        reason = fetched.stderr.strip() or f"the server in {binaries} does not run here"
        raise NoPostgres(NO_SERVER.format(places=", ".join(place for place, _ in USUAL_PLACES), reason=reason))
    return binaries


def obtain_postgres() -> Path:
    """Return the folder of a server: the machine's own, else a fetched one.

    Raises: NoPostgres when neither can be had.
    """
    return find_postgres() or fetch_postgres()


def server_owner() -> pwd.struct_passwd | None:
    """Return the user to run the server as, or None for the present one. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("Running as root, and there is neither a user `postgres` nor `nobody` to run PostgreSQL as.")


def readable_by(owner: pwd.struct_passwd | None, binaries: Path, folder: Path) -> Path:
    """Return binaries that the owner may execute, copying fetched ones that lie in a private home."""
    if owner is None:
        return binaries
    try:
        subprocess.run([str(binaries / "postgres"), "--version"], capture_output=True, check=True, **identity(owner))
    except (OSError, subprocess.CalledProcessError):
        if not binaries.is_relative_to(FETCHED):
            raise NoPostgres(f"The user {owner.pw_name} may not run {binaries}/postgres.") from None
        copied = folder / "server"
        shutil.copytree(FETCHED, copied, symlinks=True)
        return copied / binaries.relative_to(FETCHED)
    return binaries


def identity(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return the arguments that make subprocess run as this user, from a folder that everyone may enter."""
    if owner is None:
        return {"cwd": "/"}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": "/"}


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed, so that a killed test run leaves no server behind."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def locale_for_text() -> str:
    """Return a locale that knows letters beyond ASCII, which searching without case and by trigrams depends on."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower().split()
    for name in ("C.UTF-8", "en_US.UTF-8"):
        if name.lower() in known or name.lower().replace("utf-8", "utf8") in known:
            return name
    raise NoPostgres("This machine has neither the locale C.UTF-8 nor en_US.UTF-8, so PostgreSQL could not fold case.")


@contextmanager
def postgres(binaries: Path) -> Iterator[str]:
    """Run a new, empty server and give its DATABASE_URL; stop it and delete it afterwards.

    Raises: NoPostgres when it does not start, with the end of its log.
    Effects: a folder in the system's temporary one; the only way in is a socket inside it.
    """
    owner = server_owner()
    folder = Path(tempfile.mkdtemp(prefix="orderwright-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        data, log = folder / "data", folder / "server.log"
        data.mkdir(mode=0o700)
        if owner is not None:
            for path in (folder, data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        binaries = readable_by(owner, binaries, folder)
        locale = locale_for_text()
        # PG* of the caller's own database must not leak in.
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        environment["LC_ALL"] = locale
        started_as: dict[str, Any] = {"env": environment, "stdin": subprocess.DEVNULL, **identity(owner)}

        initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "orderwright", "--auth=trust", "--encoding=UTF8"]
        initdb += [f"--locale={locale}", "--no-sync", "--no-instructions"]
        made = subprocess.run(initdb, capture_output=True, text=True, check=False, **started_as)
        if made.returncode != 0:
            raise NoPostgres(f"initdb failed:\n{made.stdout}{made.stderr}")

        command = [str(binaries / "postgres"), "-D", str(data), "-k", str(folder)]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        with log.open("wb") as output:
            server = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the tests; the server goes after them.
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - this program has one thread
                **started_as,
            )
        make_database(folder, server, log)
        yield f"postgres://orderwright@{quote(str(folder), safe='')}:5432/orderwright"
    finally:
        if server is not None:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def make_database(folder: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers, then make the database that DATABASE_URL names.

    Raises: NoPostgres when the server ends, stays silent, or cannot search by trigrams.
    """
    import psycopg  # noqa: PLC0415 - only the runner needs it; finding and fetching work without

    deadline = time.monotonic() + 30
    connection = None
    while connection is None:
        try:
            connection = psycopg.connect(host=str(folder), user="orderwright", dbname="postgres", autocommit=True)
        except psycopg.OperationalError as failure:
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"PostgreSQL did not start: {failure}\n{log.read_text()[-2000:]}") from failure
            time.sleep(0.05)
    with connection:
        connection.execute("CREATE DATABASE orderwright")
        if not connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone():
            raise NoPostgres("This PostgreSQL comes without pg_trgm. Install its contrib modules.")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server at once; what it held is thrown away anyway."""
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def exit_on(number: int, _frame: object) -> NoReturn:
    """Turn a signal into an ordinary exit, so that the server is stopped on the way out."""
    raise SystemExit(128 + number)


def main() -> int:
    """Run the command after `--` with DATABASE_URL set and return its exit code."""
    command = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, exit_on)
    try:
        with postgres(obtain_postgres()) as url:
            print(f"[postgresql] DATABASE_URL={url}", flush=True)
            running = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
            try:
                return running.wait()
            finally:
                if running.poll() is None:
                    running.terminate()
                    running.wait(timeout=30)
    except NoPostgres as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
