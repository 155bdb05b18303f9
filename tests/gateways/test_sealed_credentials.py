"""Credentials lie sealed in the database and open only in the gateway that speaks for the account."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet

from orderwright.payments.errors import CredentialsUnreadable
from orderwright.payments.gateways.port import Account
from orderwright.payments.sealed import seal, seal_anew, unseal

SECRET = {"api_key": "sk_test_canary"}


def test_what_was_sealed_opens_again_and_shows_nothing() -> None:
    sealed = seal(SECRET)

    assert unseal(sealed) == SECRET
    assert "canary" not in sealed


def test_a_new_first_key_seals_while_the_old_one_still_opens(settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.SECRET_SEALING_KEYS = [old]
    sealed = seal(SECRET)
    settings.SECRET_SEALING_KEYS = [new, old]

    anew = seal_anew(sealed)

    settings.SECRET_SEALING_KEYS = [new]
    assert unseal(anew) == SECRET
    with pytest.raises(CredentialsUnreadable):
        unseal(sealed)


def test_an_account_does_not_print_its_credentials() -> None:
    assert "canary" not in repr(Account(credentials=SECRET))
