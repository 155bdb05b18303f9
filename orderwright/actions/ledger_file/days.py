"""The file by day: a row per day, site, provider account and currency, then totals, then the control line."""

from __future__ import annotations

from typing import Final

from orderwright.actions.ledger_file.cells import Cell, Own, amount
from orderwright.actions.ledger_file.parts import NOTHING, TOTAL, Table, mode
from orderwright.actions.ledger_file.sheets import Sheet
from orderwright.reads.ledger_days import LedgerDays, Sums
from orderwright.reads.ledger_scope import AccountRow, Scope

_FIGURES: Final = ("authorised", "captured", "reversed", "expired", "refunded", "held_at_end", "kept_at_end")
COLUMNS: Final = (
    *("row", "day", "time_zone", "site", "site_name", "provider", "provider_name", "mode", "currency"),
    *_FIGURES,
    *(f"{figure}_minor" for figure in _FIGURES),
    "transactions",
)


def write_days(scope: Scope, ledger: LedgerDays, sheet: Sheet) -> int:
    """Write the days, close the sheet and return how many ledger transactions they count."""
    table = Table(sheet, COLUMNS)
    for row in ledger.days:
        place: list[Cell] = [Own(row.day.isoformat()), row.site.time_zone, row.site.slug, row.site.name]
        table.row([Own("day"), *place, *_account(row.account), Own(row.currency), *_sums(row.sums, row.currency)])
    for total in ledger.totals:
        table.row(
            [
                TOTAL,
                *[NOTHING] * 4,
                *_account(total.account),
                Own(total.currency),
                *_sums(total.sums, total.currency),
            ]
        )
    table.finish(scope, transactions=ledger.transactions, last_id=ledger.last_id)
    return ledger.transactions


def _account(account: AccountRow) -> list[Cell]:
    return [account.slug, account.name, mode(account)]


def _sums(sums: Sums, currency: str) -> list[Cell]:
    figures = (
        sums.authorised_minor,
        sums.captured_minor,
        sums.reversed_minor,
        sums.expired_minor,
        sums.refunded_minor,
        sums.held_minor,
        sums.kept_minor,
    )
    return [*(amount(figure, currency) for figure in figures), *figures, sums.transactions]
