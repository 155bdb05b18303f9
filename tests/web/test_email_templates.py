"""Email templates: the list, the form, its preview in a frame that can reach nothing, tests and versions."""

from __future__ import annotations

import pytest

from orderwright.orders.models import Site
from orderwright.outbox.models import EmailTemplate, EmailTemplateVersion, Mail

HERE = "/email-templates/order_canceled/all-sites/any-language"
WORDS = {
    "subject": "{{ number }} is off",
    "text": "Hi {{ customer_name }}",
    "html": "<p class='lead'>Hi {{ customer_name }}</p>",
    "number": "1001",
    "version": "0",
}


def test_the_list_names_every_kind_with_its_words(browser, words) -> None:
    shown = words(browser.open("/email-templates"))

    for title in ("Order received", "Order shipped", "Order canceled", "Refund made", "Order delayed"):
        assert title in shown
    assert "Your order {{ number }} from {{ site_name }} is canceled Built in" in shown


def test_words_of_one_s_own_stand_in_the_list_beside_those_for_the_rest(browser, site, words) -> None:
    browser.press("/email-templates/order_canceled/cozy-home-us/de", **WORDS)

    shown = words(browser.open("/email-templates"))

    assert "All sites · Any language Your order {{ number }} from {{ site_name }} is canceled Built in" in shown
    assert "Cozy Home US · German {{ number }} is off Version 1, Mia Chen, " in shown


def test_the_place_that_was_chosen_leads_to_its_form(browser, site) -> None:
    answer = browser.open("/email-templates/add", kind="order_shipped", site="cozy-home-us", language="de-AT")

    assert answer["Location"] == "/email-templates/order_shipped/cozy-home-us/de-AT"


@pytest.mark.parametrize(
    "path",
    [
        "/email-templates/order_lost/all-sites/any-language",
        "/email-templates/order_shipped/nowhere/any-language",
        "/email-templates/order_shipped/all-sites/nolanguage",
        f"{HERE}/versions/1",
    ],
)
def test_a_place_that_there_is_not_is_not_found(browser, path) -> None:
    assert browser.open(path).status_code == 404


def test_the_form_begins_with_the_words_that_go_out_now(browser, site) -> None:
    browser.press(HERE, **WORDS)

    page = browser.open("/email-templates/order_canceled/cozy-home-us/de").content.decode()

    assert 'value="{{ number }} is off"' in page
    assert "Not in use: what stands here is what goes out now." in page


def test_saved_words_are_in_use_and_the_page_says_so(browser, words) -> None:
    answer = browser.press(HERE, **WORDS)

    assert answer["Location"] == HERE
    page = words(browser.open(HERE))
    assert "Saved as version 1; the next emails say it" in page
    assert "All sites · Any language · Version 1 is in use." in page
    assert "Version 1 Mia Chen , " in page


def test_what_is_wrong_stands_beside_its_field_with_its_line_and_what_was_typed_stays(browser, words, element) -> None:
    answer = browser.press(HERE, **{**WORDS, "text": "Hi\n{{ custmer_name }}"})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in element(answer, "text")
    assert "Line 2: There is no placeholder “custmer_name” in this mail." in words(answer)
    assert "Hi\n{{ custmer_name }}</textarea>" in answer.content.decode()
    assert not EmailTemplate.objects.exists()


def test_a_version_that_somebody_else_saved_is_not_written_over(browser, words) -> None:
    browser.press(HERE, **WORDS)

    answer = browser.press(HERE, **{**WORDS, "subject": "Mine"})

    assert answer.status_code == 412
    assert "Somebody saved another version since you opened it." in words(answer)
    assert EmailTemplateVersion.objects.count() == 1


def test_a_preview_shows_a_real_order_in_a_frame_that_can_reach_nothing(browser, order) -> None:
    page = browser.open(HERE)
    answer = browser.press(f"{HERE}/preview", **WORDS)

    assert "frame-src 'self'" in page["Content-Security-Policy"]  # what the frame shows decides what it can reach
    shown = answer.content.decode()
    assert "#1001 is off" in shown
    assert "&gt;Hi Bob Norman&lt;/p&gt;" in shown  # in the srcdoc of a frame of its own
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("frame-ancestors 'self'; sandbox")
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": "{{ x }}"}, "Plain text: Line 1: There is no placeholder “x” in this mail."),
        ({"number": "9999"}, "There is no order #9999."),
        ({"number": "\x00"}, "There is no order"),
    ],
)
def test_a_preview_that_cannot_be_says_why_in_its_frame(browser, order, words, changed, said) -> None:
    answer = browser.press(f"{HERE}/preview", **{**WORDS, **changed})

    assert answer.status_code in {404, 422}
    assert said in words(answer)
    assert answer["Content-Security-Policy"].endswith("sandbox")


def test_a_test_goes_to_oneself_and_what_is_typed_stays(browser, order, words) -> None:
    answer = browser.press(f"{HERE}/test", **{**WORDS, "subject": "Not saved yet"})

    assert "A test is on its way to Mia.Chen@cozy-home.example.com" in words(answer)
    assert 'value="Not saved yet"' in answer.content.decode()
    assert Mail.objects.get().recipient == "Mia.Chen@cozy-home.example.com"
    assert not EmailTemplate.objects.exists()


def test_a_test_on_an_order_that_there_is_not_says_so_beside_the_number(browser, order, element) -> None:
    answer = browser.press(f"{HERE}/test", **{**WORDS, "number": "9999"})

    assert answer.status_code == 404
    assert 'aria-invalid="true"' in element(answer, "number")
    assert not Mail.objects.exists()


def test_a_version_says_what_it_changed_and_can_be_used_again(browser, words) -> None:
    browser.press(HERE, **WORDS)
    browser.press(HERE, **{**WORDS, "text": "Hello {{ customer_name }}", "version": "1"})

    second = browser.open(f"{HERE}/versions/2")
    assert "<del>Hi {{ customer_name }}</del>" in second.content.decode()
    assert "<ins>Hello {{ customer_name }}</ins>" in second.content.decode()
    assert "Nothing changed here." in words(second)
    assert "Use version 2 again" not in words(second)
    assert "compared with the built-in words" in words(browser.open(f"{HERE}/versions/1"))

    answer = browser.press(f"{HERE}/versions/1/restore", version="2")

    assert answer["Location"] == HERE
    assert "Version 3 says what version 1 said" in words(browser.open(HERE))


def test_words_that_are_dropped_give_way_to_the_built_in_ones(browser, words) -> None:
    browser.press(HERE, **WORDS)

    browser.press(f"{HERE}/drop", version="1")

    shown = words(browser.open("/email-templates"))
    assert "is canceled Built in" in shown
    assert "Version 1" in words(browser.open(HERE))


def test_whoever_may_only_look_reads_the_words_and_changes_nothing(viewer_browser, clerk, order, words) -> None:
    page = viewer_browser.open(HERE)

    assert page.status_code == 200
    assert "Your role does not allow this: Change email templates." in words(page)
    assert viewer_browser.press(HERE, **WORDS).status_code == 403
    assert viewer_browser.press(f"{HERE}/test", **WORDS).status_code == 403
    assert not EmailTemplate.objects.exists()
    assert not Mail.objects.exists()


def test_hostile_names_in_a_preview_are_text(browser, take_in) -> None:  # FH2
    hostile = "<img src=x onerror=alert(1)>"
    take_in(customer={"name": hostile, "email": "a@example.com"})
    Site.objects.update(name=hostile)

    shown = browser.press(f"{HERE}/preview", **WORDS).content.decode()

    assert "<img" not in shown
    assert "&amp;lt;img src=x onerror=alert(1)&amp;gt;" in shown


def test_on_an_empty_desk_the_preview_says_what_it_waits_for(browser, words) -> None:
    page = browser.open("/email-templates/order_shipped/all-sites/any-language")

    assert "No order has come in yet." in words(page)


def test_the_mail_of_a_cancellation_can_be_read_where_the_site_has_no_sender(
    browser, order, site, place, words
) -> None:
    site.sender = ""
    site.save(update_fields=["sender"])

    assert "Your order #1001 from Cozy Home US is canceled" in words(browser.open(place(order, "cancel", "email")))
