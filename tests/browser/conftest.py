"""A desk on a real socket, and people who work at it in Chromium. Whatever the browser complains of fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from orderwright.actions import send_mail, settle_operation
from orderwright.core import clock
from tests.browser.desk import serve
from tests.browser.person import Person
from tests.outbox.mail_server import mail_server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Let fixtures use the database: Playwright keeps an event loop in this thread, which looks like async code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        return (yield)
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def mails(settings: Any) -> Iterator[Any]:
    """Catch what the desk sends."""
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        yield server


@pytest.fixture
def desk(db: None, practice: Any, settings: Any) -> Iterator[str]:
    """Serve portal and API over the test's database, and return the address."""
    # Browsers keep style sheets and scripts as in production, else each page asks for thirty files anew.
    settings.WHITENOISE_MAX_AGE = 3600
    with serve() as url:
        yield url


@pytest.fixture
def the_worker_works(db: None) -> Callable[[], None]:
    """Let the worker look after all that is due within a minute, and send the mail."""

    def work() -> None:
        now = clock.now() + timedelta(minutes=1)
        for key in settle_operation.due(now=now):
            settle_operation.run(key=key, now=now)
        send_mail.run(now=clock.now(), worker="browser-test")

    return work


@pytest.fixture
def new_person(chromium: Browser, desk: str) -> Iterator[Callable[..., Person]]:
    """Let people sit down at the desk, each with a browser of their own; what it complained of fails the test."""
    contexts: list[BrowserContext] = []
    people: list[Person] = []

    def sit_down(who: Any, **options: Any) -> Person:
        context = chromium.new_context(base_url=desk, viewport={"width": 1440, "height": 1000}, **options)
        contexts.append(context)
        person = Person(context.new_page(), desk=desk)
        people.append(person)
        person.comes_signed_in(who)
        return person

    yield sit_down
    for context in contexts:
        context.close()
    assert [word for person in people for word in person.complaints] == []


@pytest.fixture
def anna(new_person: Callable[..., Person], clerk: Any) -> Person:
    """Sign the clerk in."""
    return new_person(clerk)


@pytest.fixture
def page(anna: Person) -> Page:
    """Return the clerk's page."""
    return anna.page
