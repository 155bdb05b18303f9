"""`orderwright create-admin`: the first person who can sign in, or another one."""
# ruff: noqa: N999 - a command is called as its file is

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils.translation import gettext as _

from orderwright.accounts.models import Role, User
from orderwright.accounts.permissions import ADMINISTRATOR
from orderwright.core import clock
from orderwright.core.actor import SYSTEM
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Invalid
from orderwright.core.text import clean_text
from orderwright.journal.writes import append


class Command(BaseCommand):
    """Adds a person who can sign in."""

    help = _("Add a person who can sign in; asks for what is not given.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--email")
        parser.add_argument("--name")
        parser.add_argument("--role", default=ADMINISTRATOR, help=_("slug of the role (default: administrator)"))
        parser.add_argument("--password-stdin", action="store_true", help=_("read the password from standard input"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Add the person. Errors: CommandError for what cannot be: no such role, a weak password, a taken e-mail."""
        role = Role.objects.filter(slug=options["role"]).first()
        if role is None:
            slugs = ", ".join(Role.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                _("There is no role %(slug)s; there are: %(slugs)s.") % {"slug": options["role"], "slugs": slugs}
            )
        email = (options["email"] or input(_("E-mail: "))).strip()
        name = (options["name"] or input(_("Name: "))).strip()
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else _ask_password()
        try:
            validate_email(email)
            clean_text(name, pointer="/name", longest=120, required=True)
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Invalid as error:
            raise CommandError(_("The name cannot be used: %(why)s") % {"why": error.message}) from error
        try:
            in_write_transaction(lambda: _add(email=email, name=name, password=password, role=role))
        except IntegrityError as error:
            raise CommandError(_("%(email)s can sign in already.") % {"email": email}) from error
        self.stdout.write(_("%(email)s can sign in as %(role)s.") % {"email": email, "role": role.name})


def _add(*, email: str, name: str, password: str, role: Role) -> None:
    user = User.objects.create_user(email=email, name=name, password=password, role=role)
    append(
        stream=f"user:{user.pk}",
        kind="user.added",
        actor=SYSTEM,
        now=clock.now(),
        before={"role": None},
        after={"role": role.slug},
    )


def _ask_password() -> str:
    password = getpass.getpass(_("Password: "))
    if getpass.getpass(_("Once more: ")) != password:
        raise CommandError(_("The two differ."))
    return password
