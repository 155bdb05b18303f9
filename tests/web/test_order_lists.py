"""Open Orders, All Orders, filters, pages and search."""

from __future__ import annotations

import re
from datetime import timedelta

from orderwright.orders.models import Site
from orderwright.reads import order_list


def numbers(answer) -> list[str]:
    return re.findall(r'<td class="order"><a href="/orders/[^"]+">#([^<]+)</a>', answer.content.decode())


def test_open_orders_lists_open_orders_newest_first(browser, clerk, take_in, words) -> None:  # G1 G2 W4
    first, second, third = (take_in(placed_at=f"2026-11-20T2{hour}:00:00Z") for hour in (1, 2, 3))
    clerk.change_state(second, "completed", is_confirmed=True)

    answer = browser.open("/orders/open")

    assert numbers(answer) == [third.number, first.number]
    assert "Newest first, by the time placed. Times in EST." in words(answer)
    assert numbers(browser.open("/orders")) == [third.number, second.number, first.number]


def test_orders_of_stores_in_several_zones_name_the_zone_of_each_time(browser, take_in, site, words) -> None:
    tokyo = Site.objects.create(
        slug="tokyo",
        name="Cozy Home JP",
        number_prefix="JP-",
        time_zone="Asia/Tokyo",
        currency="USD",
        locale="en-US",
        sender=site.sender,
    )
    take_in(placed_at="2026-11-20T20:00:00Z")
    take_in(placed_at="2026-11-20T21:00:00Z", site=tokyo.slug)

    shown = words(browser.open("/orders/open"))

    assert "Times in each site’s zone." in shown
    assert "20 Nov 15:00 EST" in shown
    assert "21 Nov 06:00 JST" in shown


def test_choosing_an_order_opens_it(browser, order, place, words) -> None:  # G2
    answer = browser.open("/orders/open")

    assert f'href="{place(order)}"' in answer.content.decode()
    assert f"#{order.number} 20 Nov 16:42 Bob Norman New Authorised — 4 $598.94" in words(answer)


def test_the_chips_count_and_filter_by_state(browser, clerk, take_in, words) -> None:
    processing, _new = take_in(), take_in()
    clerk.change_state(processing, "processing")

    answer = browser.open("/orders/open", state="processing")

    assert "All open 2 New 1 Processing 1" in words(answer)
    assert numbers(answer) == [processing.number]


def test_a_hold_that_ends_soon_has_a_chip_and_says_when(browser, take_in, words) -> None:
    soon = take_in(expires_in=timedelta(hours=9, minutes=30))
    take_in()

    answer = browser.open("/orders/open", hold="ending")

    assert numbers(answer) == [soon.number]
    assert "Hold ends within 48 h 1" in words(answer)
    assert "Hold ends in 9 h" in words(answer)


def test_pages_follow_one_another_without_loss(browser, take_in, monkeypatch) -> None:
    monkeypatch.setattr("orderwright.web.views.orders.ListQuery", lambda **more: order_list.ListQuery(limit=2, **more))
    made = [take_in(placed_at=f"2026-11-20T21:0{minute}:00Z").number for minute in range(5)]

    seen, href = [], "/orders/open"
    while href:
        answer = browser.client.get(href)
        seen += numbers(answer)
        found = re.search(r'href="([^"]+)" rel="next"', answer.content.decode())
        href = found[1].replace("&amp;", "&") if found else ""

    assert seen == made[::-1]


def test_search_finds_a_piece_of_an_email_from_anywhere(browser, take_in, words) -> None:
    found = take_in(
        customer={
            "reference": "C-1",
            "name": "Yuki Tanaka",
            "email": "yuki@mail.example.com",
            "phone": None,
            "language": "en",
        }
    )
    take_in()

    answer = browser.open("/orders", q="yuki@ma")

    assert numbers(answer) == [found.number]
    assert 'value="yuki@ma"' in answer.content.decode()


def test_a_whole_number_opens_its_order(browser, order, place) -> None:
    for typed in (order.number, f"#{order.number}"):
        assert browser.open("/orders", q=typed)["Location"] == place(order)


def test_beside_what_a_search_finds_no_count_of_the_whole_desk_stands(browser, take_in, words) -> None:
    take_in()
    take_in()

    answer = browser.open("/orders", q="norman")

    assert "All New" in words(answer)
    assert "All 2" not in words(answer)


def test_a_name_decides_its_own_direction_so_that_it_is_cut_at_its_end(browser, take_in) -> None:
    customer = {"name": "نورة بنت عبد المحسن", "email": "noura@mail.example.com", "phone": None, "reference": None}
    take_in(customer=customer)

    page = browser.open("/orders/open").content.decode()

    assert f'dir="auto" title="{customer["name"]}">{customer["name"]}</td>' in page


def test_a_search_without_result_says_so_and_offers_the_way_back(browser, order, words) -> None:
    answer = browser.open("/orders", q="zzzzz")

    assert "No orders found Nothing matches “zzzzz”." in words(answer)
    assert "Show all of them" in words(answer)


def test_an_empty_desk_says_that_it_waits_for_orders(browser, words) -> None:
    assert "No orders yet Orders stand here as soon as a storefront hands one in." in words(
        browser.open("/orders/open")
    )


def test_nonsense_in_the_address_is_not_an_error(browser, order) -> None:
    for query in ("state=%00", "site=x'--", "payment=zzz", "delivery=1", "q=%00%0a", "hold=never"):
        assert browser.client.get(f"/orders/open?{query}").status_code == 200
    assert browser.client.get("/orders/open?after=nonsense").status_code == 422


def test_the_next_order_is_one_key_away(browser, take_in, place) -> None:
    older, newer = take_in(placed_at="2026-11-20T20:00:00Z"), take_in(placed_at="2026-11-20T21:00:00Z")

    assert browser.open(place(newer, "next"))["Location"] == place(older)
    assert browser.open(place(older, "previous"))["Location"] == place(newer)
    assert browser.open(place(older, "next"))["Location"] == place(older)


def test_the_list_costs_the_same_few_statements_however_many_rows(browser, take_in, statements) -> None:
    take_in()
    browser.open("/orders/open")
    with statements() as one:
        browser.open("/orders/open")
    for _each in range(5):
        take_in()

    with statements() as six:
        browser.open("/orders/open")

    assert six.count == one.count == 6  # session, person, page, chips, sites, menu


def test_the_list_says_of_a_shipment_that_it_is_partly_sent(browser, clerk, take_in, words) -> None:
    one, several = take_in(), take_in()
    clerk.set_delivery_state(one, "RUG-WOL-160", "shipped")
    several = clerk.update_shipment(several, items=["RUG-WOL-160"], method="fedex-home")
    clerk.set_delivery_state(clerk.set_delivery_state(several, "RUG-WOL-160", "shipped"), "TBL-OAK-45", "shipped")
    take_in()

    shown = words(browser.open("/orders/open"))

    assert "Authorised Partly sent 4" in shown
    assert "Authorised 1 of 2 sent, 1 partly 4" in shown
    assert numbers(browser.open("/orders", delivery="part")) == [several.number, one.number]
    assert len(numbers(browser.open("/orders", delivery="unsent"))) == 1
