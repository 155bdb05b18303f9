"""The ledger as CSV and XLSX: what stands in it, that no cell is a formula, and that a repetition is the same file."""

from __future__ import annotations

import hashlib
import io
import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from orderwright.accounts.permissions import PERMISSIONS
from orderwright.actions.ledger_file import days, transactions
from orderwright.actions.ledger_file.cells import Own, amount, guarded, words
from orderwright.actions.ledger_file.sheets import XlsxSheet
from orderwright.actions.ledger_file.transactions import KIND_NAMES
from orderwright.api.order_shape import KINDS as API_KINDS
from orderwright.core.db import is_postgresql
from orderwright.core.errors import Refused
from orderwright.orders.models import Order, Site
from orderwright.payments.models import LedgerTransaction, Payment, ProviderAccount
from orderwright.payments.rules import POSTINGS
from orderwright.reads.ledger_transactions import each_transaction
from tests.ledger.files import as_records, csv_rows, export, sheet_xml, xlsx_rows

SPAN = {"first": "2026-11-01", "last": "2026-11-20"}
DAYS_CSV = """\
row,day,time_zone,site,site_name,provider,provider_name,mode,currency,authorised,captured,reversed,expired,refunded,\
held_at_end,kept_at_end,authorised_minor,captured_minor,reversed_minor,expired_minor,refunded_minor,held_at_end_minor,\
kept_at_end_minor,transactions
day,2026-11-19,America/New_York,cozy-home-us,Cozy Home US,practice,Practice provider,test,USD,598.94,309.00,0.00,0.00,\
0.00,289.94,309.00,59894,30900,0,0,0,28994,30900,2
day,2026-11-20,America/New_York,cozy-home-us,Cozy Home US,practice,Practice provider,test,USD,0.00,0.00,0.00,0.00,\
9.00,289.94,300.00,0,0,0,0,900,28994,30000,1
day,2026-11-20,Asia/Bahrain,gulf,"Gulf, Manama",practice,Practice provider,test,BHD,38.500,0.000,8.500,0.000,0.000,\
30.000,0.000,38500,0,8500,0,0,30000,0,2
total,,,,,practice,Practice provider,test,BHD,38.500,0.000,8.500,0.000,0.000,30.000,0.000,38500,0,8500,0,0,30000,0,2
total,,,,,practice,Practice provider,test,USD,598.94,309.00,0.00,0.00,9.00,289.94,300.00,\
59894,30900,0,0,900,28994,30000,3
control,from,2026-11-01,to,2026-11-20,transactions,5,last_transaction,5,sha256,{sha256},,,,,,,,,,,,,
"""
TRANSACTIONS_CSV = """\
row,day,time,time_utc,time_zone,site,site_name,order,external_id,provider,provider_name,mode,payment_reference,kind,\
reference,parent_reference,currency,amount,amount_minor,origin,by,transaction
transaction,2026-11-19,2026-11-19T10:00:00-05:00,2026-11-19T15:00:00Z,America/New_York,cozy-home-us,Cozy Home US,1001,\
E-1,practice,Practice provider,test,us,authorisation,us,,USD,598.94,59894,intake,,1
transaction,2026-11-19,2026-11-19T11:00:00.250000-05:00,2026-11-19T16:00:00.250000Z,America/New_York,cozy-home-us,\
Cozy Home US,1001,E-1,practice,Practice provider,test,us,capture,us-0,,USD,309.00,30900,intake,,2
transaction,2026-11-20,2026-11-20T09:00:00+03:00,2026-11-20T06:00:00Z,Asia/Bahrain,gulf,"Gulf, Manama",gulf-1001,\
E-2,practice,Practice provider,test,gulf,authorisation,gulf,,BHD,38.500,38500,intake,,4
transaction,2026-11-20,2026-11-20T10:00:00+03:00,2026-11-20T07:00:00Z,Asia/Bahrain,gulf,"Gulf, Manama",gulf-1001,\
E-2,practice,Practice provider,test,gulf,reversal,gulf-0,,BHD,8.500,8500,intake,,5
transaction,2026-11-20,2026-11-20T12:00:00-05:00,2026-11-20T17:00:00Z,America/New_York,cozy-home-us,Cozy Home US,1001,\
E-1,practice,Practice provider,test,us,refund,us-1,us-0,USD,9.00,900,intake,,3
total,,,,,,,,,practice,Practice provider,test,,authorisation,,,BHD,38.500,38500,,,
total,,,,,,,,,practice,Practice provider,test,,reversal,,,BHD,8.500,8500,,,
total,,,,,,,,,practice,Practice provider,test,,authorisation,,,USD,598.94,59894,,,
total,,,,,,,,,practice,Practice provider,test,,capture,,,USD,309.00,30900,,,
total,,,,,,,,,practice,Practice provider,test,,refund,,,USD,9.00,900,,,
control,from,2026-11-01,to,2026-11-20,transactions,5,last_transaction,5,sha256,{sha256},,,,,,,,,,,
"""


@pytest.fixture
def books(moved, open_site):
    """Have two closed days in two sites, and a day that is not over."""
    open_site("gulf", "Asia/Bahrain", name="Gulf, Manama", currency="BHD")
    moved(
        "2026-11-19T15:00:00Z",
        ("capture", 30900, "2026-11-19T16:00:00.250Z"),
        ("refund", 900, "2026-11-20T17:00:00Z"),
        reference="us",
        external_id="E-1",
    )
    moved(
        "2026-11-20T06:00:00Z",
        ("reversal", 8500, "2026-11-20T07:00:00Z"),
        reference="gulf",
        external_id="E-2",
        site="gulf",
        currency="BHD",
        amount=38500,
    )


@pytest.fixture
def written(clerk, now):
    """Export as the clerk, a while later each time."""
    later = iter(timedelta(seconds=90 * n) for n in range(100))
    return lambda **more: export(clerk.actor, now=now + next(later), **{**SPAN, **more})


@pytest.mark.parametrize(("form", "expected"), [("days", DAYS_CSV), ("transactions", TRANSACTIONS_CSV)])
def test_a_csv_is_these_bytes_on_either_engine(books, written, form, expected):
    content = written(form=form)

    rows = csv_rows(content)
    sha256 = rows[-1][10]
    assert content.decode("utf-8-sig") == expected.format(sha256=sha256).replace("\n", "\r\n")
    assert {len(row) for row in rows} == {len(rows[0])}
    # Worked out once and written down, so that either engine and every release has to come to the same.
    assert (
        sha256
        == {
            "days": "05303badff35138178fb583588c50ba1db6245eeca6b83e00eec1794750361e4",
            "transactions": "abfbd41759206447f635fa8532b982345a3d36873ba2acb62d3ce6c33b2e4015",
        }[form]
    )


@pytest.mark.parametrize("form", ["days", "transactions"])
def test_an_xlsx_has_the_same_rows_and_the_same_fingerprint(books, written, form):
    typed = xlsx_rows(written(form=form, file_type="xlsx"))
    untyped = csv_rows(written(form=form))

    assert [[str(cell) for cell in row] + [""] * (len(untyped[0]) - len(row)) for row in typed] == untyped
    numbers = {
        name for row in as_records(typed) if row["row"] != "control" for name, cell in row.items() if type(cell) is int
    }
    assert numbers <= {name for name in typed[0] if name.endswith("_minor")} | {"transactions", "transaction"}


@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
@pytest.mark.parametrize("form", ["days", "transactions"])
def test_a_closed_day_is_the_same_file_however_often_it_is_exported(
    books, written, moved, monkeypatch, form, file_type
):
    first = written(form=form, file_type=file_type)
    umask = os.umask(0o077)

    again = written(form=form, file_type=file_type)
    os.umask(umask)
    moved("2026-11-21T08:00:00Z")  # today

    assert again == first
    assert written(form=form, file_type=file_type) == first


@pytest.mark.real_time
def test_an_xlsx_is_the_same_file_seconds_later_by_the_machine_s_own_clock(books, clerk, now):
    first = export(clerk.actor, now=now, file_type="xlsx", **SPAN)
    time.sleep(2.1)  # zip archives count in steps of two seconds

    assert export(clerk.actor, now=now, file_type="xlsx", **SPAN) == first


def test_what_is_found_later_for_a_closed_day_shows_in_the_control_line(books, written, moved):
    before = csv_rows(written())[-1]

    moved("2026-11-18T12:00:00Z")

    after = csv_rows(written())[-1]
    assert (before[6], after[6]) == ("5", "6")
    assert (before[8], after[8]) == ("5", "6")
    assert before[10] != after[10]


def test_what_stood_before_the_span_changes_the_fingerprint_too(books, written, moved):
    before = csv_rows(written())[-1]

    moved("2026-10-01T12:00:00Z")

    after = csv_rows(written())[-1]
    assert before[:10] == after[:10]
    assert before[10] != after[10]


def test_two_days_that_make_a_span_add_up_to_it(books, written):
    whole = [row for row in as_records(csv_rows(written())) if row["row"] == "day"]
    apart = [
        row
        for day in ("2026-11-19", "2026-11-20")
        for row in as_records(csv_rows(written(first=day, last=day)))
        if row["row"] == "day"
    ]

    assert apart == whole


def test_an_empty_ledger_is_a_heading_and_a_control_line(site, written):
    for form, columns in (("days", days.COLUMNS), ("transactions", transactions.COLUMNS)):
        heading, control = csv_rows(written(form=form))
        assert tuple(heading) == columns
        assert control[:10] == [
            *("control", "from", "2026-11-01", "to", "2026-11-20"),
            *("transactions", "0", "last_transaction", "0", "sha256"),
        ]
        assert control[10] == hashlib.sha256().hexdigest()


def test_who_did_it_is_named_where_it_was_done_at_the_desk(order, clerk, now):
    clerk.capture(order, 30900)

    rows = as_records(csv_rows(export(clerk.actor, now=now, form="transactions")))

    told = [(row["kind"], row["origin"], row["by"], row["amount"]) for row in rows if row["row"] == "transaction"]
    assert told == [("authorisation", "intake", "", "598.94"), ("capture", "desk", "Mia Chen", "309.00")]


# FH3 ------------------------------------------------------------------------------------------------------------------

LEADS = {
    "equals": "=1+1",
    "command": "=cmd|' /C calc'!A0",
    "link": '=HYPERLINK("http://evil.example","x")',
    "plus": "+1",
    "minus": "-1",
    "at": "@SUM(1)",
    "tab": "\t=1",
    "carriage return": "\r=1",
    "line feed": "\n=1",
    "NUL": "\x00=1",
    "wide equals": "\uff1d1+1",
    "wide plus": "\uff0b1",
    "wide minus": "\uff0d1",
    "wide at": "\uff20SUM(1)",
    "space": " =1",
    "no-break space": "\xa0=1",
    "zero-width space": "\u200b=1",
    "byte order mark": "\ufeff=1",
}


@pytest.mark.breaks_invariants  # columns are set past the journal, for no order comes in with such a reference
@pytest.mark.parametrize("text", LEADS.values(), ids=LEADS)
def test_text_that_leads_like_a_formula_is_none_in_either_file(books, written, text, figure):
    if "\x00" in text and is_postgresql():
        pytest.skip("PostgreSQL stores no NUL")
    Site.objects.filter(slug="cozy-home-us").update(name=text)
    ProviderAccount.objects.update(name=text)
    Order.objects.filter(number="1001").update(external_id=text)
    Payment.objects.filter(reference="us").update(reference=text)

    for form in ("days", "transactions"):
        cells = [cell for row in as_records(csv_rows(written(form=form))) for cell in row.items()]
        content = written(form=form, file_type="xlsx")
        live = [cell for cell in cells if _is_live(cell[1])]
        figure("FH3", "text that leads like a formula, in the ledger's CSV files", cells=len(cells), live=len(live))
        formulas = sheet_xml(content).count(b"<f>") + sheet_xml(content).count(b"<hyperlink")
        inside = sum(len(row) for row in as_records(xlsx_rows(content)))
        figure("FH3", "text that leads like a formula, in the ledger's XLSX files", cells=inside, live=formulas)
        assert live == [], form
        assert b"<f>" not in sheet_xml(content)
        assert b"<hyperlink" not in sheet_xml(content)
        shown = [row["site_name"] for row in as_records(xlsx_rows(content)) if row.get("site") == "cozy-home-us"]
        assert set(shown) == {words(text)}


def _is_live(cell):
    return cell[:1] in {*"=+-@\t\r\n\x00\uff1d\uff0b\uff0d\uff20"} or cell.strip(" \xa0\u200b\ufeff")[:1] in {*"=+-@"}


@pytest.mark.parametrize("text", LEADS.values(), ids=LEADS)
def test_the_guard_puts_an_apostrophe_or_a_mark_in_front(text):
    shown = guarded(words(text))

    assert shown[0] in "'\ufffd"
    assert not _is_live(shown)


@pytest.mark.parametrize("text", ["", "Cozy Home", "0042", "'=1", "a=1", "Ünï", "(=)", "عبد الرحمن", "−1"])
def test_other_text_stays_as_it_is(text):
    assert guarded(words(text)) == text


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\ud800b", "a\ufffeb", "a\u2028b", "a\r\nb"])
def test_what_no_file_may_have_is_marked(text):
    assert set(words(text)) == {"a", "b", "\ufffd"}


# Amounts and size -----------------------------------------------------------------------------------------------------


def test_whole_numbers_beyond_what_a_spreadsheet_counts_exactly_are_text():
    most, target = 10**15, io.BytesIO()
    sheet = XlsxSheet(target, dated=datetime(2026, 11, 20, tzinfo=UTC))
    sheet.row([most, -most, most + 1, -most - 1])
    sheet.close()

    assert xlsx_rows(target.getvalue()) == [[most, -most, str(most + 1), str(-most - 1)]]


def test_an_amount_has_the_decimals_of_its_currency_and_none_where_nobody_knows_them():
    assert (amount(59894, "USD"), amount(12800, "JPY"), amount(-38500, "BHD"), amount(5, "QQQ")) == (
        Own("598.94"),
        Own("12800"),
        Own("-38.500"),
        Own(""),
    )


def test_kinds_are_called_as_in_the_api():
    assert set(KIND_NAMES) == set(POSTINGS)
    assert all(API_KINDS[kind] == name for kind, name in KIND_NAMES.items())


# Permission and cost --------------------------------------------------------------------------------------------------


def test_who_may_not_export_gets_nothing(viewer, finance, books, now):
    for person in (viewer, finance):
        with pytest.raises(Refused) as refused:
            export(person.actor, now=now, **SPAN)
        assert (refused.value.code, refused.value.facts["permission"]) == ("not_permitted", "finance.export")
    assert PERMISSIONS["finance.export"] == "See and export the ledger"


@pytest.mark.parametrize(("form", "cost"), [("days", 3), ("transactions", 4)])
def test_two_transactions_cost_what_two_hundred_do(moved, written, statements, form, cost):
    counts = []
    for orders, each in ((1, 1), (33, 5)):
        for _order in range(orders):
            moved("2026-11-19T15:00:00Z", *(("capture", 5, f"2026-11-19T{n + 16}:00:00Z") for n in range(each)))
        with statements() as counted:
            written(form=form)
        counts.append(counted.count)

    assert counts == [cost, cost]
    assert LedgerTransaction.objects.count() == 200


def test_a_stream_goes_through_every_page_once_and_keeps_few_rows(moved, written, monkeypatch):
    monkeypatch.setattr("orderwright.reads.ledger_transactions._STREAMED", 3)
    for _order in range(4):
        moved("2026-11-19T15:00:00Z", ("capture", 5, "2026-11-19T15:00:00Z"))

    rows = as_records(csv_rows(written(form="transactions")))

    numbers = [row["transaction"] for row in rows if row["row"] == "transaction"]
    assert numbers == sorted(set(numbers), key=int)
    assert len(numbers) == 8


def test_what_is_booked_while_the_file_is_written_is_left_out(moved, scope, monkeypatch):
    monkeypatch.setattr("orderwright.reads.ledger_transactions._STREAMED", 1)
    moved("2026-11-19T15:00:00Z")
    moved("2026-11-19T16:00:00Z")
    stream = each_transaction(scope("2026-11-19", "2026-11-20"))
    first = next(stream)

    moved("2026-11-19T17:00:00Z")

    assert [first.id, *(row.id for row in stream)] == [1, 2]


@pytest.mark.skipif("is_postgresql()", reason="asks SQLite for its plan")
def test_a_page_of_a_stream_is_found_by_time_and_not_sorted(moved, open_site, scope):
    open_site("far-east", "Pacific/Kiritimati")
    moved("2026-11-19T15:00:00Z")
    plans = []

    def explain(execute, sql, params, many, context):
        if "ORDER BY t.at" in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                plans.append([step[3] for step in cursor.cursor.fetchall()])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        list(each_transaction(scope("2026-11-01", "2026-11-21", provider="practice")))

    (plan,) = plans
    assert plan[0] == "SEARCH t USING INDEX ledger_by_time (at>? AND at<?)"
    assert not [step for step in plan if "TEMP B-TREE" in step]
