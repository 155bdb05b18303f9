"""`orderwright demo`: a whole desk on this machine with made-up orders; what `make run` starts."""

from __future__ import annotations

import os
import signal
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import closing
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from orderwright.cli import demo_desk
from orderwright.cli.children import ChildFailed, Children, free_port, is_free
from orderwright.cli.mail_catcher import mail_catcher

_DESK: Final = ["-m", "orderwright.cli.main"]
# Unit: seconds. A machine that is busy with other things needs its time.
_STARTING_S: Final = 60
_POLL_S: Final = 0.5


class Command(BaseCommand):
    """Runs web, worker, practice provider and a mail catcher until Ctrl-C."""

    help = _("Run a whole desk with made-up orders on this machine.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--port", type=int, default=None, help=_("where the portal listens (default: PORT or 8000)")
        )
        parser.add_argument("--reset", action="store_true", help=_("throw the demo's data away first"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start everything, print where it is, start again what ends by itself, and stop everything on Ctrl-C.

        Errors: CommandError in production, when the port or the folder is in use, when the database is not the demo's,
        or when a part keeps ending.
        """
        if settings.IS_PRODUCTION:
            raise CommandError(
                _("The demo's passwords are known to everybody; it does not run where ORDERWRIGHT_ENV is production.")
            )
        port = options["port"] or settings.PORT
        if not is_free(port):
            raise CommandError(
                _("Something listens on 127.0.0.1:%(port)s already. Choose another: PORT=%(next)s make run")
                % {"port": port, "next": free_port(first=port + 1)}
            )
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, _interrupt)
        try:
            with demo_desk.alone_in(settings.VAR_DIR):
                self._run(port, is_to_be_empty=options["reset"])
        except (ChildFailed, demo_desk.AlreadyRunning, demo_desk.NotTheDemos) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write(_("\nStopped. Your data is kept; `make run` goes on with it."))

    def _run(self, port: int, *, is_to_be_empty: bool) -> None:
        folder = settings.VAR_DIR
        self.stdout.write(_("Preparing the desk; the first time this takes some seconds …"))
        is_to_be_filled = demo_desk.open_database(folder, is_to_be_empty=is_to_be_empty)
        practice_port, mail_port = free_port(first=settings.PRACTICE_PORT), free_port(first=settings.EMAIL_PORT)
        practice_url = f"http://127.0.0.1:{practice_port}"
        environment = _environment(practice_url=practice_url, mail_port=mail_port)
        children = Children(log_folder=folder / "log", environment=environment)
        with mail_catcher(port=mail_port, folder=folder / demo_desk.MAILS), closing(_Stopping(children)):
            data = ["--data", str(folder / "practice.sqlite3")]
            provider = children.start(
                "practice-provider", ["-m", "practice_provider", "--port", str(practice_port), *data]
            )
            children.wait_until(provider, _answers(f"{practice_url}/healthz"), seconds=_STARTING_S)
            api_key = demo_desk.api_key_for(folder)
            if is_to_be_filled:
                began = time.monotonic()
                played = demo_desk.fill(folder, practice_url=practice_url, api_key=api_key)
                took = round(time.monotonic() - began)
                self.stdout.write(
                    _("%(orders)s made-up orders are in it, after %(seconds)s seconds.")
                    % {"orders": played.orders, "seconds": took}
                )
            url = f"http://127.0.0.1:{port}"
            credentials = demo_desk.write_credentials(folder, url=url, practice_url=practice_url, api_key=api_key)
            children.start("worker", [*_DESK, "worker"])
            web = children.start("web", [*_DESK, "serve", "--port", str(port)])
            children.wait_until(web, _answers(url), seconds=_STARTING_S)
            self._announce(credentials, mail_port=mail_port)
            while True:
                children.tend(say=self.stderr.write)
                time.sleep(_POLL_S)

    def _announce(self, credentials: demo_desk.Credentials, *, mail_port: int) -> None:
        told = (credentials.email, credentials.viewer_email)
        caught = {"url": credentials.url, "port": mail_port, "folder": settings.VAR_DIR / demo_desk.MAILS}
        others = [one for one in credentials.people if one.email not in told]
        rows = (
            (_("Open"), self.style.SUCCESS(credentials.url)),
            (_("Sign in as"), f"{credentials.email}   {credentials.password}"),
            (_("or, to look only"), f"{credentials.viewer_email}   {credentials.viewer_password}"),
            *((_("or as %(role)s") % {"role": one.role}, f"{one.email}   {one.password}") for one in others),
            (_("API"), f"{credentials.url}/api/docs"),
            (_("Demo API key"), credentials.api_key),
            (_("Practice provider"), credentials.practice_url),
            (_("Emails"), _("%(url)s/emails; caught on port %(port)s into %(folder)s") % caught),
        )
        file = settings.VAR_DIR / "demo.json"
        width = max(len(label) for label, _value in rows)
        lines = [f"  {label.ljust(width)}   {value}" for label, value in rows]
        self.stdout.write(
            "\n" + "\n".join(lines) + "\n\n" + _("The same is in %(file)s. Ctrl-C stops everything.") % {"file": file}
        )
        self.stdout.flush()


class _Stopping:
    """Stops the children at the end, whatever else is pressed meanwhile."""

    def __init__(self, children: Children) -> None:
        self._children = children

    def close(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        self._children.stop()


def _environment(*, practice_url: str, mail_port: int) -> dict[str, str]:
    """Return the children's environment, and set this process's settings to the same: no mail leaves the machine."""
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""}
    for name, value in mail.items():
        setattr(settings, name, value)
    settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.PRACTICE_URL = mail_port, False, practice_url
    ports = {"EMAIL_PORT": str(mail_port), "EMAIL_USE_TLS": "false", "PRACTICE_URL": practice_url}
    return {**os.environ, **mail, **ports}


def _answers(url: str) -> Callable[[], bool]:
    def is_answering() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - an address of our own
                return True
        except (urllib.error.URLError, OSError):
            return False

    return is_answering


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
