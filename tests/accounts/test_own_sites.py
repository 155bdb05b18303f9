"""A person or key sees only its sites, everywhere (W10, W11, W12): what lies elsewhere is not there."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.actions import check_operation, decide_drift, dismiss_failure, export_ledger, settle_by_hand
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Invalid, NotFound, Refused
from orderwright.journal.models import Entry
from orderwright.orders.models import Order
from orderwright.payments.models import ProviderAccount
from orderwright.reads.counts import count_open, read_chips, read_menu_counts
from orderwright.reads.drift import count_drift, list_drift, read_drift
from orderwright.reads.exceptions import count_exceptions, find_exception, list_exceptions
from orderwright.reads.expiring_holds import list_holds
from orderwright.reads.ledger_days import read_days
from orderwright.reads.ledger_scope import LedgerQuery, read_scope
from orderwright.reads.ledger_transactions import each_transaction
from orderwright.reads.mails import list_mails, read_mail
from orderwright.reads.neighbours import read_neighbours
from orderwright.reads.order_list import ListQuery, read_list
from orderwright.reads.overview import read_overview
from orderwright.reads.provider_accounts import list_provider_accounts
from orderwright.reads.sites import list_sites
from tests.accounts.conftest import Shop
from tests.api.program import mark_used, program_with
from tests.support.drivers import hire
from tests.web.conftest import Browser

A_MONTH = timedelta(days=30)

pytestmark = pytest.mark.usefixtures("here", "elsewhere")


def numbers(actor: Any, now: Any, **query: Any) -> set[str]:
    return {row.number for row in read_list(ListQuery(**query), now=now, actor=actor).items}


def test_lists_and_search_show_the_orders_of_ones_own_sites(here: Shop, elsewhere: Shop, local: Any, now: Any) -> None:
    assert numbers(local.actor, now, view="all") == {here.order.number}
    assert numbers(SYSTEM, now, view="all") == {here.order.number, elsewhere.order.number}
    for piece in ("anton", elsewhere.order.number, "EU", elsewhere.order.external_id):
        assert elsewhere.order.number not in numbers(local.actor, now, view="all", q=piece), piece
    assert numbers(local.actor, now, site=elsewhere.site.slug) == set()


def test_somebody_of_two_sites_out_of_three_sees_those_two(here: Shop, elsewhere: Shop, now: Any, take_in: Any) -> None:
    both = hire(name="Bo", email="bo@cozy-home.example.com", now=now, role="viewer", sites=[here.site, elsewhere.site])

    assert numbers(both.actor, now) == {here.order.number, elsewhere.order.number}
    assert count_open(actor=both.actor) == 2


def test_counts_are_those_of_ones_own_sites(local: Any, now: Any) -> None:
    counts, mine = (read_menu_counts(now=now, actor=actor) for actor in (SYSTEM, local.actor))
    assert (counts.open_orders, counts.exceptions, counts.drift, counts.holds_ending) == (2, 2, 4, 2)
    assert (mine.open_orders, mine.exceptions, mine.drift, mine.holds_ending) == (1, 1, 2, 1)
    chips = read_chips(view="open", now=now, actor=local.actor)
    assert (chips.total, chips.holds_ending, sum(state.count for state in chips.states)) == (1, 1, 1)
    assert count_exceptions(now=now, actor=local.actor)["manual"] == 1
    assert count_drift(actor=local.actor)["undecided"] == 2
    overview = read_overview(now=now, actor=local.actor)
    assert (overview.open_orders, overview.new_orders, overview.exceptions, overview.drift) == (1, 1, 1, 2)
    assert overview.ending_holds == 1


def test_an_order_elsewhere_is_not_there(here: Shop, elsewhere: Shop, local: Any) -> None:
    entries, number = Entry.objects.count(), elsewhere.order.number

    for ask in (
        partial(local.asks.save_invoice, number, "X-1"),
        partial(local.asks.add_note, number, "Hello"),
        partial(local.asks.change_state, number, "processing", version=1),
        partial(local.asks.cancel, number),
        partial(local.asks.sync_payments, number),
        partial(local.asks.capture, elsewhere.order, 100),
        partial(local.asks.refund, elsewhere.order, other=100),
        partial(local.asks.reverse_hold, elsewhere.order),
    ):
        with pytest.raises(NotFound) as missing:
            ask()
        assert missing.value.code == "order_not_found"
    assert Entry.objects.count() == entries
    assert local.save_invoice(here.order, "X-1").invoice_number == "X-1"


def test_exceptions_drift_holds_and_mails_elsewhere_are_not_there(
    here: Shop, elsewhere: Shop, local: Any, now: Any
) -> None:
    actor = local.actor
    assert [row.key for row in list_exceptions(now=now, actor=actor).items] == [here.exception_key]
    assert find_exception(key=elsewhere.exception_key, now=now, actor=actor) is None
    assert {row.order_number for row in list_drift(actor=actor).items} == {here.order.number}
    assert {row.order_number for row in list_holds(now=now, within=A_MONTH, actor=actor).items} == {here.order.number}
    assert [row.id for row in list_mails(actor=actor).items] == [here.mail_id]
    for ask in (
        partial(read_drift, drift_id=elsewhere.drift_id, actor=actor),
        partial(read_mail, id=elsewhere.mail_id, actor=actor),
        partial(decide_drift.run, drift_id=elsewhere.drift_id, decision="investigate", note="x", actor=actor, now=now),
        partial(check_operation.run, key=elsewhere.exception_key, actor=actor, now=now),
        partial(dismiss_failure.run, key=elsewhere.exception_key, actor=actor, now=now),
        partial(settle_by_hand.run, key=elsewhere.exception_key, happened=False, reason="x", actor=actor, now=now),
    ):
        with pytest.raises(NotFound):
            ask()


def test_neighbours_are_those_of_ones_own_sites(here: Shop, elsewhere: Shop, local: Any) -> None:
    around = read_neighbours(number=here.order.number, actor=local.actor)

    assert (around.previous, around.next) == (None, None)
    assert {*_both(read_neighbours(number=here.order.number, actor=SYSTEM))} == {None, elsewhere.order.number}
    assert _both(read_neighbours(number=elsewhere.order.number, actor=local.actor)) == (None, None)


def _both(around: Any) -> tuple[str | None, str | None]:
    return around.previous, around.next


def test_the_ledger_and_its_files_hold_ones_own_sites(
    here: Shop, elsewhere: Shop, local: Any, now: Any, tmp_path: Any
) -> None:
    scope = read_scope(LedgerQuery(), now=now, actor=local.actor)

    assert {row.site.slug for row in read_days(scope).days} == {here.site.slug}
    assert {row.order_number for row in each_transaction(scope)} == {here.order.number}
    assert [site.slug for site in scope.all_sites] == [here.site.slug]
    with pytest.raises(Invalid) as unknown:
        read_scope(LedgerQuery(site=elsewhere.site.slug), now=now, actor=local.actor)
    assert unknown.value.code == "site_unknown"
    for form in export_ledger.FORMS:
        with (tmp_path / "file.csv").open("w+b") as target:
            export_ledger.run(LedgerQuery(), form=form, file_type="csv", target=target, actor=local.actor, now=now)
            target.seek(0)
            text = target.read().decode()
        assert here.site.slug in text or here.order.number in text
        assert elsewhere.site.slug not in text
        assert elsewhere.order.number not in text


def test_provider_accounts_and_sites_are_ones_own(here: Shop, elsewhere: Shop, local: Any) -> None:
    slug = next(row.slug for row in list_provider_accounts(actor=SYSTEM) if row.slug != "practice")
    ProviderAccount.objects.get(slug=slug).sites.add(elsewhere.site)
    slugs = {row.slug for row in list_provider_accounts(actor=SYSTEM)}

    assert {row.slug for row in list_provider_accounts(actor=local.actor)} == slugs - {slug}
    assert [site.slug for site in list_sites(actor=local.actor)] == [here.site.slug]


def test_a_key_hands_in_orders_of_its_own_site_alone(here: Shop, elsewhere: Shop, document: Any, now: Any) -> None:
    program = program_with("Till", role="integrator", site_ids=[here.site.pk])
    orders = Order.objects.count()
    known = document(external_id=elsewhere.order.external_id)

    answers = [
        program.post("/orders", document(site=elsewhere.site.slug)),
        program.post("/orders", {**known, "site": elsewhere.site.slug}),
    ]

    assert [(answer.status, answer.faults) for answer in answers] == [(422, [("/site", "site_unknown")])] * 2
    assert Order.objects.count() == orders
    assert program.post("/orders", document(site=here.site.slug)).status == 201


def test_roles_of_two_sites_are_not_mixed(here: Shop, elsewhere: Shop, now: Any) -> None:
    """Somebody may capture here and look there: neither page lends the other its rights."""
    person = hire(name="Ulla", email="ulla@cozy-home.example.com", now=now, role="viewer", sites=[elsewhere.site])
    cashier = hire(name="X", email="x@cozy-home.example.com", now=now, role="payments-clerk", sites=[here.site])
    cashier.user.grants.update(user=person.user)
    ulla = person.user.__class__.objects.get(pk=person.user.pk)
    browser = Browser(ulla)

    shown = browser.open(f"/orders/{elsewhere.order.number}").content.decode()
    refused = browser.press(f"/orders/{elsewhere.order.number}/notes", text="Hello")
    taken = browser.press(f"/orders/{here.order.number}/notes", text="Hello")

    assert "Your role does not allow this: Capture payments." in shown
    assert refused.status_code == 404
    assert taken.status_code == 302
    with pytest.raises(Refused) as without:
        person.__class__(ulla.actor(), now, ulla).capture(elsewhere.order, 100)
    assert without.value.code == "not_permitted"


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/orders/open",
            "/orders",
            "/orders?q=hier",
            "/overview",
            "/exceptions",
            "/expiring-holds",
            "/provider-drift",
        ),
        *("/ledger", "/emails", "/payment-providers"),
    ],
)
def test_a_page_costs_whoever_sees_one_site_no_more_statements(
    here: Shop, elsewhere: Shop, local: Any, clerk: Any, statements: Any, path: str
) -> None:
    cost = {}
    for person in (clerk, local):
        browser = Browser(person.user)
        browser.open(path)
        with statements() as counted:
            answer = browser.open(path)
        assert answer.status_code == 200
        cost[person.user.name] = counted.count
    page = answer.content.decode()

    assert cost["Lena Lokal"] <= cost["Mia Chen"]
    assert not [mark for mark in elsewhere.marks if mark in page]


def test_an_answer_costs_a_key_of_one_site_no_more_statements(
    here: Shop, elsewhere: Shop, now: Any, statements: Any
) -> None:
    program = program_with("Till", role="order-manager", site_ids=[here.site.pk])
    mark_used(now)
    for path, cost in (("/orders", 1), (f"/orders/{here.order.number}", 1), ("/exceptions", 1), ("/drift", 1)):
        with statements() as counted:
            answer = program.get(path)
        assert answer.status == 200
        assert counted.count == 1 + cost, path
        assert not [mark for mark in elsewhere.marks if mark in answer.content.decode()]
