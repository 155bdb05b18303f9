"""Takes the pictures that README and docs show, from a demo of its own: `make pictures`, ARGS="cancel keys" some."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FloatRect, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
DESKTOP = {"width": 1440, "height": 1000}
PHONE = {"width": 360, "height": 800}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
STARTING_S = 300
SENDING_S = 60
# So much of the page shows round a part of it, less than cards stand apart.
MARGIN_PX = 12
# The order that the README's tour is about.
SHOWPIECE = "/orders/1042"


def main(names: Collection[str] = ()) -> int:
    """Take the pictures of these names, or every one, and return 0."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with demo() as desk, sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        Photographer(browser, desk, names).take_all()
        browser.close()
    return 0


@contextmanager
def demo() -> Iterator[dict[str, Any]]:
    """Run a demo on free ports in a folder of its own, and give what its demo.json says."""
    with tempfile.TemporaryDirectory(prefix="orderwright-pictures-") as folder:
        ports = {name: str(free_port()) for name in ("PORT", "PRACTICE_PORT", "EMAIL_PORT")}
        process = subprocess.Popen(
            [sys.executable, "-m", "orderwright.cli.main", "demo"],
            env={**os.environ, **ports, "ORDERWRIGHT_VAR": folder},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield wait_for(Path(folder) / "demo.json", process, port=int(ports["PORT"]))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def wait_for(file: Path, process: subprocess.Popen[bytes], *, port: int) -> dict[str, Any]:
    """Return the demo's credentials once its portal takes connections. Raises: RuntimeError when it does not start."""
    ends_at = time.monotonic() + STARTING_S
    while time.monotonic() < ends_at and process.poll() is None:
        with socket.socket() as probe:
            if file.exists() and probe.connect_ex(("127.0.0.1", port)) == 0:
                credentials: dict[str, Any] = json.loads(file.read_text())
                return credentials
        time.sleep(0.2)
    raise RuntimeError("the demo did not start")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Photographer:
    """Goes through the portal with a signed-in clerk and takes pictures."""

    def __init__(self, browser: Browser, desk: dict[str, Any], names: Collection[str]) -> None:
        """Sign nobody in yet. `names`: the pictures that are kept; none for all."""
        self.browser = browser
        self.desk = desk
        self.names = names

    def take_all(self) -> None:
        """Take every picture; what changes the order comes last."""
        with self.sat_down() as page:
            self.take_pages(page)
            self.take_sections(page)
            self.take_dialogs(page)
            self.take_shipping(page)
            self.take_people(page)
        with self.sat_down(color_scheme="dark") as page:
            self.take(page, "order-dark", SHOWPIECE)
        with self.sat_down(viewport=PHONE) as page:
            self.take(page, "order-360", SHOWPIECE)
            self.take(page, "open-orders-360", "/orders/open")
        with self.sat_down() as page:
            self.take_email_words(page)
            self.take_drift(page)
            self.take_two_people(page)
            self.take_moves(page)
            self.take_acts(page)
        with self.window() as page:
            self.take(page, "sign-in", "/sign-in")
            self.take(page, "forgotten-password", "/sign-in/forgotten")
            self.take(page, "api-docs", "/api/docs")
            self.take(page, "practice-provider", self.desk["practice_url"])

    def take_pages(self, page: Page) -> None:
        """Take the pages as they are when one opens them."""
        self.take(page, "open-orders", "/orders/open")
        self.take(page, "all-orders-search", "/orders?q=norman")
        self.take(page, "order-configurations", "/order-configurations")
        self.take(page, "order-moves", "/order-moves")
        self.take(page, "bulk-job", "/bulk-jobs/1")
        self.take(page, "payment-providers", "/payment-providers")
        self.take(page, "sites", "/sites")
        self.take(page, "api-keys", "/api-keys")
        self.take(page, "security", "/security")
        self.take(page, "emails", "/emails")
        self.take(page, "ledger", "/ledger")
        self.take(page, "audit", "/audit")
        self.take(page, "order", SHOWPIECE)
        self.take(page, "outcome-unknown", self.first_with(page, "/orders?payment=unknown"))
        self.take(page, "cancel-requested", self.first_with(page, "/orders?state=cancel-requested&payment=captured"))
        self.take(page, "cancellation-requested", self.first_with(page, "/orders/open?cancellation=requested"))
        self.take(page, "exceptions", "/exceptions")
        self.take(page, "expiring-holds", "/expiring-holds")

    def take_sections(self, page: Page) -> None:
        """Take the parts of the order page in which one works, with something typed and nothing saved."""
        page.goto(self.desk["url"] + SHOWPIECE)
        page.get_by_role("combobox", name="Order State").focus()
        self.cut_out(page, "order-state", page.locator(".head"), margin_px=4)
        page.get_by_role("textbox", name="Invoice Number").fill("INV-2026-0872")
        self.cut_out(page, "invoice-number", page.locator("section", has=page.get_by_label("Invoice Number")))
        page.get_by_role("textbox", name="Notes").fill("Courier comes on Tuesday before noon.")
        self.cut_out(page, "notes", page.locator("#notes"))
        items = page.locator("section", has=page.get_by_role("heading", name="Items"))
        items.get_by_role("combobox", name="Delivery State").last.focus()
        self.cut_out(page, "delivery-state", items)
        items.get_by_role("textbox", name="Tracking Number").last.fill("7712 3456 7890")
        self.cut_out(page, "tracking-number", items)
        page.mouse.click(1, 1)
        self.cut_out(page, "payments", page.locator("#payments"))

    def take_dialogs(self, page: Page) -> None:
        """Take the dialogs of the order, and leave each without doing anything."""
        page.goto(self.desk["url"] + SHOWPIECE)
        dialog = page.get_by_role("dialog")
        page.get_by_role("button", name="Edit", exact=True).click()
        self.snap(page, "edit-customer", dialog)
        page.get_by_role("link", name="Privacy: export or erase").click()
        self.snap(page, "privacy", dialog)
        page.get_by_role("button", name="Update Shipment").click()
        dialog.get_by_role("checkbox", name="Linen lamp shade, sand").check()
        dialog.get_by_role("spinbutton", name="Quantity").fill("1")
        dialog.get_by_role("checkbox", name="Wool rug").check()
        dialog.get_by_label("Shipment method").select_option(label="Courier, same day")
        dialog.get_by_text("These 2 items become").wait_for()
        self.snap(page, "update-shipment", dialog)
        page.get_by_role("textbox", name="Capture Value").fill("120.00")
        page.get_by_role("button", name="Capture Transaction").click()
        self.snap(page, "capture", dialog)
        page.get_by_role("button", name="Refund", exact=True).click()
        dialog.get_by_role("checkbox", name="Linen lamp shade, sand").check()
        dialog.get_by_role("spinbutton", name="Quantity").fill("1")
        dialog.get_by_label("Shipping").fill("5.00")
        self.cut_out(page, "refund", dialog)
        dialog.get_by_role("button", name="Review refund").click()
        dialog.get_by_role("button", name="Refund $").wait_for()
        self.snap(page, "refund-review", dialog)
        page.get_by_role("button", name="Reverse", exact=True).click()
        self.snap(page, "reverse", dialog)
        page.goto(self.desk["url"] + self.first_with(page, "/orders?state=cancel-requested&payment=captured"))
        page.get_by_role("button", name="Resume").click()
        self.snap(page, "resume", dialog)
        page.goto(self.desk["url"] + SHOWPIECE)
        page.get_by_role("combobox", name="Order State").select_option("completed")
        self.snap(page, "completion-question", dialog)
        page.get_by_role("button", name="Cancel Order").click()
        self.snap(page, "cancel", dialog)
        page.keyboard.press("?")
        self.snap(page, "keys", dialog)
        page.goto(f"{self.desk['url']}/order-configurations")
        page.get_by_role("button", name="Add Status").click()
        dialog.get_by_label("Name").fill("Waiting for supplier")
        dialog.get_by_label("Description").fill("Ordered from the supplier, not yet here.")
        self.snap(page, "add-status", dialog)
        page.goto(f"{self.desk['url']}/payment-providers")
        page.get_by_role("button", name="Add provider").click()
        dialog.get_by_label("Kind of provider").select_option("stripe")
        dialog.get_by_role("button", name="Continue").click()
        dialog.get_by_label("Short name").fill("stripe-eu")
        self.snap(page, "add-provider", dialog)

    def take_shipping(self, page: Page) -> None:
        """Take Shipping's three sections, the form of a carrier, and what is remarked about a number on an order."""
        self.take(page, "shipping-delivery-states", "/shipping/delivery-states")
        self.take(page, "shipping-methods", "/shipping/methods")
        self.take(page, "shipping-carriers", "/shipping/carriers")
        page.get_by_role("button", name="Add carrier").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Name", exact=True).fill("PostNL")
        dialog.get_by_label("Tracking page").fill("https://carrier.example/{language}/{number}?postcode={postcode}")
        dialog.get_by_label("Try it with a tracking number").fill("3S ABCD 123")
        dialog.get_by_role("link").wait_for()
        dialog.get_by_label("Numbers recognised as").select_option(label="PostNL")
        self.snap(page, "add-carrier", dialog)
        page.goto(self.desk["url"] + self.first_with(page, "/orders?q=avigail"))
        self.cut_out(page, "tracking-remark", page.locator("section", has=page.get_by_role("heading", name="Items")))

    def take_people(self, page: Page) -> None:
        """Take Users and roles, its dialogs with something typed and nothing saved, and one's own profile."""
        self.take(page, "users-and-roles", "/users")
        dialog = page.get_by_role("dialog")
        page.get_by_role("button", name="Invite").click()
        dialog.get_by_label("Name").fill("Nora Neu")
        dialog.get_by_label("E-mail").fill("nora@cozy-home.example")
        dialog.get_by_label("For").select_option(label="Cozy Home EU")
        self.snap(page, "invite", dialog)
        page.get_by_role("row", name="Kenji Mori").get_by_role("button", name="Manage").click()
        self.snap(page, "person", dialog)
        page.get_by_role("row", name="Kenji Mori").get_by_role("button", name="Manage").click()
        dialog.get_by_role("button", name="Remove second factor…").click()
        dialog.get_by_role("button", name="Keep it").wait_for()
        self.snap(page, "remove-second-factor", dialog)
        page.get_by_role("row", name="Returns desk").get_by_role("button", name="Edit").click()
        self.snap(page, "add-role", dialog)
        self.take(page, "profile", "/profile")

    def take_email_words(self, page: Page) -> None:
        """Write a mail's words twice, and take the list, the words on an order and what the second version changed."""
        place = "/email-templates/order_shipped/all-sites/any-language"
        for subject in ("Your order {{ number }} has left us", "On its way to you: order {{ number }}"):
            page.goto(self.desk["url"] + place)
            page.get_by_label("Subject").fill(subject)
            page.get_by_role("button", name="Save", exact=True).click()
            page.get_by_text("in use", exact=True).wait_for()
        page.goto(self.desk["url"] + place)
        page.get_by_label("Order number").fill(SHOWPIECE.rpartition("/")[2])
        page.get_by_role("button", name="Preview").click()
        page.frame_locator("iframe").get_by_text("Bob Norman").first.wait_for()
        page.evaluate("scrollTo(0, 0)")
        self.keep(page, "email-template")
        self.take(page, "email-version", f"{place}/versions/2")
        self.take(page, "email-templates", "/email-templates")

    def take_drift(self, page: Page) -> None:
        """Capture at the provider, past the desk, sync, and take the difference that is kept to be decided."""
        held = self.first_with(page, "/orders?payment=authorised&state=processing")
        page.goto(self.desk["url"] + held)
        reference = page.locator(".pay .meta").first.inner_text().split(" · ")[2]
        asked = urllib.request.Request(  # noqa: S310 - the demo's own provider
            f"{self.desk['practice_url']}/authorisations/{reference}/captures",
            data=json.dumps({"amount": 2500}).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": "picture"},
        )
        urllib.request.urlopen(asked, timeout=10).close()  # noqa: S310 - as above
        page.get_by_role("button", name="Sync Payments").click()
        page.get_by_role("dialog").get_by_role("button", name="Book nothing").click()
        page.get_by_text("waits on Provider drift").wait_for()
        self.take(page, "provider-drift", "/provider-drift")

    def take_two_people(self, page: Page) -> None:
        """Have a colleague set the invoice number that is being typed here, and take the choice."""
        page.goto(self.desk["url"] + SHOWPIECE)
        colleague = next(each["email"] for each in self.desk["people"] if each["role"] == "Order manager")
        with self.sat_down(colleague) as other:
            other.goto(self.desk["url"] + SHOWPIECE)
            other.get_by_role("textbox", name="Invoice Number").fill("INV-2026-0873")
            other.get_by_role("button", name="Save Invoice").click()
            other.get_by_role("status").filter(has_text="Invoice Number saved").wait_for()
        page.get_by_role("textbox", name="Invoice Number").fill("INV-2026-0874")
        page.get_by_role("button", name="Save Invoice").click()
        page.get_by_role("button", name="Keep mine").wait_for()
        self.cut_out(page, "keep-or-take", page.locator("section", has=page.get_by_label("Invoice Number")))

    def take_moves(self, page: Page) -> None:
        """Change the table of moves, and take the question before the defaults are restored."""
        page.goto(f"{self.desk['url']}/order-moves")
        page.get_by_role("checkbox", name="Completed to Processing").uncheck()
        page.get_by_role("checkbox", name="New to Suspended").check()
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Moves saved").wait_for()
        page.get_by_role("button", name="Restore the defaults…").click()
        self.snap(page, "restore-moves", page.get_by_role("dialog"))

    def take_acts(self, page: Page) -> None:
        """Cancel the order, and take what is shown before and afterwards."""
        page.goto(self.desk["url"] + SHOWPIECE)
        page.get_by_role("tab", name="Transaction History").click()
        self.cut_out(page, "transaction-history", page.locator("#payments"))
        dialog = page.get_by_role("dialog")
        page.get_by_role("button", name="Cancel Order").click()
        dialog.get_by_role("button", name="Cancel order, refund").click()
        dialog.get_by_text("has been refunded").wait_for()
        self.snap(page, "canceled", dialog)
        self.wait_until_sent(page)
        page.get_by_role("link", name="Your order #1042").click()
        page.wait_for_load_state()
        self.keep(page, "email")

    def wait_until_sent(self, page: Page) -> None:
        """Look at Emails until the worker has sent the order's. Raises: RuntimeError when it does not."""
        ends_at = time.monotonic() + SENDING_S
        while time.monotonic() < ends_at:
            page.goto(f"{self.desk['url']}/emails")
            if page.get_by_role("row", name="#1042").get_by_text("Sent", exact=True).count():
                return
            page.wait_for_timeout(500)
        raise RuntimeError("the worker has not sent the e-mail")

    def take(self, page: Page, name: str, address: str) -> None:
        """Take a picture of what stands at this address."""
        page.goto(address if address.startswith("http") else self.desk["url"] + address)
        page.wait_for_load_state()
        self.keep(page, name)

    def keep(self, page: Page, name: str, clip: FloatRect | None = None) -> None:
        """Write what the page shows, or a part of it, to the picture of this name."""
        if not self.names or name in self.names:
            page.screenshot(path=TARGET / f"{name}.png", clip=clip)

    def snap(self, page: Page, name: str, dialog: Locator) -> None:
        """Take a picture of the open dialog, then leave it."""
        page.mouse.move(1, 1)
        dialog.get_by_role("heading").first.wait_for()
        still = "() => document.getAnimations().every((each) => each.playState !== 'running')"
        page.wait_for_function(still)
        self.cut_out(page, name, dialog)
        page.keyboard.press("Escape")

    def cut_out(self, page: Page, name: str, part: Locator, *, margin_px: int = MARGIN_PX) -> None:
        """Take a picture of a part of the page with a margin round it."""
        part.evaluate("(shown) => shown.scrollIntoView({block: 'center'})")
        box = part.bounding_box()
        if box is None:
            raise RuntimeError(f"nothing to see for {name}")
        left, top = max(0, box["x"] - margin_px), max(0, box["y"] - margin_px)
        right, bottom = box["x"] + box["width"] + margin_px, box["y"] + box["height"] + margin_px
        clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        self.keep(page, name, clip)

    def first_with(self, page: Page, address: str) -> str:
        """Return the address of the first order in this list."""
        page.goto(self.desk["url"] + address)
        return page.locator("table.list tbody a").first.get_attribute("href") or address

    @contextmanager
    def sat_down(self, email: str = "", **options: Any) -> Iterator[Page]:
        """Sign the demo's clerk in, or a colleague by e-mail, in a window of their own."""
        with self.window(**options) as page:
            page.goto(f"{self.desk['url']}/sign-in")
            page.get_by_label("E-mail").fill(email or self.desk["email"])
            page.get_by_label("Password").fill(self.desk["password"])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/orders/open")
            # Providers and keys ask once more who it is.
            page.goto(f"{self.desk['url']}/confirm?next=/orders/open")
            page.get_by_label("Password").fill(self.desk["password"])
            page.get_by_role("button", name="Confirm").click()
            page.wait_for_url("**/orders/open")
            yield page

    @contextmanager
    def window(self, **options: Any) -> Iterator[Page]:
        """Open a browser that knows nobody; the same language, zone and stillness on every machine."""
        same = {"viewport": DESKTOP, "locale": "en-US", "timezone_id": "UTC", "reduced_motion": "reduce"}
        context = self.browser.new_context(**{**same, **options})
        yield context.new_page()
        context.close()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
