"""Browsers without script and with htmx, signed in as the people of the desk."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from orderwright.reads.rows import OrderDetail


class Browser:
    """A browser of one person: `open` and `press` the plain way, `peek` and `tap` as htmx does. Follows nothing."""

    def __init__(self, user: Any = None, *, checks_forms: bool = False, is_confirmed: bool = True) -> None:
        self.client = Client(enforce_csrf_checks=checks_forms)
        if user is not None:
            self.client.force_login(user)
            if is_confirmed:
                self.confirm(user)

    def confirm(self, user: Any) -> None:
        """Have the person just said once more who they are, as before delicate pages."""
        session = self.client.session
        said = {"method": "password", "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [said]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    def open(self, path: str, **values: str) -> HttpResponse:
        return self.client.get(path, values)

    def press(self, path: str, **values: Any) -> HttpResponse:
        return self.client.post(path, values)

    def peek(self, path: str, *, at: str = "", **values: str) -> HttpResponse:
        return self.client.get(path, values, headers=_htmx(at))

    def tap(self, path: str, *, at: str = "", **values: Any) -> HttpResponse:
        return self.client.post(path, values, headers=_htmx(at))


def _htmx(at: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{at}"}


@pytest.fixture
def browser(clerk: Any) -> Browser:
    """Return the clerk's browser."""
    return Browser(clerk.user)


@pytest.fixture
def viewer_browser(viewer: Any) -> Browser:
    """Return the browser of somebody who may only look."""
    return Browser(viewer.user)


@pytest.fixture
def stranger(db: None) -> Browser:
    """Return a browser in which nobody has signed in."""
    return Browser()


@pytest.fixture
def words() -> Callable[[HttpResponse], str]:
    """Return an answer's words without its markup."""

    def plain(answer: HttpResponse) -> str:
        shown = re.sub(r"<(script|template)[^>]*>.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", shown)))

    return plain


@pytest.fixture
def element() -> Callable[[HttpResponse, str], str]:
    """Return the opening tag of the element with this id; it has to be there."""

    def tag(answer: HttpResponse, name: str) -> str:
        found = re.search(rf'<[a-z]+ [^>]*\bid="{re.escape(name)}"[^>]*>', answer.content.decode())
        assert found is not None, f"no element #{name}"
        return found[0]

    return tag


@pytest.fixture
def place() -> Callable[..., str]:
    """Return the path of an order's page or of something below it."""

    def path(order: OrderDetail, *below: object) -> str:
        return "/".join(("", "orders", order.number, *map(str, below)))

    return path
