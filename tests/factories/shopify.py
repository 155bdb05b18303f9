"""Shopify orders for tests, and what the import makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orderwright.actions.order_document import check_sums, read_document
from orderwright.actions.order_document.reader import Errors
from orderwright.actions.shopify_order import MappedOrder, MappingProblem, decode, order_documents

DATA = Path(__file__).parent.parent / "data" / "shopify"
FILES = sorted(path.name for path in DATA.glob("*.json"))


def payload(name: str) -> Any:
    """Return what is in one of the sample files."""
    return decode((DATA / name).read_bytes())


def one_order(name: str) -> dict[str, Any]:
    """Return the order of a sample file, without its envelope."""
    document = payload(name)
    return document.get("order", document)


def read(document: object) -> list[MappedOrder | MappingProblem]:
    """Return what the import makes of a document, whatever that is."""
    return order_documents(document, site="lantern", provider="shopify")


def mapped(document: object) -> MappedOrder:
    """Return the one order of a document that can be taken in."""
    (result,) = read(document)
    assert isinstance(result, MappedOrder), result
    return result


def faults(document: object) -> list[tuple[str, str]]:
    """Return why the one order of a document is refused: pointer and code."""
    (result,) = read(document)
    assert isinstance(result, MappingProblem), result
    return [(fault.pointer, fault.code) for fault in result.faults]


def warnings(result: MappedOrder) -> list[tuple[str, str]]:
    """Return what is to be known of an order that can be taken in: pointer and code."""
    return [(warning.pointer, warning.code) for warning in result.warnings]


def errors_at_intake(document: dict[str, Any]) -> list[Any]:
    """Return what the intake of orders would say against the document that the import made."""
    errors = Errors()
    parts = read_document(document, errors=errors)
    if parts is not None and not errors.found:
        check_sums(parts, errors=errors)
    return errors.found
