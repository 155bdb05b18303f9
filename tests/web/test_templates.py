"""Every template, rendered with sample values: nothing inline, nothing untranslated, the guide's words as labels."""

from __future__ import annotations

import dataclasses
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template

from orderwright.web import urls
from tests.web import gallery
from tests.web.gallery.orders import ORDER
from tests.web.gallery.samples import GATE, shell


def rendered(template: str, values: dict[str, Any]) -> str:
    return get_template(template).render({"shell": shell(), "toasts": (), "result": None} | values)


def texts(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


@pytest.mark.parametrize("name", sorted(gallery.PAGES))
def test_a_page_has_no_inline_script_or_style(name: str) -> None:
    template, values = gallery.PAGES[name]

    page = rendered(template, values)

    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|\shx-on|javascript:", page)
    assert page.count("<h1") == 1
    assert page.count("<title>") == 1


@pytest.mark.parametrize("name", sorted(gallery.PAGES))
def test_no_two_elements_of_a_page_share_an_id(name: str) -> None:
    template, values = gallery.PAGES[name]

    ids = re.findall(r'\sid="([^"]+)"', rendered(template, values))

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", sorted(gallery.FRAGMENTS))
def test_a_fragment_is_not_a_whole_page(name: str) -> None:
    template, values = gallery.FRAGMENTS[name]

    fragment = rendered(template, values)

    assert "<html" not in fragment
    assert fragment.strip()


def test_the_order_page_uses_the_words_of_the_guide() -> None:  # G3 G8 G9 G11 G16 G21 G22 G24 G26
    page = rendered(*gallery.PAGES["order"])

    for word in (
        "Order State",
        "Invoice Number",
        "Save Invoice",
        "Notes",
        "Save",
        "Items",
        "Delivery State",
        "Tracking Number",
        "Update Shipment",
        "Payments",
        "Current Status",
        "Transaction History",
        "Sync Payments",
        "Capture Value",
        "Capture Transaction",
        "Cancel Order",
    ):
        assert f" {word} " in texts(page)


def test_the_left_menu_has_open_orders_under_orders() -> None:  # G1
    page = texts(rendered(*gallery.PAGES["list"]))

    assert re.search(r"Orders Open Orders 1,284 All Orders", page)


def test_a_disabled_control_says_why_to_a_screen_reader() -> None:  # G13 G14
    page = rendered(*gallery.PAGES["order-locked"])

    button = re.search(r'<button[^>]*id="update-shipment"[^>]*>', page)
    assert button is not None
    assert 'aria-disabled="true"' in button[0]
    assert 'aria-describedby="update-shipment-why"' in button[0]
    assert f'id="update-shipment-why">{GATE}<' in page


def test_a_locked_dropdown_offers_only_what_is_chosen() -> None:
    page = rendered(*gallery.PAGES["order-locked"])

    chosen = re.search(r'<select id="line-3-delivery"[^>]*>(.*?)</select>', page)
    assert chosen is not None
    assert chosen[1] == "<option>Pending</option>"


def test_hostile_text_is_shown_as_text() -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    order = dataclasses.replace(ORDER, customer=dataclasses.replace(ORDER.customer, name=hostile, email=hostile))

    page = rendered("orders/detail.html", {"order": order})

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_no_file_of_the_portal_has_the_marks_of_a_merge_left_in_it() -> None:
    files = [each for each in Path(urls.__file__).parent.rglob("*") if each.suffix in (".html", ".css", ".js")]

    assert len(files) > 100
    assert not [each.name for each in files if re.search("^(<<<<<<<|=======|>>>>>>>)", each.read_text(), re.MULTILINE)]


def test_the_style_sheets_stay_light() -> None:
    folder = Path(urls.__file__).parent / "static" / "orderwright" / "css"

    sizes = {sheet.name: len(zlib.compress(sheet.read_bytes())) for sheet in folder.glob("*.css")}

    assert sum(sizes.values()) < 26_000  # as they go over the wire
    assert all(b"@layer" in sheet.read_bytes() for sheet in folder.glob("*.css"))


def test_every_style_sheet_and_behaviour_is_on_the_page() -> None:
    page = rendered(*gallery.PAGES["order"])
    folder = Path(urls.__file__).parent / "static" / "orderwright"

    for file in (*folder.glob("css/*.css"), *folder.glob("js/*.js")):
        assert f"orderwright/{file.parent.name}/{file.name}" in page
