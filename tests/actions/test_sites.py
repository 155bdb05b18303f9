"""Sites: what a site may be called and how it numbers its orders, who may say so, and what closing it stops (W10)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from orderwright.actions import add_site, delete_site, edit_site
from orderwright.actions.site_fields import SiteFields, checked, time_zones
from orderwright.actions.take_in_order import TakenIn
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Invalid, OrderwrightError, Refused
from orderwright.journal.models import Entry
from orderwright.orders import sites
from orderwright.orders.errors import NumberSeriesTaken, SiteChanged, SiteClosed, SiteInUse, SiteNotFound, SiteSlugTaken
from orderwright.orders.models import Order, Site
from orderwright.orders.sites import lock_site
from orderwright.payments.models import ProviderAccount
from orderwright.reads.invariants.numbers import numbers_differ
from orderwright.reads.sites import list_site_entries, list_sites, read_site
from tests.support.drivers import hire
from tests.support.rivals import look_too_early

OUTLET = SiteFields(name="Cozy Home Outlet", currency="USD", number_prefix="OUT-", sender="out@cozy-home.example.com")


@pytest.fixture
def add(clerk: Any) -> Any:
    """Add a site; the outlet unless its fields are given."""

    def act(fields: SiteFields = OUTLET, by: Any = clerk) -> Site:
        return Site.objects.get(slug=add_site.run(fields=fields, actor=by.actor, now=by.now))

    return act


@pytest.fixture
def edit(clerk: Any, site: Site) -> Any:
    """Edit a site; the first one unless another is named."""

    def act(*, slug: str = site.slug, by: Any = clerk, version: int | None = None, **fields: Any) -> str:
        return edit_site.run(slug=slug, fields=SiteFields(**fields), actor=by.actor, now=by.now, version=version)

    return act


def entry(kind: str = "site.edited") -> Entry:
    return Entry.objects.filter(kind=kind).latest("id")


def numbers() -> list[str]:
    return list(Order.objects.order_by("id").values_list("number", flat=True))


# Adding --------------------------------------------------------------------------------------------------------------


def test_a_site_is_added_with_what_was_said_and_defaults_for_the_rest(site: Site, add: Any, clerk: Any) -> None:
    made = add()

    assert (made.slug, made.time_zone, made.locale, made.next_number) == ("cozy-home-outlet", "UTC", "en-US", 1001)
    assert (made.mails_received, made.mails_shipped, made.closed_at, made.version) == (False, False, None, 1)
    told = entry("site.added")
    assert (told.stream, told.site_id, told.actor_name) == (f"site:{made.pk}", made.pk, "Mia Chen")
    assert told.after["number_prefix"] == "OUT-"
    assert told.after["is_open"] is True
    assert set(told.before.values()) == {None}


def test_an_order_of_a_new_site_has_the_first_number_of_its_series(add: Any, clerk: Any, document: Any) -> None:
    add(SiteFields(name="Outlet", currency="USD", number_prefix="2026.", next_number=7))

    clerk.asks.take_in(document(site="outlet"))
    clerk.asks.take_in(document(site="outlet"))

    assert numbers() == ["2026.7", "2026.8"]


@pytest.mark.parametrize("name", ["Add", "All sites", "家"])
def test_a_name_that_means_something_else_in_an_address_gets_another_slug(add: Any, name: str) -> None:
    made = add(SiteFields(name=name, currency="USD"))

    assert made.slug == {"Add": "add-2", "All sites": "all-sites-2", "家": "site"}[name]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": " "}, "/name", "required"),
        ({"currency": "EURO"}, "/currency", "currency_unknown"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone", "time_zone_unknown"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone", "time_zone_unknown"),
        ({"locale": "klingon"}, "/locale", "language_unknown"),
        ({"locale": " "}, "/locale", "required"),
        ({"number_prefix": "OUT/"}, "/number_prefix", "number_prefix_invalid"),
        ({"number_prefix": "-"}, "/number_prefix", "number_prefix_invalid"),
        ({"number_prefix": "A" * 13}, "/number_prefix", "number_prefix_invalid"),
        ({"number_prefix": "OUT-2026"}, "/number_prefix", "number_prefix_ends_in_digit"),
        ({"next_number": 0}, "/next_number", "out_of_range"),
        ({"next_number": 1_000_000_000}, "/next_number", "out_of_range"),
        ({"sender": "no address"}, "/sender", "not_an_address"),
        ({"sender_name": "x" * 81}, "/sender_name", "too_long"),
    ],
)
def test_what_no_site_can_be_is_refused_at_its_field(change: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(SiteFields(**change))

    assert [(fault.pointer, fault.code) for fault in refused.value.fields] == [(pointer, code)]


def test_a_site_without_a_name_a_currency_or_a_short_name_of_its_own_is_not_added(add: Any) -> None:
    for pointer, fields in (
        ("/name", SiteFields(currency="USD")),
        ("/currency", SiteFields(name="Outlet")),
        *(("/slug", SiteFields(name="x", currency="USD", slug=slug)) for slug in ("all-sites", "add", "Cozy Home")),
    ):
        with pytest.raises(Invalid) as refused:
            add(fields)
        assert refused.value.fields[0].pointer == pointer

    assert not Site.objects.exists()
    assert not Entry.objects.exists()


def test_what_is_typed_is_kept_in_its_one_form(add: Any) -> None:
    made = add(SiteFields(name="  Outlet ", currency="usd", locale="de_AT", time_zone=" Europe/Vienna "))

    assert (made.name, made.currency, made.locale, made.time_zone) == ("Outlet", "USD", "de-AT", "Europe/Vienna")


def test_time_zones_are_those_of_places() -> None:
    assert {"UTC", "America/New_York", "America/Argentina/Buenos_Aires"} <= time_zones()
    assert not {"Etc/GMT+5", "localtime", "posixrules", "EST5EDT"} & time_zones()


def test_no_two_sites_have_one_short_name_or_one_prefix(site: Site, add: Any) -> None:
    add()

    with pytest.raises(SiteSlugTaken):
        add(SiteFields(name="Again", slug="cozy-home-outlet", currency="USD", number_prefix="N-"))
    with pytest.raises(NumberSeriesTaken) as refused:
        add(SiteFields(name="Again", currency="USD", number_prefix="out-"))

    assert refused.value.facts == {"pointer": "/number_prefix"}
    assert Site.objects.count() == 2


def test_a_rival_with_the_same_short_name_in_the_same_moment_wins(
    add: Any, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add()
    look_too_early(monkeypatch, add_site, "fit_slug", seeing="cozy-home-outlet")

    with pytest.raises(SiteSlugTaken) as refused:
        add(SiteFields(name="Cozy Home Outlet", currency="USD", number_prefix="N-"))

    assert isinstance(refused.value.__cause__, IntegrityError)


# Editing -------------------------------------------------------------------------------------------------------------


def test_what_is_given_changes_and_the_rest_stays(site: Site, edit: Any, clerk: Any) -> None:
    edit(name="Cozy Home USA", sender_name="The Cozy Home team", mails_shipped=True, currency="USD")

    site.refresh_from_db()
    assert (site.name, site.sender_name, site.mails_shipped, site.version) == (
        "Cozy Home USA",
        "The Cozy Home team",
        True,
        2,
    )
    told = entry()
    assert told.before == {"name": "Cozy Home US", "sender_name": "", "mails_shipped": False}
    assert told.after == {"name": "Cozy Home USA", "sender_name": "The Cozy Home team", "mails_shipped": True}
    assert (told.version, told.actor_name) == (2, "Mia Chen")


def test_what_is_the_same_already_changes_nothing(site: Site, edit: Any) -> None:
    edit(name=site.name, next_number=site.next_number)

    site.refresh_from_db()
    assert site.version == 1
    assert not Entry.objects.exists()


def test_the_short_name_changes_until_there_is_an_order(site: Site, edit: Any, document: Any, clerk: Any) -> None:
    assert edit(slug=site.slug, name="US") == "cozy-home-us"
    assert edit_site.run(slug=site.slug, fields=SiteFields(slug="us"), actor=clerk.actor, now=clerk.now) == "us"
    clerk.asks.take_in(document(site="us"))

    with pytest.raises(SiteInUse) as refused:
        edit_site.run(slug="us", fields=SiteFields(slug="usa"), actor=clerk.actor, now=clerk.now)

    assert refused.value.facts == {"pointer": "/slug"}
    assert Site.objects.get().slug == "us"


def test_a_short_name_that_another_site_has_is_refused(site: Site, add: Any, clerk: Any) -> None:
    add()

    with pytest.raises(SiteSlugTaken):
        edit_site.run(slug=site.slug, fields=SiteFields(slug="cozy-home-outlet"), actor=clerk.actor, now=clerk.now)

    assert Site.objects.filter(slug=site.slug).exists()


def test_changes_of_two_people_to_different_fields_merge(site: Site, edit: Any, colleague: Any) -> None:
    edit(by=colleague, name="Cozy Home USA")

    edit(version=1, name="Cozy Home US", sender_name="The team")  # the name as it was seen

    site.refresh_from_db()
    assert (site.name, site.sender_name) == ("Cozy Home USA", "The team")


def test_what_both_changed_is_refused_with_who_did_and_what_stands_there(site: Site, edit: Any, colleague: Any) -> None:
    edit(by=colleague, name="Cozy Home USA")
    edit(by=colleague, name="Cozy Home America", sender_name="The team")

    with pytest.raises(SiteChanged) as refused:
        edit(version=1, name="Cozy Home United States", mails_shipped=True)

    facts = refused.value.facts
    assert refused.value.message == "Ravi Patel changed this site since you opened it."
    assert (facts["now"], facts["version"]) == ({"name": "Cozy Home America"}, 3)
    assert [each["fields"] for each in facts["changes"]] == [["name"], ["name", "sender_name"]]
    site.refresh_from_db()
    assert (site.name, site.mails_shipped) == ("Cozy Home America", False)


def test_both_who_changed_a_field_to_the_same_agree(site: Site, edit: Any, colleague: Any) -> None:
    edit(by=colleague, name="Cozy Home USA")

    edit(version=1, name="Cozy Home USA")

    site.refresh_from_db()
    assert site.version == 2


def test_a_version_that_never_was_is_refused(site: Site, edit: Any) -> None:
    with pytest.raises(SiteChanged, match="Somebody changed this site"):
        edit(version=9, name="Cozy Home USA")

    assert not Entry.objects.exists()


def test_a_site_is_locked_within_a_transaction(site: Site) -> None:
    with pytest.raises(RuntimeError, match="for the length of a transaction"):
        lock_site(slug=site.slug, actor=SYSTEM)


# The series ----------------------------------------------------------------------------------------------------------


def test_another_series_begins_and_the_journal_tells_where_the_first_one_ended(
    site: Site, edit: Any, clerk: Any, document: Any
) -> None:  # I13
    clerk.asks.take_in(document())
    edit(number_prefix="US-", next_number=5001)
    clerk.asks.take_in(document())
    edit(next_number=6001)
    clerk.asks.take_in(document())

    assert numbers() == ["1001", "US-5001", "US-6001"]
    assert entry().before == {"number_prefix": "US-", "next_number": 5002}
    assert entry().after == {"number_prefix": "US-", "next_number": 6001}
    assert list(numbers_differ()) == []


def test_going_back_to_an_earlier_prefix_goes_on_above_what_is_used(
    site: Site, edit: Any, clerk: Any, document: Any
) -> None:  # I13
    clerk.asks.take_in(document())
    clerk.asks.take_in(document())
    edit(number_prefix="US-", next_number=1)
    clerk.asks.take_in(document())

    with pytest.raises(NumberSeriesTaken) as refused:
        edit(number_prefix="", next_number=1002)
    edit(number_prefix="", next_number=1003)
    clerk.asks.take_in(document())

    assert refused.value.facts == {"pointer": "/next_number", "highest": 1002}
    assert refused.value.message == "There is an order #1002 already: the next number is higher than that."
    assert numbers() == ["1001", "1002", "US-1", "1003"]
    assert list(numbers_differ()) == []


def test_what_another_site_used_behind_a_prefix_counts_too(
    site: Site, add: Any, edit: Any, clerk: Any, document: Any
) -> None:  # I13
    add()
    clerk.asks.take_in(document(site="cozy-home-outlet"))
    edit(slug="cozy-home-outlet", number_prefix="NEW-")

    with pytest.raises(NumberSeriesTaken):
        edit(number_prefix="OUT-", next_number=1001)
    edit(number_prefix="OUT-", next_number=1002)
    clerk.asks.take_in(document())

    assert numbers() == ["OUT-1001", "OUT-1002"]


def test_longer_numbers_are_higher_than_those_that_only_look_so(
    site: Site, edit: Any, clerk: Any, document: Any
) -> None:  # I13
    edit(next_number=99_999)
    clerk.asks.take_in(document())
    clerk.asks.take_in(document())

    with pytest.raises(NumberSeriesTaken):
        edit(next_number=99_999)

    assert Site.objects.get().next_number == 100_001


@pytest.mark.parametrize("seen", [("", 1001, None), ("US-", 5000, None)])
def test_an_order_that_comes_just_as_the_series_changes_gets_a_number_of_the_new_one(
    site: Site, edit: Any, clerk: Any, document: Any, monkeypatch: pytest.MonkeyPatch, seen: Any
) -> None:  # I13
    edit(number_prefix="US-", next_number=5001)
    look_too_early(monkeypatch, sites, "_series_of", seeing=seen)

    clerk.asks.take_in(document())

    assert numbers() == ["US-5001"]
    assert list(numbers_differ()) == []


@pytest.mark.breaks_invariants
def test_a_number_that_was_never_given_and_one_that_is_missing_are_found(
    site: Site, clerk: Any, document: Any
) -> None:  # I13
    for _ in range(3):
        clerk.asks.take_in(document())
    Order.objects.filter(number="1002").update(number="US-7")

    assert list(numbers_differ()) == [
        "I13: the series of its site never gave order #US-7 its number",
        "I13: 1 numbers with “” below 1004 belong to no order",
    ]


# Closing -------------------------------------------------------------------------------------------------------------


def test_a_closed_site_takes_in_no_orders_and_everything_else_goes_on(
    site: Site, edit: Any, clerk: Any, order: Any, document: Any
) -> None:
    edit(is_open=False)

    with pytest.raises(SiteClosed) as refused:
        clerk.asks.take_in(document())
    clerk.asks.add_note(order, "Still at work")

    assert (refused.value.code, refused.value.facts["site"]) == ("site_closed", site.slug)
    assert numbers() == ["1001"]
    site.refresh_from_db()
    assert (site.closed_at, site.next_number) == (clerk.now, 1002)
    assert (entry().before, entry().after) == ({"is_open": True}, {"is_open": False})


def test_what_was_handed_in_before_the_site_closed_is_answered_as_then(
    site: Site, edit: Any, clerk: Any, document: Any
) -> None:
    placed = document()
    clerk.asks.take_in(placed)
    edit(is_open=False)

    assert clerk.asks.take_in(placed) == TakenIn(number="1001", is_new=False)


def test_a_site_that_is_opened_again_goes_on_with_its_numbers(site: Site, edit: Any, clerk: Any, document: Any) -> None:
    clerk.asks.take_in(document())
    edit(is_open=False)
    edit(is_open=True)
    clerk.asks.take_in(document())

    assert numbers() == ["1001", "1002"]


# Deleting ------------------------------------------------------------------------------------------------------------


def test_a_site_that_nothing_belongs_to_is_deleted_and_the_journal_keeps_what_it_was(
    site: Site, add: Any, clerk: Any
) -> None:
    made = add()

    delete_site.run(slug=made.slug, actor=clerk.actor, now=clerk.now)

    assert list(Site.objects.values_list("slug", flat=True)) == [site.slug]
    assert entry("site.deleted").before["name"] == "Cozy Home Outlet"
    assert delete_site.availability(read_site(slug=site.slug, actor=SYSTEM), clerk.actor).allowed


def test_a_site_that_something_belongs_to_stays(site: Site, order: Any, clerk: Any, now: Any) -> None:
    hire(name="Lena Lokal", email="lena@cozy-home.example.com", now=now, role="order-clerk", sites=[site])
    ProviderAccount.objects.get(slug="practice").sites.add(site)

    with pytest.raises(SiteInUse) as refused:
        delete_site.run(slug=site.slug, actor=clerk.actor, now=clerk.now)

    said = "These belong to it: orders, roles of people, payment providers."
    assert (refused.value.message, refused.value.facts["used_by"]) == (said, ["orders", "roles", "provider_accounts"])
    assert delete_site.availability(read_site(slug=site.slug, actor=SYSTEM), clerk.actor).reason == said
    assert Site.objects.exists()


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def local(site: Site, now: Any) -> Any:
    """Hire somebody who manages the first site alone."""
    return hire(name="Lena Lokal", email="lena@cozy-home.example.com", now=now, role="order-manager", sites=[site])


def test_whoever_may_change_one_site_edits_that_one_alone(site: Site, add: Any, edit: Any, local: Any) -> None:
    other = add()

    edit(by=local, name="Cozy Home USA")
    with pytest.raises(SiteNotFound):
        edit(by=local, slug=other.slug, name="Mine")
    for act in (
        lambda: add(SiteFields(name="More", currency="USD", number_prefix="M-"), by=local),
        lambda: delete_site.run(slug=site.slug, actor=local.actor, now=local.now),
    ):
        with pytest.raises(Refused):
            act()

    assert Site.objects.get(pk=site.pk).name == "Cozy Home USA"
    assert Site.objects.get(pk=other.pk).name == "Cozy Home Outlet"
    assert [row.slug for row in list_site_entries(actor=local.actor)] == [site.slug]
    assert [row.slug for row in list_sites(actor=local.actor)] == [site.slug]
    row = read_site(slug=site.slug, actor=local.actor)
    assert edit_site.availability(row, local.actor).limits == {"may_rename": True}
    assert not delete_site.availability(row, local.actor).allowed
    assert not add_site.availability(local.actor).allowed


def test_whoever_may_only_look_changes_nothing(site: Site, add: Any, edit: Any, viewer: Any) -> None:
    for act in (
        lambda: add(by=viewer),
        lambda: edit(by=viewer, name="Mine"),
        lambda: delete_site.run(slug=site.slug, actor=viewer.actor, now=viewer.now),
    ):
        with pytest.raises(OrderwrightError) as refused:
            act()
        assert refused.value.code == "not_permitted"

    assert Site.objects.get() == site
    assert not edit_site.availability(read_site(slug=site.slug, actor=viewer.actor), viewer.actor).allowed
    assert not Entry.objects.exists()
