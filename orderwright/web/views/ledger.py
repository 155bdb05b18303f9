"""The ledger: what moved by day, and its files."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from orderwright.actions import export_ledger
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import Invalid
from orderwright.reads.ledger_days import read_days
from orderwright.reads.ledger_scope import LedgerQuery, read_scope
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import page
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.ledger import ledger_page, refused_page

PLACE = "ledger"


@require_GET
@permission("finance.export")
def ledger(request: StaffRequest) -> HttpResponse:
    """Show the ledger by day; what was wrongly asked for is said beside its field."""
    query, now = _query(request), clock_now()
    here, files = reverse(PLACE), reverse("ledger-file")
    try:
        scope = read_scope(query, now=now, actor=request.user.actor())
    except Invalid as error:
        values = refused_page(
            read_scope(LedgerQuery(), now=now, actor=request.user.actor()),
            query,
            here=here,
            errors={pointer_of(error): words_of(error)},
        )
        return page(request, "money/ledger.html", {"ledger": values}, current=PLACE, status=error.status)
    values = ledger_page(scope, read_days(scope), here=here, files=files)
    return page(request, "money/ledger.html", {"ledger": values}, current=PLACE)


@require_GET
@permission("finance.export")
def ledger_file(request: StaffRequest) -> HttpResponseBase:
    """Give the ledger as a file; by day as CSV unless asked otherwise."""
    asked_form, asked_type = request.GET.get("form"), request.GET.get("format")
    form: export_ledger.Form = next((each for each in export_ledger.FORMS if each == asked_form), "days")
    file_type: export_ledger.FileType = next((each for each in export_ledger.FILE_TYPES if each == asked_type), "csv")
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    try:
        made = export_ledger.run(
            _query(request),
            form=form,
            file_type=file_type,
            target=target,
            actor=request.user.actor(),
            now=clock_now(),
        )
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=made.file_name, content_type=made.media_type)


def _query(request: HttpRequest) -> LedgerQuery:
    def asked(name: str) -> str:
        return request.GET.get(name, "").strip()[:80]

    return LedgerQuery(first=asked("from"), last=asked("to"), site=asked("site"), provider=asked("provider"))
