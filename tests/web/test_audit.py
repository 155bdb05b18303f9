"""The audit in the portal: filters, words, the file, the head, a check of the journal."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import add_state, check_journal, edit_state, sign_head
from orderwright.journal.heads import read_head
from orderwright.journal.models import Check, Entry
from orderwright.journal.roots import last_head
from orderwright.orders.models import Site
from orderwright.orders.writes import stream_of
from tests.factories.journal import append
from tests.support.tampering import drop_last

SECTION = re.compile(r'<section class="card" id="entries".*?</section>', re.DOTALL)


@pytest.fixture
def told(words: Any) -> Any:
    """Return the sentences of the page's rows, without the controls around them."""

    def rows(answer: Any) -> list[str]:
        cells = re.findall(r'<td class="said break">(.*?)</td>', answer.content.decode(), re.DOTALL)
        return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells]

    return rows


def test_entries_are_worded_as_the_timeline_words_them(browser, order, clerk, told, words):
    seen = clerk.set_delivery_state(order, "TBL-OAK-45", "ready-to-ship")
    seen = clerk.change_state(seen, "processing")
    clerk.capture(seen, 30900)

    page = browser.open("/audit")

    assert told(page)[:4] == [
        "Captured $309.00 of $598.94",
        "Asked the provider to capture $309.00",
        "Order State New → Processing",
        "Delivery State of Oak side table Pending → Ready to ship",
    ]
    assert f"#{order.number} Cozy Home US Mia Chen" in words(page)


def test_configuration_is_told_too(browser, clerk, told):
    slug = add_state.run(
        name="On hold",
        color="amber",
        description="",
        system_state="processing",
        actor=clerk.actor,
        now=clerk.now,
    )
    edit_state.run(
        slug=slug,
        name="Waiting",
        color="amber",
        description="",
        system_state="processing",
        actor=clerk.actor,
        now=clerk.now,
    )
    append(
        "provider_account:1",
        kind="provider_account.rested",
        before={"breaker": "closed", "failures": 0},
        after={"breaker": "open", "failures": 3},
        why="It did not answer.",
    )
    append("role:7", kind="role.deleted", before={"name": "Helpers"}, after={"name": None})
    append("thing:7", kind="thing.turned_round", after={"way": "left"})

    page = browser.open("/audit?what=order_state.")
    assert told(page) == ["Order state changed · Name On hold → Waiting", "Order state added"]
    assert 'href="/order-configurations" title="order_state:' in page.content.decode()
    page = browser.open("/audit")
    assert told(page)[:3] == [
        "Thing: turned round",
        "Role deleted",
        "Rests after 3 failures in a row It did not answer.",
    ]
    assert "Helpers" in page.content.decode()


def test_it_is_narrowed_by_days_of_the_store_s_zone(browser, order, clerk, told):
    # 04:30 UTC on the 22nd is half past eleven in the evening of the 21st in New York.
    clerk.at(timedelta(hours=19, minutes=30)).save_invoice(order, "INV-LATE")
    clerk.at(timedelta(hours=20, minutes=30)).save_invoice(order, "INV-NEXT")

    assert told(browser.open("/audit?from=2026-11-22")) == ["Invoice Number INV-LATE → INV-NEXT"]
    assert told(browser.open("/audit?to=2026-11-21"))[0] == "Invoice Number set to INV-LATE"
    page = browser.open(f"/audit?order=%23{order.number}&who=person:{clerk.actor.ref}&site=cozy-home-us")
    assert len(told(page)) == 4
    assert "Newest first. Times in EST." in page.content.decode()


def test_where_stores_differ_in_their_zones_times_are_in_utc(browser, order, words):
    Site.objects.create(slug="eu", name="EU", currency="EUR", number_prefix="E", time_zone="Europe/Paris", sender="x@y")

    assert "Times in UTC." in words(browser.open("/audit"))
    assert "Times in EST." in words(browser.open("/audit?site=cozy-home-us"))


def test_what_cannot_be_asked_for_is_said_beside_its_field_and_stays(browser, order):
    page = browser.open("/audit?from=2026-02-30&order=17")

    assert page.status_code == 422
    text = page.content.decode()
    assert re.search(r'id="audit-from" name="from" value="2026-02-30" aria-invalid="true"', text)
    assert 'value="17"' in text
    assert SECTION.search(text) is None
    assert browser.open("/audit?site=nowhere").status_code == 422


def test_what_finds_nothing_says_so(browser, order, words):
    assert "No entries found" in words(browser.open("/audit?order=9999"))
    assert "No entries found" in words(browser.open("/audit?who=nobody&what=%00"))


def test_older_entries_are_a_page_away_with_the_same_filters(browser, order, clerk, told):
    for number in range(51):
        clerk.save_invoice(order, f"INV-{number}")

    page = browser.open("/audit?what=order.invoice_saved")
    older = re.search(r'href="([^"]+)" rel="next"', page.content.decode())

    assert older is not None
    last = browser.open(older[1].replace("&amp;", "&"))
    assert told(last) == ["Invoice Number set to INV-0"]
    assert 'rel="next"' not in last.content.decode()


def test_the_file_has_what_the_page_is_narrowed_to_in_the_same_words(browser, order, clerk):
    clerk.save_invoice(order, "=1+1")

    answer = browser.open("/audit/file?what=order.invoice_saved")

    assert answer["Content-Disposition"] == 'attachment; filename="audit-2026-11-21.csv"'
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (row["what"], row["by"], row["order"]) == ("Invoice Number set to =1+1", "Mia Chen", order.number)


def test_the_head_is_handed_out_as_a_file(browser, order, clerk, words):
    assert browser.open("/audit/head").status_code == 404
    assert "The worker signs one within the hour." in words(browser.open("/audit"))
    sign_head.run(now=clerk.now)

    answer = browser.open("/audit/head")

    assert answer["Content-Disposition"] == 'attachment; filename="orderwright-head-1.json"'
    assert read_head(answer.content.decode()) == last_head()
    assert json.loads(answer.content)["root"] in browser.open("/audit").content.decode()


def test_a_check_shows_how_far_it_is_and_what_it_found(browser, order, words):
    asked = browser.tap("/audit/checks")

    assert asked.status_code == 200
    assert "Waits for the worker" in words(asked)
    assert 'hx-trigger="every 2s"' in asked.content.decode()
    Check.objects.update(checked=1)
    assert "1 of 2 entries" in words(browser.peek("/audit/checks"))
    assert browser.open("/audit/checks").status_code == 302
    check_journal.carry_out(worker="one", is_stopping=lambda: False)
    done = browser.peek("/audit/checks")
    assert "Holds 2 entries and 0 heads checked on 21 Nov 09:00 UTC, asked for by Mia Chen" in words(done)
    assert "hx-trigger" not in done.content.decode()
    assert "Journal checked: 2 entries, 0 signed heads · all of it holds" in words(browser.open("/audit"))


@pytest.mark.breaks_invariants
def test_faults_are_shown(browser, order, clerk, words):
    sign_head.run(now=clerk.now)
    drop_last(stream_of(order.id))
    browser.press("/audit/checks")
    check_journal.carry_out(worker="one", is_stopping=lambda: False)

    page = words(browser.open("/audit"))

    assert "Faults found" in page
    assert "head 1 of 2026-11-21 09:00 covers 2 entries, 1 are here" in page
    assert "Journal checked: 1 entries, 1 signed heads · 1 fault found" in page


def test_a_second_check_is_refused_while_one_is_under_way(browser, order, words):
    browser.press("/audit/checks")

    again = browser.tap("/audit/checks")

    assert again.status_code == 409
    assert "A check is under way already." in words(again)
    assert Check.objects.count() == 1


def test_a_viewer_neither_sees_the_audit_nor_its_menu_entry(viewer_browser, order):
    for path in ("/audit", "/audit/file", "/audit/head"):
        assert viewer_browser.open(path).status_code == 403
    assert viewer_browser.press("/audit/checks").status_code == 403
    assert 'href="/audit"' not in viewer_browser.open("/orders/open").content.decode()
    assert Check.objects.count() == 0
    assert Entry.objects.filter(kind="audit.checked").count() == 0
