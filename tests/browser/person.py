"""Somebody in front of a browser: finds controls by the guide's words, and counts steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

from tests.support.drivers import PASSWORD


class Person:
    """One person with one page. `complaints` is what the browser said that it should not have had to say."""

    def __init__(self, page: Page, *, desk: str, complaints: list[str] | None = None) -> None:
        self.page = page
        self.desk = desk
        self.steps = 0
        self.complaints: list[str] = [] if complaints is None else complaints
        self.navigations: list[str] = []
        page.set_default_timeout(15_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dismiss)
        page.on("requestfailed", self._miss)
        page.on("response", self._judge)
        page.on("framenavigated", lambda frame: self.navigations.append(frame.url))

    def _hear(self, message: ConsoleMessage) -> None:
        # An answer of 4xx is how the desk refuses; the browser writes it down as an error of its own.
        refused = re.search(r"status of 4\d\d|Response Status Error Code 4\d\d", message.text)
        # A hint that is asked for anew breaks the question before it off, and htmx tells of it.
        broken_off = message.text.startswith(("htmx:afterRequest", "htmx:sendAbort"))
        if message.type in ("error", "warning") and not refused and not broken_off:
            self.complaints.append(message.text)

    def _dismiss(self, dialog: Any) -> None:
        self.complaints.append(f"a script asked: {dialog.message}")
        dialog.dismiss()

    def _miss(self, request: Request) -> None:
        # Leaving a page, or asking for a hint anew, breaks off what is under way.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.method} {request.url}: {request.failure}")

    def _judge(self, response: Response) -> None:
        # 503 with Retry-After is how the desk says that somebody else does not answer.
        is_file_missing = response.status == 404 and "/static/" in response.url
        if is_file_missing or (response.status >= 500 and response.status != 503):
            self.complaints.append(f"{response.status} {response.url}")

    def another_tab(self) -> Person:
        """Open a second tab of the same browser, signed in as well."""
        return Person(self.page.context.new_page(), desk=self.desk, complaints=self.complaints)

    def sign_in(self, who: Any) -> None:
        """Sign in by the form."""
        self.page.goto(f"{self.desk}/sign-in")
        self.page.get_by_label("E-mail").fill(who.user.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.is_at("Open Orders")

    def comes_signed_in(self, who: Any) -> None:
        """Be signed in from before, which is quicker than the form, and be at the open orders."""
        client = Client()
        client.force_login(who.user)
        morsel = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": morsel.key, "value": morsel.value, "url": self.desk}])
        self.page.goto(f"{self.desk}/orders/open")
        self.is_at("Open Orders")

    def confirms(self, path: str) -> None:
        """Say once more who it is, where a delicate page asks for it, and be at the page that was wanted."""
        self.page.goto(f"{self.desk}/confirm?next={path}")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Confirm").click()
        self.page.wait_for_url(f"{self.desk}{path}")
        self.page.wait_for_load_state()

    def is_at(self, heading: str) -> None:
        """Expect a page with this heading, its scripts included: before them, every button leads to a page."""
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible()
        self.page.wait_for_load_state()

    def opens(self, order: Any) -> None:
        """Open an order's page."""
        self.page.goto(f"{self.desk}/orders/{order.number}")
        self.is_at(f"#{order.number}")

    # Controls, by role and name, as the guide calls them.

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def box(self, name: str, nth: int = 0) -> Locator:
        return self.page.get_by_role("textbox", name=name, exact=True).nth(nth)

    def dropdown(self, name: str, nth: int = 0) -> Locator:
        return self.page.get_by_role("combobox", name=name, exact=True).nth(nth)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def is_told(self, text: str) -> None:
        """Expect a toast with these words."""
        expect(self.page.get_by_role("status").filter(has_text=text)).to_be_visible()

    # Steps, counted as the budget counts them: a click, a key, or a field that is filled.

    def click(self, control: Locator) -> None:
        self.steps += 1
        control.click()

    def fill(self, control: Locator, text: str) -> None:
        self.steps += 1
        control.fill(text)

    def press(self, key: str) -> None:
        self.steps += 1
        self.page.keyboard.press(key)

    def choose(self, control: Locator, label: str) -> None:
        """Open a dropdown and choose: two steps."""
        self.steps += 2
        control.select_option(label=label)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Expect that the page is not loaded anew inside the block."""
        self.page.evaluate("window.isTheSame = true")
        yield
        assert self.page.evaluate("window.isTheSame") is True, "the page was loaded anew"

    def why_not(self, control: Locator) -> str:
        """Return the reason that a control which is not available gives to a screen reader."""
        expect(control).to_have_attribute("aria-disabled", "true")
        described_by = (control.get_attribute("aria-describedby") or "").split()
        return self.page.locator(f"#{described_by[0]}").text_content() or ""
