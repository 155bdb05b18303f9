"""The control page in Chromium: used without JavaScript, and looked at in narrow and wide windows, light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser


def test_a_person_makes_the_next_capture_hang_and_captures_at_the_dashboard(caller, hold, chromium):
    page = chromium.new_page(java_script_enabled=False)
    page.goto(caller.url)
    page.get_by_label("What happens").select_option(label="Do it, then hang without an answer")
    page.get_by_label("Seconds").fill("45")
    page.get_by_role("button", name="Set Next Call").click()

    assert page.get_by_role("status").inner_text() == "The fault waits for its call."
    assert caller.get("/faults").document["items"][0]["seconds"] == 45

    page.get_by_role("button", name="Clear All").click()
    page.get_by_role("link", name=hold).first.click()
    page.get_by_label("Capture Value, USD").fill("40.00")
    page.get_by_role("button", name="Capture", exact=True).click()

    assert "Captured at the provider." in page.get_by_role("status").inner_text()
    assert caller.effects(hold) == [("authorisation", 10000), ("capture", 4000)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_the_pages_fit_their_window_and_pass_axe(caller, chromium, width, scheme):
    hold = caller.authorise(10**12, reference="auth_" + "long_" * 11)
    caller.capture(hold, 10**11, made_by="dashboard", key="k" * 255)
    caller.fault("late_effect", "any", seconds=60)
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)

    for path in ("/", f"/dashboard/authorisations/{hold}", "/dashboard/nothing"):
        page.goto(caller.url + path)
        found = Axe().run(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not found.violations_count, found.generate_report()
