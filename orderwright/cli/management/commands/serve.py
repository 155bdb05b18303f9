"""`orderwright serve`: portal and API behind gunicorn, on this machine unless told otherwise."""

from __future__ import annotations

import socket
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

# Threads mostly wait: a provider that hangs keeps one for half a minute, and a dozen of them must not keep out the
# clerks who only read. More machines, more processes.
WORKERS = 2
THREADS = 24
# Unit: seconds. Longer than a provider may take to connect and to answer, so that a slow one is not taken for a dead
# worker.
TIMEOUT_S = 90
GRACE_S = 10
# Where gunicorn's workers show that they are alive: memory, where the system has it, for a disk may stall.
_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes a file there that only its workers can open


class Desk(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """The desk as gunicorn runs it. Loaded before the workers are made, so that they share its memory."""

    def __init__(self, options: dict[str, Any]) -> None:
        """Take gunicorn's settings, by their names there."""
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand the settings over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application with every address imported, so that the first visitor does not wait."""
        import_module(settings.ROOT_URLCONF)
        return import_string(settings.WSGI_APPLICATION)


class Command(BaseCommand):
    """Serves the portal and the API."""

    help = _("Serve the portal and the API.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--host", default="127.0.0.1", help=_("address to listen on (default: this machine only)"))
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=WORKERS, help=_("processes"))
        parser.add_argument("--threads", type=int, default=THREADS, help=_("threads of each process"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until SIGTERM or Ctrl-C. Errors: CommandError when the address cannot be listened on."""
        host, port = options["host"], options["port"]
        if reason := _obstacle(host, port):
            raise CommandError(
                _("Cannot listen on %(host)s, port %(port)s: %(reason)s.")
                % {"host": host, "port": port, "reason": reason}
            )
        Desk(
            {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "worker_class": "gthread",
                "workers": options["workers"],
                "threads": options["threads"],
                "timeout": TIMEOUT_S,
                "graceful_timeout": GRACE_S,
                "preload_app": True,
                "worker_tmp_dir": str(_MEMORY) if _MEMORY.is_dir() else None,
                "proc_name": "orderwright",
                "loglevel": "warning",
                # Its socket lies in the home folder, one for all desks of a person.
                "control_socket_disable": True,
            }
        ).run()


def _obstacle(host: str, port: int) -> str:
    """Return why nobody can listen there, in the system's words, or nothing."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        return str(getattr(error, "strerror", None) or error)
    return ""
