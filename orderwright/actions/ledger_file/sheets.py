"""A table being written, row by row in constant memory: as CSV or as XLSX. The same rows give the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO, Final, Protocol

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from typing_extensions import override

from orderwright.actions.ledger_file.cells import Cell, typed, untyped

# A spreadsheet counts in binary fractions, which hold whole numbers exactly up to here. Beyond, digits are text.
_MOST_EXACT: Final = 10**15


class Sheet(Protocol):
    """Where rows go. `close` has to be called for the file to be whole."""

    def row(self, cells: Sequence[Cell], *, is_heading: bool = False) -> None:
        """Add a row."""

    def close(self) -> None:
        """Finish the file; the target stays open."""


class CsvSheet(Sheet):
    """RFC 4180 in UTF-8, with the mark at its beginning by which spreadsheets know the encoding."""

    def __init__(self, target: BinaryIO) -> None:
        self._text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=False)
        self._text.write("\ufeff")
        self._rows = csv.writer(self._text)

    @override
    def row(self, cells: Sequence[Cell], *, is_heading: bool = False) -> None:
        self._rows.writerow([untyped(cell) for cell in cells])

    @override
    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class XlsxSheet(Sheet):
    """One worksheet whose cells are text or whole numbers, never formulas, links or fractions."""

    def __init__(self, target: BinaryIO, *, dated: datetime) -> None:
        """Begin a workbook. `dated` stands in it as the time it was made, so that a repetition is the same file."""
        self._book = xlsxwriter.Workbook(
            target,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"title": "Ledger", "author": "Orderwright", "created": dated.replace(tzinfo=None)})
        self._sheet: Any = self._book.add_worksheet("Ledger")
        self._sheet.freeze_panes(1, 0)
        self._heading = self._book.add_format({"bold": True})
        self._at = 0

    @override
    def row(self, cells: Sequence[Cell], *, is_heading: bool = False) -> None:
        style = [self._heading] if is_heading else []
        if is_heading:
            self._widen(cells)
        for column, cell in enumerate(cells):
            if isinstance(cell, int) and abs(cell) <= _MOST_EXACT:
                self._sheet.write_number(self._at, column, cell, *style)
            elif text := typed(cell):
                self._sheet.write_string(self._at, column, text, *style)
        self._at += 1

    @override
    def close(self) -> None:
        self._book.close()

    def _widen(self, cells: Sequence[Cell]) -> None:
        # Widths have to be known before the first row is written.
        for column, cell in enumerate(cells):
            self._sheet.set_column(column, column, max(12, len(typed(cell)) + 2))
