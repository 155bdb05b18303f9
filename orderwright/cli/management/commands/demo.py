"""`orderwright demo`: a whole desk on this machine with made-up orders; what `make run` starts."""

from __future__ import annotations

import os
import signal
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from orderwright.cli import demo_desk
from orderwright.cli.children import ChildFailed, Children, free_port, is_free, is_listening

_DESK: Final = ["-m", "orderwright.cli.main"]
_STARTING_S: Final = 30
_POLL_S: Final = 0.5


class Command(BaseCommand):
    """Runs web, worker, practice provider and a mail catcher until Ctrl-C."""

    help = _("Run a whole desk with made-up orders on this machine.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--port", type=int, default=None, help=_("where the portal listens (default: PORT or 8000)")
        )
        parser.add_argument("--reset", action="store_true", help=_("throw the demo's data away first"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start everything, print where it is, and stop it on Ctrl-C, SIGTERM, or when a part of it ends."""
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
        if options["reset"]:
            demo_desk.forget(settings.VAR_DIR)
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            self._run(port)
        except ChildFailed as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write(_("\nStopped. Your data is kept; `make run` goes on with it."))

    def _run(self, port: int) -> None:
        practice_port, mail_port = free_port(first=settings.PRACTICE_PORT), free_port(first=settings.EMAIL_PORT)
        practice_url = f"http://127.0.0.1:{practice_port}"
        settings.PRACTICE_URL, settings.EMAIL_PORT = practice_url, mail_port
        environment = {**os.environ, "PRACTICE_URL": practice_url, "EMAIL_PORT": str(mail_port)}
        with _mail_catcher(mail_port), _children(environment) as children:
            data = str(settings.VAR_DIR / "practice.sqlite3")
            provider = children.start(
                "practice-provider", ["-m", "practice_provider", "--port", str(practice_port), "--data", data]
            )
            children.wait_until(provider, lambda: is_listening(practice_port), seconds=_STARTING_S)
            self.stdout.write(_("Preparing the desk; the first time this takes some seconds …"))
            credentials, played = demo_desk.prepare(
                url=f"http://127.0.0.1:{port}",
                practice_url=practice_url,
                mail_port=mail_port,
                file=settings.VAR_DIR / "demo.json",
            )
            if played is not None:
                self.stdout.write(_("%(orders)s made-up orders are in it.") % {"orders": played.orders})
            children.start("worker", [*_DESK, "worker"])
            web = children.start("web", [*_DESK, "serve", "--port", str(port)])
            children.wait_until(web, lambda: is_listening(port), seconds=_STARTING_S)
            self._announce(credentials)
            while True:
                children.require_all()
                time.sleep(_POLL_S)

    def _announce(self, credentials: demo_desk.Credentials) -> None:
        rows = (
            (_("Open"), self.style.SUCCESS(credentials.url)),
            (_("Sign in as"), f"{credentials.email}   {credentials.password}"),
            (_("or, to look only"), f"{credentials.viewer_email}   {credentials.viewer_password}"),
            (_("API"), f"{credentials.url}/api/docs"),
            (_("Demo API key"), credentials.api_key),
            (_("Practice provider"), credentials.practice_url),
        )
        width = max(len(label) for label, _value in rows)
        lines = [f"  {label.ljust(width)}   {value}" for label, value in rows]
        self.stdout.write(
            "\n" + "\n".join(lines) + "\n\n" + _("The same is in var/demo.json. Ctrl-C stops everything.")
        )


@contextmanager
def _children(environment: dict[str, str]) -> Iterator[Children]:
    children = Children(log_folder=settings.VAR_DIR / "log", environment=environment)
    try:
        yield children
    finally:
        children.stop()


@contextmanager
def _mail_catcher(port: int) -> Iterator[None]:
    """Take every mail and keep none: the portal's Emails page shows them as sent."""
    catcher = Controller(Sink(), hostname="127.0.0.1", port=port)
    catcher.start()
    try:
        yield
    finally:
        catcher.stop()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
