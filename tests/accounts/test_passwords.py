"""Which passwords are refused for being easily guessed."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize("password", ["passwordpassword", "Password1PASSWORD1", "dragondragondragon", " qwertyqwerty "])
def test_a_password_that_many_people_use_is_not_taken_when_written_several_times(password) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)

    assert [error.code for error in refused.value.error_list] == ["password_too_common"]
    assert "A password that many people use is not made safer by writing it several times." in (
        password_validators_help_texts()
    )


@pytest.mark.parametrize("password", ["linen-lamp-linen-lamp", "passwordpasswordly", "cozy-home-demo"])
def test_other_words_may_be_repeated_or_stand_beside_a_common_one(password) -> None:
    validate_password(password)
