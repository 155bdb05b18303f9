"""The demo's database and credentials: made once, kept by later runs, written down in var/demo.json."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connection

from orderwright.accounts.demo import DEMO_KEY_NAME
from orderwright.accounts.keys import create_key, find_actor
from orderwright.accounts.models import ApiKey, Role, User
from orderwright.accounts.permissions import ADMINISTRATOR, SYSTEM_ROLES
from orderwright.cli.demo_data.playing import Played, play
from orderwright.cli.demo_data.provider import Provider
from orderwright.cli.demo_data.stores import ANNA, ONE_OF_EACH_ROLE, VIEWER
from orderwright.core.clock import now
from orderwright.orders.models import Order

# Where the demo's mail catcher puts what it takes, in the data folder.
MAILS: Final = "mails"
# What a demo leaves in its folder: both databases with their journals, mails, logs and credentials.
_LEFT_BEHIND = ("orderwright.sqlite3*", "practice.sqlite3*", "demo.json", f"{MAILS}/*.eml", "log/*.log")
# Stands there while the database is being filled: whoever finds it finds a half-filled one.
_UNFINISHED = "demo-unfinished"


class NotTheDemos(Exception):
    """The database holds what the demo has not made, so the demo keeps away from it."""


class AlreadyRunning(Exception):
    """Another demo runs in the same folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Somebody who can sign in. `role` is its name."""

    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What var/demo.json says: where the demo is, and who may use it; `people` has one of each system role."""

    url: str
    email: str
    password: str
    api_key: str
    practice_url: str
    viewer_email: str
    viewer_password: str
    people: tuple[SignIn, ...]


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other demos out of the folder while the block runs. Raises: AlreadyRunning."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            url = _kept(folder / "demo.json").get("url", "")
            raise AlreadyRunning(f"A demo is running in {folder} already. {url}".strip()) from error
        yield


def open_database(folder: Path, *, is_to_be_empty: bool) -> bool:
    """Bring the database up to date, and return whether it has to be filled.

    What an interrupted filling left is thrown away, and so is everything when it `is_to_be_empty`.
    Raises: NotTheDemos. Effects: migrations; may remove the demo's files.
    """
    is_half_filled = (folder / _UNFINISHED).exists()
    if is_to_be_empty or is_half_filled:
        if not is_half_filled:
            _require_the_demos()
        _forget(folder)
    call_command("migrate", verbosity=0)
    if Order.objects.exists():
        _require_the_demos()
        return False
    # The provider of an earlier demo would know the holds that are to be made.
    for file in folder.glob("practice.sqlite3*"):
        file.unlink()
    return True


def fill(folder: Path, *, practice_url: str, api_key: str) -> Played:
    """Fill the empty database through the actions, against the running practice provider.

    Effects: the demo's rows. A marker in the folder tells a later run when this one did not get to its end.
    """
    (folder / _UNFINISHED).touch()
    storefront = find_actor(api_key, now=now())
    if storefront is None:
        raise RuntimeError("the orders are handed in with a key, and this one is not known")
    # Made-up data can be made again: waiting for the disk after each of its commits would take longer than all else.
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    # One mail of the story cannot be delivered, and a capture is declined: no news to whoever starts the demo.
    logging.disable(logging.ERROR)
    try:
        played = play(now=_this_minute(), provider=Provider(practice_url), storefront=storefront)
    finally:
        logging.disable(logging.NOTSET)
        connection.close()
    (folder / _UNFINISHED).unlink()
    return played


def api_key_for(folder: Path) -> str:
    """Return the API key of an earlier run; when it is lost, a fresh one takes its place. Effects: perhaps a key."""
    kept = _kept(folder / "demo.json").get("api_key", "")
    if find_actor(kept, now=now()):
        return kept
    for lost in ApiKey.objects.filter(name=DEMO_KEY_NAME):
        ApiKey.objects.filter(pk=lost.pk).update(name=f"{DEMO_KEY_NAME}, lost ({lost.pk})", revoked_at=now())
    return create_key(name=DEMO_KEY_NAME, role=Role.objects.get(slug=ADMINISTRATOR))


def write_credentials(folder: Path, *, url: str, practice_url: str, api_key: str) -> Credentials:
    """Write down who may use the demo and where it is, and return it. Effects: the file, for its owner's eyes alone."""
    file = folder / "demo.json"
    credentials = Credentials(
        url=url,
        email=ANNA.email,
        password=ANNA.password or "",
        api_key=api_key,
        practice_url=practice_url,
        viewer_email=VIEWER.email,
        viewer_password=VIEWER.password or "",
        people=tuple(
            SignIn(role=SYSTEM_ROLES[one.role][0], email=one.email, password=one.password or "")
            for one in ONE_OF_EACH_ROLE
        ),
    )
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    # Opened with its final mode, so that nobody else can read it in between.
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as output:
        json.dump(asdict(credentials), output, indent=2)
        output.write("\n")
    unfinished.replace(file)
    return credentials


def _forget(folder: Path) -> None:
    if (
        connection.vendor != "sqlite"
        or Path(str(connection.settings_dict["NAME"])).resolve().parent != folder.resolve()
    ):
        raise NotTheDemos(
            "The demo throws away files in its own folder, and no database elsewhere. Empty the one of DATABASE_URL "
            "yourself, or unset it."
        )
    connection.close()
    for pattern in (*_LEFT_BEHIND, _UNFINISHED):
        for file in folder.glob(pattern):
            file.unlink()


def _require_the_demos() -> None:
    tables = connection.introspection.table_names()
    if Order._meta.db_table not in tables or not Order.objects.exists():  # noqa: SLF001 - Django's documented name
        return
    if not User.objects.filter(email=ANNA.email).exists():
        database = connection.settings_dict["NAME"]
        raise NotTheDemos(f"{database} holds orders that the demo has not made. Set ORDERWRIGHT_VAR to another folder.")


def _kept(file: Path) -> dict[str, str]:
    try:
        kept = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return {name: value for name, value in kept.items() if isinstance(value, str)} if isinstance(kept, dict) else {}


def _this_minute() -> datetime:
    return now().replace(second=0, microsecond=0)
