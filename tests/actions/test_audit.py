"""The audit shows the whole journal, newest first, narrowed by who, what, when, order and site."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from orderwright.actions import check_journal, export_audit
from orderwright.core.actor import SYSTEM
from orderwright.core.db import is_postgresql  # noqa: F401 - named by a mark
from orderwright.core.errors import Refused
from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.reads.audit import AuditQuery, each_entry, list_actors, list_kinds, read_audit
from orderwright.reads.cursors import CursorInvalid
from orderwright.reads.invariants import violations
from tests.factories.journal import append
from tests.support.drivers import hire
from tests.support.tampering import unguarded


def kinds(**asked: Any) -> list[str]:
    return [row.kind for row in read_audit(AuditQuery(**asked), actor=SYSTEM).items]


@pytest.fixture
def other_order(take_in: Any) -> Any:
    """Take in an order of another site."""
    Site.objects.create(
        slug="cozy-home-eu", name="Cozy Home EU", currency="USD", number_prefix="EU-", sender="eu@cozy-home.example.com"
    )
    return take_in(site="cozy-home-eu", external_id="5533")


def test_the_newest_stands_first_and_an_order_s_entry_names_the_order_and_its_store(order, clerk, statements):
    clerk.at(timedelta(minutes=5)).save_invoice(order, "INV-1")

    with statements() as counted:
        rows = read_audit(AuditQuery(), actor=SYSTEM).items

    assert counted.count == 1
    assert [row.kind for row in rows] == ["order.invoice_saved", "payment.authorised", "order.taken_in"]
    newest = rows[0]
    assert (newest.order.number, newest.order.site.name, newest.actor_name) == (
        order.number,
        "Cozy Home US",
        "Mia Chen",
    )
    assert (newest.before, newest.after) == ({"invoice_number": ""}, {"invoice_number": "INV-1"})
    assert newest.at == clerk.now + timedelta(minutes=5)


def test_each_filter_narrows(order, other_order, clerk, colleague):
    colleague.save_invoice(order, "INV-1")
    later = colleague.at(timedelta(hours=1))
    later.save_invoice(other_order, "INV-2")

    assert kinds(who=("person", colleague.actor.ref)) == ["order.invoice_saved"] * 2
    assert kinds(kind="order.invoice_saved") == ["order.invoice_saved"] * 2
    assert kinds(kind="payment.") == ["payment.authorised"] * 2
    assert kinds(since=later.now) == ["order.invoice_saved"]
    assert "order.invoice_saved" in kinds(until=later.now)
    assert kinds(until=clerk.now) == []
    assert kinds(order_id=other_order.id) == ["order.invoice_saved", "payment.authorised", "order.taken_in"]
    assert kinds(site_id=other_order.site.id, who=("person", clerk.actor.ref)) == [
        "payment.authorised",
        "order.taken_in",
    ]
    assert kinds(order_id=0) == kinds(who=("person", "99")) == []


def test_entries_about_no_order_belong_to_no_store_and_are_named_after_their_thing(order):
    append("order_state:1", kind="order_state.edited", after={"name": "Fresh"}, before={"name": "New"})

    (row,) = read_audit(AuditQuery(kind="order_state.edited"), actor=SYSTEM).items

    assert (row.order, row.subject) == (None, "New")
    assert Entry.objects.get(kind="order_state.edited").site_id is None


def test_pages_follow_each_other_without_a_gap_or_a_repetition_even_where_times_are_the_same(order, clerk):
    for number in range(7):
        clerk.save_invoice(order, f"INV-{number}")
    found, after, pages = [], None, 0

    while pages == 0 or after is not None:
        page = read_audit(AuditQuery(after=after, limit=4), actor=SYSTEM)
        found += [row.id for row in page.items]
        after, pages = page.next, pages + 1

    assert pages == 3
    assert found == sorted(Entry.objects.values_list("pk", flat=True), reverse=True)


def test_a_cursor_of_another_list_is_refused(order):
    with pytest.raises(CursorInvalid):
        read_audit(AuditQuery(after="abc"), actor=SYSTEM)


@pytest.mark.skipif("is_postgresql()", reason="asks SQLite for its plan")
@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "journal_by_time"),
        ({"who": ("person", "1")}, "journal_by_actor"),
        ({"kind": "order.taken_in"}, "journal_by_kind"),
        ({"site_id": 1}, "journal_by_site"),
    ],
    ids=str,
)
def test_a_page_is_found_over_an_index_and_not_sorted(order, asked, index):
    plans = []

    def explain(execute, sql, params, many, context):
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plans.append([step[3] for step in cursor.cursor.fetchall()])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        read_audit(AuditQuery(**asked), actor=SYSTEM)

    (plan,) = plans
    assert [step for step in plan if index in step]
    assert plan.index(next(step for step in plan if index in step)) < 3
    assert not [step for step in plan[:3] if "TEMP B-TREE" in step]


def test_who_and_what_there_is_to_choose_from_is_read_from_the_journal(order, clerk, colleague):
    colleague.save_invoice(order, "INV-1")
    append("order_state:1", kind="order_state.added")

    assert list_kinds() == ["order.invoice_saved", "order.taken_in", "order_state.added", "payment.authorised"]
    assert sorted(list_actors(actor=SYSTEM)) == [
        ("person", clerk.actor.ref, "Mia Chen"),
        ("person", colleague.actor.ref, "Ravi Patel"),
        ("system", "orderwright", "Orderwright"),
    ]


def test_an_empty_journal_has_nothing_to_choose_from(db):
    assert (list_kinds(), list_actors(actor=SYSTEM), list(each_entry(AuditQuery(), actor=SYSTEM))) == ([], [], [])


@pytest.mark.breaks_invariants
def test_an_entry_that_another_store_s_people_would_see_is_told_of(order):
    with unguarded():
        Entry.objects.filter(sequence=1).update(site_id=99)

    assert violations() == [f"I10: entry 1 of order:{order.id} belongs to another site than its order"]


def test_who_has_a_role_at_one_store_sees_what_was_done_there_and_by_whom(order, other_order, colleague, now):
    colleague.save_invoice(other_order, "INV-1")
    append("order_state:1", kind="order_state.added")
    here = hire(
        name="Erik Holm", email="erik@cozy-home.example.com", now=now, sites=Site.objects.filter(slug="cozy-home-eu")
    ).actor

    rows = read_audit(AuditQuery(), actor=here).items

    assert [row.kind for row in rows] == ["order.invoice_saved", "payment.authorised", "order.taken_in"]
    assert {row.order.number for row in rows} == {other_order.number}
    assert read_audit(AuditQuery(order_id=order.id), actor=here).items == []
    assert read_audit(AuditQuery(site_id=order.site.id), actor=here).items == []
    assert [name for _kind, _ref, name in sorted(list_actors(actor=here))] == ["Mia Chen", "Ravi Patel"]
    with pytest.raises(Refused):
        check_journal.ask(actor=here, now=now)


# The file -------------------------------------------------------------------------------------------------------------


def test_the_file_has_every_entry_in_words_and_as_it_stands_and_no_cell_is_a_formula(order, clerk, figure):  # FH3
    clerk.save_invoice(order, "=cmd|'/c calc'!A0")
    target = io.BytesIO()

    name = export_audit.run(
        AuditQuery(), target=target, say=lambda row: f"+{row.kind}", actor=clerk.actor, now=clerk.now
    )

    rows = list(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"))))
    assert name == "audit-2026-11-21.csv"
    assert [row["what"] for row in rows] == ["'+order.invoice_saved", "'+payment.authorised", "'+order.taken_in"]
    assert rows[0]["after"] == '{"invoice_number":"=cmd|\'/c calc\'!A0"}'
    assert [row["hash"] for row in rows] == list(Entry.objects.order_by("-id").values_list("hash", flat=True))
    cells = [cell for row in rows for cell in row.values()]
    live = [cell for cell in cells if cell[:1] in tuple("=+-@")]
    figure("FH3", "text that leads like a formula, in the audit's file", cells=len(cells), live=len(live))
    assert live == []


def test_a_file_of_thousands_is_read_in_pieces_and_leaves_out_what_comes_meanwhile(order, clerk, monkeypatch):
    monkeypatch.setattr("orderwright.reads.audit._STREAMED", 2)
    for number in range(4):
        clerk.save_invoice(order, f"INV-{number}")
    entries = each_entry(AuditQuery(), actor=SYSTEM)
    first = next(entries)

    clerk.save_invoice(order, "INV-9")

    assert [first.id, *(row.id for row in entries)] == [6, 5, 4, 3, 2, 1]


def test_who_may_not_see_the_audit_gets_no_file(order, viewer):
    target = io.BytesIO()

    with pytest.raises(Refused):
        export_audit.run(AuditQuery(), target=target, say=str, actor=viewer.actor, now=viewer.now)

    assert target.getvalue() == b""
