"""See and export the ledger: by day or transaction by transaction, as CSV or XLSX. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import BinaryIO, Final, Literal

from orderwright.actions.ledger_file.days import write_days
from orderwright.actions.ledger_file.sheets import CsvSheet, Sheet, XlsxSheet
from orderwright.actions.ledger_file.transactions import write_transactions
from orderwright.actions.permission import lacks_everywhere
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.reads.ledger_days import read_days
from orderwright.reads.ledger_scope import LedgerQuery, Scope, read_scope
from orderwright.reads.ledger_transactions import each_transaction

Form = Literal["days", "transactions"]
FileType = Literal["csv", "xlsx"]
FORMS: Final[tuple[Form, ...]] = ("days", "transactions")
FILE_TYPES: Final[tuple[FileType, ...]] = ("csv", "xlsx")
MEDIA_TYPES: Final[dict[FileType, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PERMISSION: Final = "finance.export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: a name for the file, and how many ledger transactions stand behind its rows."""

    file_name: str
    media_type: str
    transactions: int


def availability(actor: Actor) -> Availability:
    """Return whether this actor may see and export the ledger, if only that of some sites."""
    return lacks_everywhere(actor, _PERMISSION) or allowed()


def run(
    query: LedgerQuery,
    *,
    form: Form,
    file_type: FileType,
    target: BinaryIO,
    actor: Actor,
    now: datetime,
) -> Exported:
    """Write the file to `target` and return what it is.

    The same ledger of the same sites gives the same bytes, whenever and by whichever way it is asked for.
    Cost: three statements by day; by transaction two, one for each two thousand rows, and one.
    Raises: Refused; SiteUnknown, ProviderUnknown, DayInvalid, SpanReversed, SpanTooLong, before anything is written.
    """
    availability(actor).require()
    scope = read_scope(query, now=now, actor=actor.through(_PERMISSION))
    sheet = _sheet(scope, file_type, target)
    if form == "days":
        transactions = write_days(scope, read_days(scope), sheet)
    else:
        transactions = write_transactions(scope, each_transaction(scope), sheet)
    return Exported(
        file_name=f"{_name(scope, form)}.{file_type}", media_type=MEDIA_TYPES[file_type], transactions=transactions
    )


def _sheet(scope: Scope, file_type: FileType, target: BinaryIO) -> Sheet:
    if file_type == "csv":
        return CsvSheet(target)
    return XlsxSheet(target, dated=datetime.combine(scope.last, time.min, UTC))


def _name(scope: Scope, form: Form) -> str:
    parts = ["ledger", form if form == "transactions" else "", scope.first.isoformat(), scope.last.isoformat()]
    parts += [scope.site.slug if scope.site else "", scope.account.slug if scope.account else ""]
    return "-".join(filter(None, parts))
