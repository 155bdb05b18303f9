"""What a refusal names: each place in what was sent, with what is wrong there."""

from __future__ import annotations

import pytest

from orderwright.core.errors import Invalid


def pointers(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    """Return the place and the code of each fault, in the order of the places."""
    return sorted((field.pointer, field.code) for field in refused.value.fields)
