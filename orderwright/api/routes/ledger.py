"""The ledger: by day or by transaction, as JSON or as a file for a spreadsheet."""

from __future__ import annotations

import tempfile
from typing import Literal

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from orderwright.actions import export_ledger
from orderwright.api import shapes
from orderwright.api.answers import answer
from orderwright.api.declaring import declared
from orderwright.api.door import Call
from orderwright.api.errors import ParameterInvalid
from orderwright.api.order_shape import KINDS
from orderwright.api.queries import LedgerFilters, LedgerTransactionFilters, cursor_refused
from orderwright.core.clock import now
from orderwright.core.errors import FieldError, Invalid
from orderwright.reads.cursors import CursorInvalid
from orderwright.reads.ledger_days import DayRow, LedgerDays, Sums, TotalRow, read_days
from orderwright.reads.ledger_scope import AccountRow, LedgerQuery, Scope, read_scope
from orderwright.reads.ledger_transactions import TransactionRow, list_transactions
from orderwright.reads.rows import SiteRow

routes = Router(tags=["Ledger"])
_FILES = tuple(export_ledger.MEDIA_TYPES.values())


@routes.get(
    "/ledger", **declared(needs="finance.export", answers={200: shapes.Ledger}, query=LedgerFilters, files=_FILES)
)
def show_ledger(request: Call, filters: Query[LedgerFilters]) -> HttpResponseBase:
    """Show the ledger by day. What moved by day, site, provider account and currency, and what stood at each day's end.

    Without days: the last calendar month to date. At most 366 days. As `csv` or `xlsx` it is the file that the portal
    exports: the same ledger gives the same bytes.
    """
    if filters.format != "json":
        return _file(request, filters, form="days")
    scope = _scope(request, filters)
    return answer(_ledger(scope, read_days(scope)))


@routes.get(
    "/ledger/transactions",
    **declared(
        needs="finance.export",
        answers={200: shapes.LedgerTransactionPage},
        query=LedgerTransactionFilters,
        files=_FILES,
    ),
)
def list_ledger_transactions(request: Call, filters: Query[LedgerTransactionFilters]) -> HttpResponseBase:
    """List ledger transactions. Every movement of the days asked for, the first to happen first.

    JSON comes in pages; `csv` and `xlsx` hold them all, and take no cursor.
    """
    if filters.format != "json":
        if filters.after is not None:
            raise _refused("after", "not_with_a_file", "A file holds all of them; leave the cursor out.")
        return _file(request, filters, form="transactions")
    try:
        page = list_transactions(_scope(request, filters), after=filters.after, limit=filters.limit)
    except CursorInvalid as error:
        raise cursor_refused(error.message) from error
    return answer(shapes.LedgerTransactionPage(items=[_transaction(row) for row in page.items], next=page.next))


def _query(filters: LedgerFilters) -> LedgerQuery:
    return LedgerQuery(first=filters.first, last=filters.last, site=filters.site, provider=filters.provider)


def _scope(request: Call, filters: LedgerFilters) -> Scope:
    try:
        return read_scope(_query(filters), now=now(), actor=request.auth)
    except Invalid as error:
        raise _of_parameters(error) from error


def _file(
    request: Call, filters: LedgerFilters, *, form: Literal["days", "transactions"]
) -> FileResponse | HttpResponse:
    if filters.format == "json":
        raise AssertionError("JSON is no file")
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    try:
        made = export_ledger.run(
            _query(filters), form=form, file_type=filters.format, target=target, actor=request.auth, now=now()
        )
    except BaseException as error:
        target.close()
        if isinstance(error, Invalid):
            raise _of_parameters(error) from error
        raise
    target.seek(0)
    response = FileResponse(target, as_attachment=True, filename=made.file_name, content_type=made.media_type)
    response["Cache-Control"] = "private, no-store"
    return response


def _of_parameters(error: Invalid) -> ParameterInvalid:
    fields = tuple(
        FieldError(pointer=field.pointer.removeprefix("/"), code=field.code, message=field.message)
        for field in error.fields
    )
    return ParameterInvalid(error.message, code=error.code, facts=error.facts, fields=fields)


def _refused(name: str, code: str, message: str) -> ParameterInvalid:
    return ParameterInvalid(message, fields=(FieldError(pointer=name, code=code, message=message),))


def _ledger(scope: Scope, ledger: LedgerDays) -> shapes.Ledger:
    return shapes.Ledger(
        from_=scope.first,
        to=scope.last,
        items=[_day(row) for row in ledger.days],
        totals=[_total(row) for row in ledger.totals],
        transactions=ledger.transactions,
        last_transaction=ledger.last_id or None,
    )


def _sums(sums: Sums) -> dict[str, int]:
    return {
        "authorised": sums.authorised_minor,
        "captured": sums.captured_minor,
        "reversed": sums.reversed_minor,
        "expired": sums.expired_minor,
        "refunded": sums.refunded_minor,
        "held": sums.held_minor,
        "kept": sums.kept_minor,
        "transactions": sums.transactions,
    }


def _day(row: DayRow) -> shapes.LedgerDay:
    return shapes.LedgerDay(
        day=row.day,
        time_zone=row.site.time_zone,
        site=_site(row.site),
        provider=_account(row.account),
        currency=row.currency,
        **_sums(row.sums),
    )


def _total(row: TotalRow) -> shapes.LedgerTotal:
    return shapes.LedgerTotal(provider=_account(row.account), currency=row.currency, **_sums(row.sums))


def _site(site: SiteRow) -> shapes.SiteRef:
    return shapes.SiteRef(slug=site.slug, name=site.name)


def _account(account: AccountRow) -> shapes.AccountRef:
    return shapes.AccountRef(slug=account.slug, name=account.name, live=account.is_live)


def _transaction(row: TransactionRow) -> shapes.LedgerTransaction:
    return shapes.LedgerTransaction(
        id=row.id,
        at=row.at,
        day=row.day,
        time_zone=row.site.time_zone,
        site=_site(row.site),
        order=row.order_number,
        external_id=row.external_id,
        provider=_account(row.account),
        payment_reference=row.payment_reference,
        kind=KINDS[row.kind],
        reference=row.provider_ref,
        parent=row.parent_ref or None,
        amount=row.amount_minor,
        currency=row.currency,
        origin=row.origin,
        by=row.actor_name or None,
    )
