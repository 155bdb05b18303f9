"""The demo's database and credentials: made once, kept by later runs, written down in var/demo.json."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from orderwright.accounts.demo import DEMO_KEY_NAME
from orderwright.accounts.keys import create_key, find_actor
from orderwright.accounts.models import ApiKey, Role
from orderwright.cli.demo_data.playing import Played, play
from orderwright.cli.demo_data.provider import Provider
from orderwright.cli.demo_data.stores import ANNA, VIEWER
from orderwright.core.clock import now
from orderwright.orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What var/demo.json says: where the demo is, and who may use it."""

    url: str
    email: str
    password: str
    api_key: str
    practice_url: str
    viewer_email: str
    viewer_password: str
    mail_port: int


def prepare(*, url: str, practice_url: str, mail_port: int, file: Path) -> tuple[Credentials, Played | None]:
    """Bring the database up to date, fill it if it is empty, and return the credentials.

    Effects: migrations; in an empty database the demo's rows and a fresh key; the file, readable by its owner alone.
    """
    call_command("migrate", verbosity=0)
    api_key = _kept_key(file) or _fresh_key()
    played = None
    if not Order.objects.exists():
        played = _fill(practice_url, api_key)
    credentials = Credentials(
        url=url,
        email=ANNA.email,
        password=ANNA.password or "",
        api_key=api_key,
        practice_url=practice_url,
        viewer_email=VIEWER.email,
        viewer_password=VIEWER.password or "",
        mail_port=mail_port,
    )
    _write(file, credentials)
    connection.close()
    return credentials, played


def forget(folder: Path) -> None:
    """Remove what earlier demos left: both databases with their journals, logs and credentials."""
    for pattern in ("orderwright.sqlite3*", "practice.sqlite3*", "demo.json", "log/*.log"):
        for file in folder.glob(pattern):
            file.unlink()


def _fill(practice_url: str, api_key: str) -> Played:
    storefront = find_actor(api_key, now=now())
    if storefront is None:
        raise RuntimeError("the key that was just made is not known")
    # Made-up data can be made again: waiting for the disk after each of its commits would take longer than all else.
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=OFF")
    try:
        return play(now=now(), provider=Provider(practice_url), storefront=storefront)
    finally:
        connection.close()


def _kept_key(file: Path) -> str | None:
    try:
        kept = json.loads(file.read_text())["api_key"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return kept if isinstance(kept, str) and find_actor(kept, now=now()) else None


def _fresh_key() -> str:
    ApiKey.objects.filter(name=DEMO_KEY_NAME).delete()
    return create_key(name=DEMO_KEY_NAME, role=Role.objects.get(slug="order-manager"))


def _write(file: Path, credentials: Credentials) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Opened with its final mode, so that nobody else can read it in between.
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as output:
        json.dump(asdict(credentials), output, indent=2)
        output.write("\n")
