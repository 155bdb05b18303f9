"""Orders of Shopify's admin REST API read into our order documents: pure functions, no Django, nothing stored."""

from orderwright.actions.shopify_order.mapping import order_documents
from orderwright.actions.shopify_order.reading import decode
from orderwright.actions.shopify_order.results import MappedOrder, MappingFault, MappingProblem, MappingWarning

__all__ = ["MappedOrder", "MappingFault", "MappingProblem", "MappingWarning", "decode", "order_documents"]
