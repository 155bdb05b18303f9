"""The two shops of tests/accounts, and a desk on which every address names something that is there."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.accounts.conftest import Shop, elsewhere, eu_site, here, open_shop
from tests.matrix.floor import Floor, furnish

__all__ = ["elsewhere", "eu_site", "here", "open_shop"]


@pytest.fixture
def floor(here: Shop, elsewhere: Shop, clerk: Any, settings: Any, caplog: Any) -> Floor:
    """Give the desk. Its provider is out of reach: what is asked of the desk is taken back, there it would stay."""
    made = furnish(here, elsewhere, clerk)
    settings.PRACTICE_URL = "http://127.0.0.1:9"
    caplog.set_level(logging.CRITICAL, logger="django.request")  # thousands are refused
    return made
