"""One order's story as a PDF: everything that was done with it, in order, in any script, and nothing that runs."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from orderwright.journal.models import Entry


def words_of(pdf: bytes) -> str:
    """Return the words of a PDF, in the order in which it draws them."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_it_tells_everything_from_the_first_entry_to_the_last(browser, order, clerk, place):
    seen = clerk.save_invoice(order, "INV-1")
    seen = clerk.change_state(seen, "processing")
    clerk.capture(seen, 30900)

    answer = browser.open(place(order, "story.pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="order-1001-story.pdf"'
    words = words_of(answer.content)
    told = [
        "The story of order #1001",
        "Bob Norman",
        "Oak side table",
        "Order taken in",
        "Order State",
        "Captured $309.00 of",
    ]
    places = [words.index(each) for each in told]
    assert places == sorted(places)
    assert Entry.objects.filter(stream=f"order:{order.id}").latest("sequence").hash in words.replace(" ", "")


def test_the_same_order_at_the_same_time_gives_the_same_bytes(browser, order, place):
    assert browser.open(place(order, "story.pdf")).content == browser.open(place(order, "story.pdf")).content


def test_hostile_and_foreign_text_is_shown_as_text_and_never_breaks_the_file(browser, take_in, place):  # FH2
    hostile = '<b>&amp;</b> <img src="x"/> 山田 太郎 김철수 ひらがな שלום Ωμέγα Łódź 🎁'
    customer = {"reference": "C-1", "name": hostile, "email": "x@example.com", "phone": "", "language": "en"}
    order = take_in(customer=customer)

    answer = browser.open(place(order, "story.pdf"))

    words = words_of(answer.content)
    assert answer.status_code == 200
    assert '<b>&amp;</b> <img src="x"/>' in words
    assert "Ωμέγα Łódź" in words
    assert b"/HeiseiKakuGo-W5" in answer.content
    assert b"/STSong-Light" in answer.content
    assert b"/JavaScript" not in answer.content


def test_a_long_story_has_pages(browser, order, clerk, place):
    for number in range(60):
        clerk.save_invoice(order, f"INV-{number}")

    content = browser.open(place(order, "story.pdf")).content

    assert len(re.findall(rb"/Type /Page\b", content)) > 1


def test_the_timeline_offers_it(browser, order, place, element):
    assert f'href="{place(order, "story.pdf")}"' in element(browser.open(place(order)), "story")


def test_a_story_of_no_order_is_not_found(browser, db):
    assert browser.open("/orders/9999/story.pdf").status_code == 404
