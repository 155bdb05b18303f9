"""The file by transaction: a row per movement as it happened, then totals by kind, then the control line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from orderwright.actions.ledger_file.cells import Cell, Own, amount
from orderwright.actions.ledger_file.parts import NOTHING, TOTAL, Table, mode
from orderwright.actions.ledger_file.sheets import Sheet
from orderwright.core.days import zone
from orderwright.reads.ledger_scope import AccountRow, Scope
from orderwright.reads.ledger_transactions import TransactionRow

# As the API calls them.
KIND_NAMES: Final = {
    "authorise": "authorisation",
    "capture": "capture",
    "reverse": "reversal",
    "expire": "expiry",
    "refund": "refund",
    "capture_failed": "capture_failed",
    "refund_failed": "refund_failed",
    "dispute": "dispute",
    "dispute_won": "dispute_won",
}
_KINDS: Final = tuple(KIND_NAMES)
COLUMNS: Final = (
    *("row", "day", "time", "time_utc", "time_zone", "site", "site_name", "order", "external_id"),
    *("provider", "provider_name", "mode", "payment_reference", "kind", "reference", "parent_reference"),
    *("currency", "amount", "amount_minor", "origin", "by", "transaction"),
)


def write_transactions(scope: Scope, rows: Iterable[TransactionRow], sheet: Sheet) -> int:
    """Write the transactions as they come, close the sheet and return how many there were."""
    table = Table(sheet, COLUMNS)
    totals: dict[tuple[str, str, int], int] = {}
    accounts: dict[str, AccountRow] = {}
    transactions = last_id = 0
    for row in rows:
        table.row(_cells(row))
        key = row.account.slug, row.currency, _KINDS.index(row.kind)
        totals[key] = totals.get(key, 0) + row.amount_minor
        accounts[row.account.slug] = row.account
        transactions, last_id = transactions + 1, max(last_id, row.id)
    for slug, currency, kind in sorted(totals):
        account, total = accounts[slug], totals[slug, currency, kind]
        head: list[Cell] = [TOTAL, *[NOTHING] * 8, account.slug, account.name, mode(account), NOTHING]
        tail: list[Cell] = [Own(currency), amount(total, currency), total, *[NOTHING] * 3]
        table.row([*head, Own(KIND_NAMES[_KINDS[kind]]), *[NOTHING] * 2, *tail])
    table.finish(scope, transactions=transactions, last_id=last_id)
    return transactions


def _cells(row: TransactionRow) -> list[Cell]:
    return [
        Own("transaction"),
        Own(row.day.isoformat()),
        Own(row.at.astimezone(zone(row.site.time_zone)).isoformat()),
        Own(_utc(row.at)),
        row.site.time_zone,
        row.site.slug,
        row.site.name,
        row.order_number,
        row.external_id,
        row.account.slug,
        row.account.name,
        mode(row.account),
        row.payment_reference,
        Own(KIND_NAMES[row.kind]),
        row.provider_ref,
        row.parent_ref,
        Own(row.currency),
        amount(row.amount_minor, row.currency),
        row.amount_minor,
        Own(row.origin),
        row.actor_name,
        row.id,
    ]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
