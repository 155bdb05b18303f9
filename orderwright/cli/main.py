"""The `orderwright` entry point: Django's command runner with our settings."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings come first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
