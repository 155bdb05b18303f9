"""What tests of faults share: providers that are not waited for long, and workers that come by later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from orderwright.payments.gateways import practice as gateway
from orderwright.payments.models import Drift
from tests.gateways.mailbox import Mailbox
from tests.support.nursery import Nursery
from tests.support.telling import TellingDesk


@pytest.fixture
def impatient(settings: Any) -> Iterator[None]:
    """Wait one second for an answer instead of half a minute."""
    yield from _waiting(settings, seconds=1)


@pytest.fixture
def hasty(settings: Any) -> Iterator[None]:
    """Wait a tenth of a second, for tests in which an answer that took longer on its way is no other outcome."""
    yield from _waiting(settings, seconds=0.1)


def _waiting(settings: Any, *, seconds: float) -> Iterator[None]:
    settings.PROVIDER_READ_TIMEOUT = seconds
    gateway._pool.cache_clear()
    yield
    gateway._pool().clear()
    gateway._pool.cache_clear()


@pytest.fixture(scope="session")
def _nurseries() -> Iterator[dict[str, Nursery]]:
    opened: dict[str, Nursery] = {}
    yield opened
    for nursery in opened.values():
        nursery.close()


@pytest.fixture
def nursery(_nurseries: dict[str, Nursery], database_url: str, practice: Any) -> Nursery:
    """Give the nursery whose children act on the test's desk and its provider."""
    if database_url not in _nurseries:
        _nurseries[database_url] = Nursery(database_url=database_url, practice_url=practice.url)
    return _nurseries[database_url]


@pytest.fixture(scope="session")
def _mailbox() -> Iterator[Mailbox]:
    opened = Mailbox()
    yield opened
    opened.close()


@pytest.fixture
def open_mailbox(_mailbox: Mailbox) -> Mailbox:
    """Give the place to which providers send what they tell, before a test lets it arrive at the desk."""
    _mailbox.empty()
    return _mailbox


@pytest.fixture
def telling(
    request: pytest.FixtureRequest, practice: Any, open_mailbox: Mailbox, site: Any, clerk: Any, document: Any
) -> Iterator[TellingDesk]:
    """Give a desk with an account at the provider that the test names, while its secret is being replaced."""
    bench = request.param(practice, open_mailbox)
    bench.listen()
    yield TellingDesk(bench, clerk, document, **{bench.secret_name: " ".join(bench.secrets)})
    practice.forget_listeners()
    practice.clear_faults()
    assert not list(Drift.objects.values("kind", "provider_ref", "there_minor", "here_minor"))
