"""The `orderwright` entry point: Django's command runner with our settings."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command named on the command line. Errors: one line and exit code 1 when the settings cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings  # noqa: PLC0415 - the name of the settings comes first
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - as above
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - as above
    from environs import EnvError  # noqa: PLC0415 - as above

    # The demo makes up its own secrets, so that a secret key is not what it lacks in production.
    if sys.argv[1:2] == ["demo"] and os.environ.get("ORDERWRIGHT_ENV") == "production":
        sys.exit(
            "orderwright: The demo's passwords are known to everybody; "
            "it does not run where ORDERWRIGHT_ENV is production."
        )
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reads the settings, so that what is wrong with them is said in one line
    except (ImproperlyConfigured, EnvError) as error:
        sys.exit(f"orderwright: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
