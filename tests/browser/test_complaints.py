"""The browser's complaints are heard: without this, a page that breaks the rules would pass every other test here."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.browser.person import Person

pytestmark = pytest.mark.browser

# What a page might do wrong, and a word of the complaint.
SLIPS = [
    ("const it = document.createElement('script'); it.text = '1'; document.body.append(it)", "Content Security"),
    ("document.body.setAttribute('style', 'color: red')", "Content Security"),
    ("new Image().src = 'https://elsewhere.example.com/pixel.gif'", "Content Security"),
    ("setTimeout(() => { throw new Error('slipped') })", "slipped"),
    ("setTimeout(() => alert('slipped'))", "slipped"),
    ("console.error('slipped')", "slipped"),
    ("new Image().src = '/static/orderwright/no-such-picture.svg'", "404"),
]


def is_heard(anna: Person, word: str) -> bool:
    """Return whether a complaint with this word comes within five seconds, and forget all complaints."""
    latest = time.monotonic() + 5
    while not any(word in complaint for complaint in anna.complaints) and time.monotonic() < latest:
        anna.page.evaluate("null")  # the browser's messages arrive on the way
    found = any(word in complaint for complaint in anna.complaints)
    anna.complaints.clear()
    return found


def test_whatever_the_browser_complains_of_would_fail_a_test(anna: Person, order: Any) -> None:
    anna.opens(order)
    assert anna.complaints == []

    for slip, word in SLIPS:
        anna.page.evaluate(f"() => {{ {slip} }}")

        assert is_heard(anna, word), slip
    # A slip may tell of itself twice; nothing of it is left for the end of the test.
    anna.page.goto("about:blank")
    anna.complaints.clear()
