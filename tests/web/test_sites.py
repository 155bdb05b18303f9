"""Sites in the portal: listed, added, edited by two at once, closed and opened, given a logo, deleted (W10)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orderwright.core.png import rewritten
from orderwright.orders.models import Site
from tests.factories.pictures import PICTURE
from tests.support.drivers import hire
from tests.web.conftest import Browser

PLACE = "/sites"
OUTLET = {
    "name": "Cozy Home Outlet",
    "slug": "",
    "time_zone": "Europe/Berlin",
    "currency": "EUR",
    "locale": "de-DE",
    "number_prefix": "OUT-",
    "next_number": "501",
    "sender": "outlet@cozy-home.example.com",
    "sender_name": "",
    "mails_shipped": "yes",
}


def upload(content: bytes = PICTURE) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", content, content_type="image/png")


def form_of(browser: Browser, slug: str) -> dict[str, str]:
    """Return what the form of a site would send as it stands."""
    shown = browser.peek(f"{PLACE}/{slug}", at=PLACE).content.decode()
    fields = re.findall(r'<input (?![^>]*type="(?:checkbox|radio)")[^>]*?\bname="(\w+)"[^>]*?\bvalue="([^"]*)"', shown)
    boxes = re.findall(r'<input type="checkbox" name="(\w+)" value="(\w+)" checked', shown)
    return {name: value for name, value in [*fields, *boxes] if name != "csrfmiddlewaretoken"}


def test_the_list_shows_each_site_with_its_next_order_and_whether_it_takes_any(browser, order, words) -> None:
    browser.press(f"{PLACE}/add", **OUTLET)
    browser.press(f"{PLACE}/cozy-home-outlet/switch", is_open="no")

    shown = words(browser.open(PLACE))

    assert "Short name cozy-home-us" in shown
    assert "#1002" in shown
    assert "1 order " in shown
    assert "Europe/Berlin EUR · de-DE · now 10:00 #OUT-501 outlet@cozy-home.example.com By itself: shipped" in shown
    assert "Closed since 21 Nov" in shown


def test_the_form_of_a_new_site_says_what_may_stay_empty(browser, db) -> None:
    shown = browser.peek(f"{PLACE}/add", at=PLACE).content.decode()

    assert 'placeholder="made from the name"' in shown
    assert '<option value="de-AT">German (Austria)</option>' in shown
    assert '<option value="EUR">Euro</option>' in shown


def test_a_site_is_added_in_place_and_what_is_wrong_stands_at_its_field(browser, site, words) -> None:
    wrong = browser.tap(f"{PLACE}/add", at=PLACE, **{**OUTLET, "number_prefix": "OUT1"})
    added = browser.tap(f"{PLACE}/add", at=PLACE, **OUTLET)

    assert wrong.status_code == 422
    assert "It must not end in a digit" in words(wrong)
    assert 'value="Cozy Home Outlet"' in wrong.content.decode()
    assert added["HX-Retarget"] == "#sites"
    assert "Cozy Home Outlet added" in words(added)
    made = Site.objects.get(slug="cozy-home-outlet")
    assert (made.next_number, made.mails_shipped, made.mails_received) == (501, True, False)


def test_the_form_sent_as_it_stands_changes_nothing_although_orders_come(browser, site, clerk, document) -> None:
    sent = form_of(browser, site.slug)
    clerk.asks.take_in(document())

    answer = browser.tap(f"{PLACE}/{site.slug}", at=PLACE, **sent)

    assert answer.status_code == 200
    site.refresh_from_db()
    assert (site.version, site.next_number) == (1, 1002)


def test_the_short_name_is_shown_and_not_asked_for_once_there_is_an_order(browser, order, site) -> None:
    sent = form_of(browser, site.slug)

    assert "slug" not in sent
    browser.tap(f"{PLACE}/{site.slug}", at=PLACE, **{**sent, "slug": "mine", "sender_name": "Us"})

    site.refresh_from_db()
    assert (site.slug, site.sender_name) == ("cozy-home-us", "Us")


def test_what_two_people_changed_is_asked_about_and_the_rest_merges(browser, site, colleague, words) -> None:
    mine, other = form_of(browser, site.slug), Browser(colleague.user)
    theirs = {**mine, "name": "Cozy Home USA", "currency": "CAD"}
    other.tap(f"{PLACE}/{site.slug}", at=PLACE, **theirs)
    mine |= {"name": "Cozy Home America", "sender_name": "The team", "mails_shipped": "yes"}

    asked = browser.tap(f"{PLACE}/{site.slug}", at=PLACE, **mine)

    assert asked.status_code == 412
    shown = asked.content.decode()
    assert "Ravi Patel changed this meanwhile: Name" in words(asked)
    assert "Keep mine: Cozy Home America Take theirs: Cozy Home USA" in words(asked)
    assert 'value="The team"' in shown  # what was typed stays
    assert 'value="CAD"' in shown  # what the other one changed alone
    again = {**mine, "currency": "CAD", "version": "2"}
    browser.tap(f"{PLACE}/{site.slug}", at=PLACE, **again, **{"choice-name": "theirs"})
    site.refresh_from_db()
    assert (site.name, site.sender_name, site.currency, site.mails_shipped) == (
        "Cozy Home USA",
        "The team",
        "CAD",
        True,
    )


def test_who_keeps_their_own_after_being_asked_saves_it(browser, site, colleague, words) -> None:
    mine, other = form_of(browser, site.slug), Browser(colleague.user)
    other.tap(f"{PLACE}/{site.slug}", at=PLACE, **{**mine, "mails_received": "yes", "name": "Cozy Home USA"})
    mine |= {"name": "Cozy Home America"}

    asked = browser.tap(f"{PLACE}/{site.slug}", at=PLACE, **mine)
    again = {**mine, "version": "2", "choice-name": "mine", "mails_received": "yes"}
    saved = browser.tap(f"{PLACE}/{site.slug}", at=PLACE, **again)

    assert (asked.status_code, saved.status_code) == (412, 200)
    assert "Cozy Home America saved" in words(saved)
    site.refresh_from_db()
    assert (site.name, site.mails_received) == ("Cozy Home America", True)


def test_closing_asks_first_and_opening_does_not(browser, site, words) -> None:
    asked = browser.peek(f"{PLACE}/{site.slug}/switch", at=PLACE)
    assert "Close Cozy Home US? Orders that are handed in from now on are refused" in words(asked)
    assert "Leave it open" in words(asked)

    closed = browser.tap(f"{PLACE}/{site.slug}/switch", at=PLACE)
    opened = browser.tap(f"{PLACE}/{site.slug}/switch", at=PLACE, is_open="yes")

    assert "Cozy Home US is closed; its orders go on" in words(closed)
    assert "Cozy Home US takes in orders again" in words(opened)
    site.refresh_from_db()
    assert (site.closed_at, site.version) == (None, 3)


def test_a_logo_is_uploaded_shown_and_taken_away(browser, site, words) -> None:
    browser.tap(f"{PLACE}/{site.slug}/logo", at=PLACE, logo=upload())

    shown = browser.open(PLACE).content.decode()
    href = re.search(r'<img src="(/sites/cozy-home-us/logo.png\?v=\w{12})"', shown)[1]
    picture = browser.open(href.partition("?")[0])
    assert (picture["Content-Type"], picture.content) == ("image/png", rewritten(PICTURE).data)
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert "2 by 2 pixels" in words(browser.open(f"{PLACE}/{site.slug}/logo"))
    gone = browser.press(f"{PLACE}/{site.slug}/logo", remove="yes")
    assert (gone.status_code, gone["Location"]) == (302, PLACE)
    assert browser.open(href).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "It is not a PNG image."),
        ({"logo": upload(b"<svg onload='alert(1)'/>")}, "It is not a PNG image."),
        ({"logo": upload(PICTURE + b"x" * 300_000)}, "At most 200 KB."),
    ],
)
def test_what_is_no_logo_is_said(browser, site, words, sent: dict[str, Any], said: str) -> None:
    answer = browser.tap(f"{PLACE}/{site.slug}/logo", at=PLACE, **sent)

    assert answer.status_code == 422
    assert said in words(answer)
    site.refresh_from_db()
    assert site.logo is None


def test_a_site_that_nothing_belongs_to_is_deleted_and_another_is_not(browser, order, words) -> None:
    browser.press(f"{PLACE}/add", **OUTLET)
    asked = browser.peek(f"{PLACE}/cozy-home-outlet/delete", at=PLACE)
    assert "Nothing belongs to it" in words(asked)

    browser.tap(f"{PLACE}/cozy-home-outlet/delete", at=PLACE)
    kept = browser.tap(f"{PLACE}/cozy-home-us/delete", at=PLACE)

    assert kept.status_code == 409
    assert "These belong to it: orders." in words(kept)
    assert list(Site.objects.values_list("slug", flat=True)) == ["cozy-home-us"]


def test_who_manages_one_site_sees_and_edits_that_one(browser, site, now, words) -> None:
    browser.press(f"{PLACE}/add", **OUTLET)
    local = Browser(
        hire(name="Lena", email="lena@cozy-home.example.com", now=now, role="order-manager", sites=[site]).user
    )

    shown = words(local.open(PLACE))

    assert "Cozy Home Outlet" not in shown
    assert "Your role does not allow this: Change sites." in shown
    assert local.open(f"{PLACE}/cozy-home-outlet").status_code == 404
    assert local.open(f"{PLACE}/cozy-home-outlet/logo.png").status_code == 404
    assert local.press(f"{PLACE}/add", **{**OUTLET, "name": "More", "number_prefix": "M-"}).status_code == 403
    assert local.press(f"{PLACE}/{site.slug}", **{**form_of(local, site.slug), "name": "Cozy"}).status_code == 302
    site.refresh_from_db()
    assert site.name == "Cozy"


def test_who_may_only_look_finds_no_button(viewer_browser, site, words) -> None:
    page = viewer_browser.open(PLACE)

    assert "Cozy Home US" in words(page)
    assert 'id="edit-' not in page.content.decode()
    for path in ("add", site.slug, f"{site.slug}/switch", f"{site.slug}/logo", f"{site.slug}/delete"):
        assert viewer_browser.press(f"{PLACE}/{path}", **OUTLET).status_code == 403
    site.refresh_from_db()
    assert (site.version, site.closed_at) == (1, None)


def test_without_a_site_the_page_says_what_one_is_for(browser, db, words) -> None:
    assert "No site yet Orders are handed in for a site." in words(browser.open(PLACE))
