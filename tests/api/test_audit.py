"""The audit through the API: the whole journal in pages, signed heads to keep elsewhere, checks."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from orderwright.actions import check_journal, sign_head
from orderwright.api import shapes
from orderwright.journal.heads import is_signed, read_head
from orderwright.journal.models import Check
from orderwright.journal.roots import last_head


def test_the_journal_comes_newest_first_with_hashes(program, order, clerk):
    clerk.save_invoice(order, "INV-1")

    answer = program.get("/audit")

    page = msgspec.json.decode(answer.content, type=shapes.AuditPage)
    assert [entry.kind for entry in page.items] == ["order.invoice_saved", "payment.authorised", "order.taken_in"]
    newest, before, _first = page.items
    assert (newest.order, newest.site.slug, newest.by, newest.by_kind) == (
        order.number,
        "cozy-home-us",
        "Mia Chen",
        "person",
    )
    assert newest.by_reference == clerk.actor.ref
    assert newest.previous_hash == before.hash
    assert page.next is None


def test_filters_narrow_and_pages_follow_each_other(program, order, take_in, clerk):
    take_in()
    later = clerk.at(timedelta(hours=1))
    later.save_invoice(order, "INV-1")

    def kinds(asked):
        return [entry["kind"] for entry in program.get(f"/audit?{asked}").json["items"]]

    assert kinds(f"order={order.number}&kind=order.") == ["order.invoice_saved", "order.taken_in"]
    assert kinds(f"who=person:{clerk.actor.ref}&from=2026-11-21T09:30:00Z") == ["order.invoice_saved"]
    assert kinds("to=2026-11-21T09:30:00Z&site=cozy-home-us&limit=1") == ["payment.authorised"]
    assert kinds("site=elsewhere") == kinds("order=9999") == kinds("who=nobody") == []
    first = program.get("/audit?limit=3").json
    rest = program.get(f"/audit?limit=3&after={first['next']}").json
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [3, 2, None]
    assert program.get("/audit?after=abc").faults == [("after", "cursor_invalid")]


def test_the_newest_head_is_fetched_as_it_was_signed(program, order, clerk):
    assert program.get("/audit/head").code == "head_not_found"
    sign_head.run(now=clerk.now)

    answer = program.get("/audit/head")

    head = read_head(answer.content.decode())
    assert head == last_head()
    assert is_signed(head)
    assert program.get("/audit/heads/1").content == answer.content
    assert program.get("/audit/heads/2").code == "head_not_found"


def test_a_check_is_asked_for_and_looked_at_until_it_is_done(program, order):
    asked = program.post("/audit/checks")

    assert (asked.status, asked.json["state"], asked.json["by"]) == (202, "running", "Storefront")
    place = asked.headers["Location"]
    refused = program.post("/audit/checks")
    assert (refused.status, refused.code, refused.json["check"]) == (409, "check_under_way", asked.json["id"])
    check_journal.carry_out(worker="one", is_stopping=lambda: False)
    done = program.get(place).json
    assert (done["state"], done["faults"], done["entries"]) == ("done", [], 2)
    assert program.get("/audit/checks/99").code == "check_not_found"


@pytest.mark.parametrize("path", ["/audit", "/audit/head", "/audit/heads/1", "/audit/checks/1"])
def test_a_reader_does_not_see_the_audit(reader, order, path):
    assert (reader.get(path).status, reader.get(path).code) == (403, "not_permitted")


def test_a_reader_does_not_have_it_checked(reader, order):
    assert reader.post("/audit/checks").status == 403
    assert Check.objects.count() == 0
