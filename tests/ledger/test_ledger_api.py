"""The ledger for programs: by day and by transaction, as JSON and as the files that the portal gives."""

from __future__ import annotations

import json

import msgspec
import pytest
from django.test import Client

from orderwright.accounts.models import ApiKey
from orderwright.api import shapes, urls
from orderwright.api.openapi import encoded
from tests.api.program import mark_used, program_with
from tests.ledger.files import as_records, csv_rows, export, xlsx_rows

SPAN = "from=2026-11-01&to=2026-11-20"


@pytest.fixture
def program(db, now):
    made = program_with("Bookkeeping", "finance.export")
    mark_used(now)
    return made


@pytest.fixture
def books(moved):
    moved(
        "2026-11-19T15:00:00Z",
        ("capture", 30900, "2026-11-20T05:00:00Z"),
        ("refund", 900, "2026-11-21T04:59:59Z"),
        reference="auth_9f2c",
        external_id="5532",
    )


def download(program, path):
    answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {program.key}"})
    return answer, b"".join(answer.streaming_content)


def test_a_day_names_its_place_what_moved_and_what_stood(program, books):
    answer = program.get(f"/ledger?{SPAN}")

    assert answer.status == 200
    assert (answer.json["from"], answer.json["to"]) == ("2026-11-01", "2026-11-20")
    assert (answer.json["transactions"], answer.json["last_transaction"]) == (3, 3)
    first, second = answer.json["items"]
    assert first == {
        "day": "2026-11-19",
        "time_zone": "America/New_York",
        "site": {"slug": "cozy-home-us", "name": "Cozy Home US"},
        "provider": {"slug": "practice", "name": "Practice provider", "live": False},
        "currency": "USD",
        "authorised": 59894,
        "captured": 0,
        "reversed": 0,
        "expired": 0,
        "refunded": 0,
        "held": 59894,
        "kept": 0,
        "transactions": 1,
    }
    assert (second["captured"], second["refunded"], second["held"], second["kept"]) == (30900, 900, 28994, 30000)
    (total,) = answer.json["totals"]
    assert (total["provider"]["slug"], total["captured"], total["kept"]) == ("practice", 30900, 30000)


def test_by_itself_it_is_the_last_calendar_month_to_date(program, site):
    answer = program.get("/ledger").json

    assert answer == {
        "from": "2026-10-01",
        "to": "2026-11-21",
        "items": [],
        "totals": [],
        "transactions": 0,
        "last_transaction": None,
    }


def test_transactions_come_in_pages_in_the_order_in_which_they_happened(program, books):
    first = program.get(f"/ledger/transactions?{SPAN}&limit=2").json
    second = program.get(f"/ledger/transactions?{SPAN}&limit=2&after={first['next']}").json

    rows = [*first["items"], *second["items"]]
    assert [(row["kind"], row["amount"], row["day"]) for row in rows] == [
        ("authorisation", 59894, "2026-11-19"),
        ("capture", 30900, "2026-11-20"),
        ("refund", 900, "2026-11-20"),
    ]
    assert second["next"] is None
    assert rows[2] == {
        "id": 3,
        "at": "2026-11-21T04:59:59Z",
        "day": "2026-11-20",
        "time_zone": "America/New_York",
        "site": {"slug": "cozy-home-us", "name": "Cozy Home US"},
        "order": "1001",
        "external_id": "5532",
        "provider": {"slug": "practice", "name": "Practice provider", "live": False},
        "payment_reference": "auth_9f2c",
        "kind": "refund",
        "reference": "auth_9f2c-1",
        "parent": "auth_9f2c-0",
        "amount": 900,
        "currency": "USD",
        "origin": "intake",
        "by": None,
    }


@pytest.mark.parametrize(("path", "shape"), [("", shapes.Ledger), ("/transactions", shapes.LedgerTransactionPage)])
def test_answers_have_the_shape_that_is_described(program, books, path, shape):
    content = program.get(f"/ledger{path}?{SPAN}").content

    decoded = msgspec.json.decode(content, type=shape)
    assert msgspec.json.decode(msgspec.json.encode(decoded)) == json.loads(content)


@pytest.mark.parametrize(
    ("path", "form", "name"),
    [("/ledger", "days", "ledger"), ("/ledger/transactions", "transactions", "ledger-transactions")],
)
@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
def test_a_file_has_the_bytes_that_the_export_writes(program, books, clerk, now, path, form, name, file_type):
    answer, content = download(program, f"{path}?{SPAN}&format={file_type}&site=cozy-home-us")

    query = {"first": "2026-11-01", "last": "2026-11-20", "site": "cozy-home-us"}
    assert content == export(clerk.actor, now=now, form=form, file_type=file_type, **query)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{name}-2026-11-01-2026-11-20-cozy-home-us.{file_type}"'
    )
    assert int(answer["Content-Length"]) == len(content)
    assert answer["Cache-Control"] == "private, no-store"
    rows = csv_rows(content) if file_type == "csv" else xlsx_rows(content)
    assert as_records(rows)[0]["site"] == "cozy-home-us"


@pytest.mark.parametrize("path", ["/ledger", "/ledger/transactions"])
@pytest.mark.parametrize("form", ["", "&format=csv", "&format=xlsx"])
@pytest.mark.parametrize(
    ("query", "code", "faults"),
    [
        ("from=2026-11-21&to=2026-11-20", "from_after_to", [("from", "from_after_to")]),
        ("from=2025-11-20&to=2026-11-21", "span_too_long", [("to", "span_too_long")]),
        ("from=2026-02-30", "not_a_day", [("from", "not_a_day")]),
        ("to=yesterday", "not_a_day", [("to", "not_a_day")]),
        ("site=nowhere", "site_unknown", [("site", "site_unknown")]),
        ("provider=nobody", "provider_unknown", [("provider", "provider_unknown")]),
        ("form=2026-11-01", "parameter_invalid", [("form", "unknown_parameter")]),
        ("first=2026-11-01", "parameter_invalid", [("first", "unknown_parameter")]),
        ("to=2026-11-20%00", "parameter_invalid", [("to", "forbidden_character")]),
    ],
)
def test_what_cannot_be_is_refused_with_its_parameter(program, site, path, form, query, code, faults):
    answer = program.get(f"{path}?{query}{form}")

    assert (answer.status, answer.is_problem, answer.code) == (422, True, code)
    assert answer.faults == faults


@pytest.mark.parametrize("path", ["/ledger", "/ledger/transactions"])
def test_a_format_that_there_is_not_is_refused(program, site, path):
    answer = program.get(f"{path}?format=pdf")

    assert (answer.status, answer.code, answer.faults) == (422, "parameter_invalid", [("format", "unknown_value")])


def test_a_span_too_long_says_how_long_it_may_be(program, site):
    assert program.get("/ledger?from=2025-11-20&to=2026-11-21").json["most_days"] == 366


def test_a_cursor_of_no_page_and_one_for_a_file_are_refused(program, books):
    assert program.get("/ledger/transactions?after=x").code == "cursor_invalid"
    page = program.get(f"/ledger/transactions?{SPAN}&limit=1").json

    answer = program.get(f"/ledger/transactions?{SPAN}&format=csv&after={page['next']}")

    assert (answer.status, answer.faults) == (422, [("after", "not_with_a_file")])


def test_it_takes_a_permission_of_its_own(db, site):
    others = program_with("Dashboard", role="viewer")

    for path in ("/ledger", "/ledger/transactions", "/ledger?format=csv"):
        answer = others.get(path)
        assert (answer.status, answer.code, answer.json["permission"]) == (403, "not_permitted", "finance.export")


@pytest.mark.parametrize(
    ("path", "cost"),
    [("/ledger?", 3), ("/ledger/transactions?limit=200", 3), ("/ledger?format=csv", 3)],
)
def test_two_transactions_cost_what_two_hundred_do(program, moved, statements, path, cost):
    counts = []
    for orders, each in ((1, 1), (33, 5)):
        for _order in range(orders):
            moved("2026-11-19T15:00:00Z", *(("capture", 5, f"2026-11-19T{n + 16}:00:00Z") for n in range(each)))
        with statements() as counted:
            if "format" in path:
                assert download(program, path)[0].status_code == 200
            else:
                assert program.get(path).status == 200
        counts.append(counted.count)

    key = 1
    assert counts == [key + cost] * 2


def test_the_openapi_file_names_the_files_and_the_days():
    paths = json.loads(encoded(urls.api))["paths"]

    for path in ("/api/v1/ledger", "/api/v1/ledger/transactions"):
        route = paths[path]["get"]
        assert len(route["responses"]["200"]["content"]) == 3
        given = {each["name"]: each["schema"] for each in route["parameters"]}
        assert given["from"]["format"] == given["to"]["format"] == "date"
        assert given["format"]["enum"] == ["json", "csv", "xlsx"]


def test_a_revoked_key_gets_no_file(program, books, now):
    ApiKey.objects.update(revoked_at=now)

    assert program.get("/ledger?format=csv").code == "key_refused"
