"""What is known to everybody from the demo opens nothing in production."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.contrib.auth import authenticate
from django.http import HttpRequest

from orderwright.accounts.backends import EmailBackend
from orderwright.accounts.demo import DEMO_KEY_NAME
from orderwright.accounts.keys import create_key, find_actor
from orderwright.accounts.models import Role, User

PASSWORD = "cozy-home-demo"


@pytest.fixture
def anna(db):
    role = Role.objects.get(slug="order-manager")
    return User.objects.create_user(email="Anna@cozy-home.example", name="Anna Kovac", password=PASSWORD, role=role)


@pytest.mark.parametrize(("is_production", "may_sign_in"), [(False, True), (True, False)])
def test_nobody_of_the_demo_signs_in_or_stays_signed_in_in_production(anna, settings, is_production, may_sign_in):
    settings.IS_PRODUCTION = is_production

    signed_in = authenticate(HttpRequest(), email="anna@cozy-home.example", password=PASSWORD)
    still_there = EmailBackend().get_user(anna.pk)

    assert (signed_in is not None) is may_sign_in
    assert (still_there is not None) is may_sign_in


def test_somebody_else_signs_in_in_production(clerk, settings):
    settings.IS_PRODUCTION = True

    assert EmailBackend().get_user(clerk.user.pk) == clerk.user


@pytest.mark.parametrize(
    ("name", "is_production", "is_known"),
    [
        (DEMO_KEY_NAME, False, True),
        (DEMO_KEY_NAME, True, False),
        ("Storefront", True, True),
    ],
)
def test_the_key_of_the_demo_is_nobodys_in_production(db, settings, now, name, is_production, is_known):
    key = create_key(name=name, role=Role.objects.get(slug="order-manager"))
    settings.IS_PRODUCTION = is_production

    assert (find_actor(key, now=now) is not None) is is_known


@pytest.mark.parametrize("secret", [{}, {"SECRET_KEY": "a secret of this installation"}])
def test_the_demo_does_not_start_in_production(tmp_path, secret):
    environment = {**os.environ, "ORDERWRIGHT_ENV": "production", "ORDERWRIGHT_VAR": str(tmp_path), **secret}
    environment.pop("DATABASE_URL", None)

    refused = subprocess.run(
        [sys.executable, "-m", "orderwright.cli.main", "demo"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert "it does not run where ORDERWRIGHT_ENV is production" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not any(file.name != "orderwright.sqlite3" for file in tmp_path.iterdir())


def test_a_desk_without_a_secret_key_says_so_in_one_line(tmp_path):
    environment = {**os.environ, "ORDERWRIGHT_ENV": "production", "ORDERWRIGHT_VAR": str(tmp_path)}

    refused = subprocess.run(
        [sys.executable, "-m", "orderwright.cli.main", "verify"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert refused.stderr == "orderwright: SECRET_KEY must be set when ORDERWRIGHT_ENV is production.\n"


def test_an_own_address_that_is_none_is_refused_in_one_line(tmp_path):
    environment = {**os.environ, "PUBLIC_ADDRESS": "https://desk.example/orders", "ORDERWRIGHT_VAR": str(tmp_path)}

    refused = subprocess.run(
        [sys.executable, "-m", "orderwright.cli.main", "verify"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert refused.stderr == (
        "orderwright: PUBLIC_ADDRESS is a scheme and a host, and perhaps a port: https://desk.example\n"
    )
