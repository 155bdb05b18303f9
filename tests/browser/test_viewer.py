"""Who may only look sees everything and changes nothing, and is told why at every control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.person import Person

pytestmark = pytest.mark.browser

# What changes an order: every control of the page but those that look elsewhere, go somewhere, or fold something.
CONTROLS = '#order :is(button, select, input:not([type="hidden"]), textarea)'
LOOKING = ("Money only", "Print")
SEND = """
async (address) => {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  return (await fetch(address, {method: "POST", body: form})).status;
}
"""


def test_a_viewer_sees_everything_and_can_press_nothing(
    new_person: Callable[..., Person], viewer: Any, order: Any
) -> None:
    vera = new_person(viewer)
    vera.opens(order)

    for name in ("Cancel Order", "Update Shipment", "Capture Transaction", "Sync Payments", "Save Invoice", "Save"):
        assert "Your role does not allow this" in vera.why_not(vera.button(name)), name
    for name in ("Order State", "Delivery State"):
        assert "Your role does not allow this" in vera.why_not(vera.dropdown(name)), name


def test_a_viewer_has_no_control_that_could_be_used(
    new_person: Callable[..., Person], viewer: Any, clerk: Any, order: Any
) -> None:
    before = clerk.sees(order)
    vera = new_person(viewer)
    vera.opens(order)

    controls = [control for control in vera.page.locator(CONTROLS).all() if control.inner_text() not in LOOKING]
    assert len(controls) > 10
    for control in controls:
        assert control.get_attribute("aria-disabled") == "true", control.evaluate("it => it.outerHTML")
        # A press that is tried all the same, with the mouse and with the keyboard.
        if control.is_visible():
            control.click(force=True)
            vera.page.keyboard.press("Enter")

    # Enter in a field sends its form all the same; the last answer to that may stand there still, and is a refusal.
    said = vera.dialog.inner_text() if vera.dialog.is_visible() else "Your role does not allow this"
    assert "Your role does not allow this" in said
    assert clerk.sees(order) == before


def test_a_viewer_who_knows_the_addresses_is_refused(
    new_person: Callable[..., Person], viewer: Any, clerk: Any, order: Any, practice: Any
) -> None:
    before = clerk.sees(order)
    vera = new_person(viewer)
    vera.opens(order)

    for path in ("cancel", "cancel/resume", "state", "invoice-number", "notes", "shipments/update", "payments/sync"):
        status = vera.page.evaluate(SEND, f"/orders/{order.number}/{path}")

        assert status == 403, path
    assert clerk.sees(order) == before
    assert practice.effects(order) == []
