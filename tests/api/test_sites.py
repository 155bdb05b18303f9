"""Sites through the API: added, edited, closed, deleted, with their logos, and each key's own alone (W10, W12)."""

from __future__ import annotations

import base64

import pytest

from orderwright.accounts.keys import create_key
from orderwright.accounts.models import Role
from orderwright.core.png import rewritten
from orderwright.orders.models import Order, Site
from tests.api.program import Program
from tests.factories.pictures import PICTURE, picture

OUTLET = {"name": "Cozy Home Outlet", "currency": "USD", "number_prefix": "OUT-"}
WHOLE = {
    "slug": "cozy-home-outlet",
    "name": "Cozy Home Outlet",
    "time_zone": "America/New_York",
    "currency": "USD",
    "locale": "en-US",
    "number_prefix": "OUT-",
    "next_number": 501,
    "sender": "outlet@cozy-home.example.com",
    "sender_name": "The outlet team",
    "mails_received": True,
    "mails_shipped": False,
    "is_open": True,
}
PNG = {"png": base64.b64encode(PICTURE).decode()}


@pytest.fixture
def local(site, now):
    """Be the till of the first site, whose key may do there what an order manager may."""
    return Program(create_key(name="Till", role=Role.objects.get(slug="order-manager"), site_ids=[site.pk]))


def test_a_site_is_added_and_shown_as_it_was_given(program, site):
    answer = program.post("/sites", WHOLE)

    assert (answer.status, answer.headers["Location"]) == (201, "/api/v1/sites/cozy-home-outlet")
    assert answer.json == {**WHOLE, "closed_at": None, "logo": None, "orders": 0, "version": 1}
    assert program.get("/sites/cozy-home-outlet").content == answer.content
    assert answer.headers["ETag"] == '"1"'
    assert [each["slug"] for each in program.get("/sites").json["items"]] == ["cozy-home-outlet", site.slug]


def test_what_is_not_given_of_a_site_stays(program, site):
    program.post("/sites", WHOLE)

    answer = program.patch("/sites/cozy-home-outlet", {"sender_name": "", "mails_shipped": True, "slug": "outlet"})

    changed = {"slug": "outlet", "sender_name": "", "mails_shipped": True, "version": 2}
    assert answer.json == {**WHOLE, "closed_at": None, "logo": None, "orders": 0, **changed}
    assert program.get("/sites/cozy-home-outlet").code == "site_not_found"


def test_a_closed_site_refuses_an_order_by_its_code(program, site, document, now):
    closed = program.patch(f"/sites/{site.slug}", {"is_open": False})

    refused = program.post("/orders", document())

    assert (closed.json["is_open"], closed.json["closed_at"]) == (False, "2026-11-21T09:00:00Z")
    assert (refused.status, refused.code, refused.json["site"]) == (409, "site_closed", site.slug)
    assert not Order.objects.exists()


def test_the_next_number_lies_above_every_number_in_use(program, site, order):
    assert program.get(f"/sites/{site.slug}").json["next_number"] == 1002

    refused = program.patch(f"/sites/{site.slug}", {"next_number": 1001})

    assert (refused.status, refused.code, refused.json["highest"]) == (409, "number_series_taken", 1001)
    assert program.patch(f"/sites/{site.slug}", {"next_number": 2001}).json["next_number"] == 2001


def test_a_site_that_somebody_changed_since_is_refused_with_what_stands_there(program, site):
    program.patch(f"/sites/{site.slug}", {"name": "Cozy Home USA"})

    other = program.patch(f"/sites/{site.slug}", {"sender_name": "Us"}, if_match='"1"')
    same = program.patch(f"/sites/{site.slug}", {"name": "Cozy Home America"}, if_match='"1"')

    assert (other.status, other.json["version"]) == (200, 3)
    assert (same.status, same.code, same.json["now"]) == (412, "site_changed", {"name": "Cozy Home USA"})


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"currency": "EURO"}, ("/currency", "too_long")),
        ({"currency": "ZZZ"}, ("/currency", "currency_unknown")),
        ({"next_number": 0}, ("/next_number", "out_of_range")),
        ({"next_number": "7"}, ("/next_number", "not_an_integer")),
        ({"number_prefix": "A1"}, ("/number_prefix", "number_prefix_ends_in_digit")),
        ({"time_zone": "{0.__class__}"}, ("/time_zone", "time_zone_unknown")),
        ({"slug": "all-sites"}, ("/slug", "slug_invalid")),
        ({"template": "x"}, ("/template", "unknown_field")),
    ],
)
def test_what_no_site_can_be_is_refused_at_its_field(program, change, fault):
    answer = program.post("/sites", {**OUTLET, **change})

    assert (answer.status, answer.faults) == (422, [fault])
    assert not Site.objects.exists()


def test_a_site_is_deleted_unless_something_belongs_to_it(program, site, order):
    program.post("/sites", OUTLET)

    assert program.delete("/sites/cozy-home-outlet").status == 204
    refused = program.delete(f"/sites/{site.slug}")
    assert (refused.status, refused.code, refused.json["used_by"]) == (409, "site_in_use", ["orders"])
    assert program.delete("/sites/cozy-home-outlet").code == "site_not_found"


def test_a_logo_is_given_looked_at_and_taken_away(program, site):
    put = program.put(f"/sites/{site.slug}/logo", PNG)

    shown = program.get(f"/sites/{site.slug}/logo").json
    assert base64.b64decode(shown["png"]) == rewritten(PICTURE).data
    assert put.json["logo"] == {name: shown[name] for name in ("digest", "width", "height")}
    assert (put.headers["ETag"], shown["width"], shown["stored_at"]) == ('"2"', 2, "2026-11-21T09:00:00Z")
    assert program.delete(f"/sites/{site.slug}/logo").status == 204
    assert program.get(f"/sites/{site.slug}/logo").code == "logo_not_found"


@pytest.mark.parametrize(
    ("png", "code"),
    [
        ("no base64!", "not_base64"),
        ("ünïcode", "not_base64"),
        (base64.b64encode(b"GIF89a").decode(), "logo_unreadable"),
        (base64.b64encode(picture(1000, 1001)).decode(), "logo_too_many_pixels"),
        ("A" * 280_000, "too_long"),
    ],
)
def test_what_is_no_logo_is_refused(program, site, png, code):
    answer = program.put(f"/sites/{site.slug}/logo", {"png": png})

    assert (answer.status, answer.faults) == (422, [("/png", code)])
    assert program.get(f"/sites/{site.slug}").json["logo"] is None


def test_a_key_of_one_site_sees_and_changes_that_one_alone(program, local, site):
    program.post("/sites", OUTLET)

    told = local.get("/me").json
    assert (told["sites"], told["every_site"]) == ([{"slug": site.slug, "name": site.name}], False)
    assert [each["slug"] for each in local.get("/sites").json["items"]] == [site.slug]
    assert local.patch(f"/sites/{site.slug}", {"sender_name": "Us"}).status == 200
    for answer in (
        local.get("/sites/cozy-home-outlet"),
        local.patch("/sites/cozy-home-outlet", {"name": "Mine"}),
        local.get("/sites/cozy-home-outlet/logo"),
        local.put("/sites/cozy-home-outlet/logo", PNG),
        local.delete("/sites/cozy-home-outlet/logo"),
    ):
        assert (answer.status, answer.code) == (404, "site_not_found")
    assert local.post("/sites", {**OUTLET, "name": "More", "number_prefix": "M-"}).code == "not_permitted"
    assert local.delete(f"/sites/{site.slug}").code == "not_permitted"
    assert Site.objects.get(slug="cozy-home-outlet").version == 1
