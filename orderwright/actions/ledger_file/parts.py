"""What both forms of the file share: the mark of each kind of row, how accounts are named, and the control line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from orderwright.actions.ledger_file.cells import Cell, Own, typed
from orderwright.actions.ledger_file.sheets import Sheet
from orderwright.reads.ledger_scope import AccountRow, Scope

TOTAL: Final = Own("total")
CONTROL: Final = Own("control")
NOTHING: Final = Own("")


def mode(account: AccountRow) -> Own:
    """Return whether the account moves real money."""
    return Own("live" if account.is_live else "test")


class Table:
    """Rows on their way to a sheet. Counts them into a fingerprint, so that two files can be told apart."""

    def __init__(self, sheet: Sheet, columns: Sequence[str]) -> None:
        self._sheet = sheet
        self._width = len(columns)
        self._digest = hashlib.sha256()
        sheet.row([Own(column) for column in columns], is_heading=True)

    def row(self, cells: Sequence[Cell]) -> None:
        """Add a row that counts."""
        values = [typed(cell) for cell in cells]
        self._digest.update(msgspec.json.encode(values) + b"\n")
        self._sheet.row(cells)

    def finish(self, scope: Scope, *, transactions: int, last_id: int) -> None:
        """Add the control line and close the sheet.

        The line says which days were asked for, how many ledger transactions stand behind the rows, the greatest number
        among them, and the SHA-256 of all rows above.
        """
        control: Iterable[tuple[str, Cell]] = (
            ("from", Own(scope.first.isoformat())),
            ("to", Own(scope.last.isoformat())),
            ("transactions", transactions),
            ("last_transaction", last_id),
            ("sha256", Own(self._digest.hexdigest())),
        )
        cells: list[Cell] = [CONTROL]
        for name, value in control:
            cells += [Own(name), value]
        self._sheet.row([*cells, *[NOTHING] * (self._width - len(cells))])
        self._sheet.close()
