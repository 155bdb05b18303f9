"""`orderwright create-admin` adds the first person who can sign in."""

from __future__ import annotations

import io
import sys

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.http import HttpRequest

from orderwright.accounts.models import User
from orderwright.journal.models import Entry

PASSWORD = "correct horse battery staple"


@pytest.fixture
def create(db, monkeypatch):
    """Add a person with a password that comes from standard input."""

    def run(*, email="Nadia@shop.example.com", name="Nadia Brun", password=PASSWORD, **more):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        call_command("create-admin", email=email, name=name, password_stdin=True, **more)

    return run


def test_the_person_can_sign_in_and_the_journal_knows_without_a_name(create, capsys):
    create()

    person = authenticate(HttpRequest(), email="nadia@shop.example.com", password=PASSWORD)
    assert (person.name, person.email) == ("Nadia Brun", "Nadia@shop.example.com")
    assert [(held.role, held.site_id) for held in person.held_roles] == [("administrator", None)]
    assert capsys.readouterr().out == "Nadia@shop.example.com can sign in as Administrator.\n"
    entry = Entry.objects.get(stream=f"user:{person.pk}")
    assert (entry.kind, entry.after) == ("user.added", {"role": "administrator"})


def test_a_person_may_be_given_another_role(create):
    create(role="viewer")

    assert [held.role for held in User.objects.get().held_roles] == ["viewer"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"role": "emperor"}, "There is no role emperor; there are: administrator, integrator, order-clerk, order-man"),
        ({"email": "nobody"}, "valid email"),
        ({"name": "Na\x00dia"}, "The name cannot be used"),
        ({"name": "  "}, "The name cannot be used"),
        ({"password": "short"}, "at least 12 characters"),
        ({"password": "qwerty123456"}, "too common"),
    ],
)
def test_what_cannot_be_is_refused_and_nobody_is_added(create, wrong, words):
    with pytest.raises(CommandError, match=words):
        create(**wrong)

    assert not User.objects.exists()
    assert not Entry.objects.exists()


def test_an_email_that_signs_in_already_is_refused_in_any_letter_case(create):
    create()

    with pytest.raises(CommandError, match="can sign in already"):
        create(email="NADIA@shop.example.com")

    assert User.objects.count() == 1


def test_what_is_not_given_is_asked_for(db, monkeypatch):
    answers = iter(["nadia@shop.example.com", "Nadia Brun"])
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda _question: PASSWORD)

    call_command("create-admin")

    assert User.objects.get().name == "Nadia Brun"


def test_two_passwords_that_differ_are_refused(db, monkeypatch):
    answers = iter([PASSWORD, f"{PASSWORD}!"])
    monkeypatch.setattr("getpass.getpass", lambda _question: next(answers))

    with pytest.raises(CommandError, match="The two differ"):
        call_command("create-admin", email="nadia@shop.example.com", name="Nadia Brun")

    assert not User.objects.exists()
