"""The document with which an order is handed in: read strictly, and checked to add up. Pure, no database."""

from orderwright.actions.order_document.arithmetic import check_sums
from orderwright.actions.order_document.parts import OrderDocument
from orderwright.actions.order_document.schema import read_document

__all__ = ["OrderDocument", "check_sums", "read_document"]
