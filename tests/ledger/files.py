"""Reading exported files as somebody else's programs do: CSV by the standard library, XLSX by its XML."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from orderwright.actions import export_ledger
from orderwright.reads.ledger_scope import LedgerQuery

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def export(actor: Any, *, now: Any, form: Any = "days", file_type: Any = "csv", **query: str) -> bytes:
    """Return the file's bytes."""
    target = io.BytesIO()
    export_ledger.run(LedgerQuery(**query), form=form, file_type=file_type, target=target, actor=actor, now=now)
    return target.getvalue()


def csv_rows(content: bytes) -> list[list[str]]:
    """Return the cells of a CSV file, which begins with the mark of UTF-8."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def xlsx_rows(content: bytes) -> list[list[str | int]]:
    """Return the cells of the first sheet; text as text, numbers as whole numbers, which they all are."""
    rows: list[list[str | int]] = []
    for row in ET.fromstring(sheet_xml(content)).iter(f"{_MAIN}row"):
        cells: list[str | int] = []
        for cell in row.iter(f"{_MAIN}c"):
            column = _column(cell.attrib["r"])
            cells += [""] * (column - len(cells))
            if cell.attrib.get("t") == "inlineStr":
                cells.append("".join(part.text or "" for part in cell.iter(f"{_MAIN}t")))
            else:
                cells.append(int(cell.findtext(f"{_MAIN}v") or ""))
        rows.append(cells)
    return rows


def sheet_xml(content: bytes) -> bytes:
    """Return the XML of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        return book.read("xl/worksheets/sheet1.xml")


def as_records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """Return the rows below the heading by the names of their columns."""
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def _column(place: str) -> int:
    letters = re.match("[A-Z]+", place)
    assert letters is not None
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
