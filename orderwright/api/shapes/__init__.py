"""The shapes of answers: what an order, a page of orders or a payment looks like in JSON. Field names never change."""

from __future__ import annotations

from msgspec import Struct

from orderwright.api.shapes.base import DeliveryStateRef, MethodRef, Shape, SiteRef, StateRef
from orderwright.api.shapes.configuration import (
    DeliveryState,
    DeliveryStates,
    Me,
    OrderState,
    OrderStates,
    ShippingMethods,
    Site,
    Sites,
)
from orderwright.api.shapes.exceptions import (
    DecisionAnswer,
    Drift,
    DriftPage,
    ExceptionEntry,
    ExceptionPage,
    OperationAnswer,
)
from orderwright.api.shapes.lists import Action, Actions, OrderPage, OrderRow, Timeline, TimelineEntry
from orderwright.api.shapes.orders import (
    Address,
    Customer,
    Discount,
    Item,
    ItemPart,
    Note,
    Order,
    Shipment,
    ShipmentItem,
    ShippingPrice,
    TaxLine,
    Totals,
)
from orderwright.api.shapes.payments import (
    Cancellation,
    CancellationAnswer,
    CancellationWithdrawn,
    CaptureAnswer,
    Found,
    Leg,
    Operation,
    Payment,
    PaymentMethod,
    Rehearsal,
    SyncAnswer,
    Transaction,
)
from orderwright.api.shapes.problems import Problem, ProblemPlace

__all__ = [
    "ANSWERS",
    "Action",
    "Actions",
    "Address",
    "Cancellation",
    "CancellationAnswer",
    "CancellationWithdrawn",
    "CaptureAnswer",
    "Customer",
    "DecisionAnswer",
    "DeliveryState",
    "DeliveryStateRef",
    "DeliveryStates",
    "Discount",
    "Drift",
    "DriftPage",
    "ExceptionEntry",
    "ExceptionPage",
    "Found",
    "Item",
    "ItemPart",
    "Leg",
    "Me",
    "MethodRef",
    "Note",
    "Operation",
    "OperationAnswer",
    "Order",
    "OrderPage",
    "OrderRow",
    "OrderState",
    "OrderStates",
    "Payment",
    "PaymentMethod",
    "Problem",
    "ProblemPlace",
    "Rehearsal",
    "Shape",
    "Shipment",
    "ShipmentItem",
    "ShippingMethods",
    "ShippingPrice",
    "Site",
    "SiteRef",
    "Sites",
    "StateRef",
    "SyncAnswer",
    "TaxLine",
    "Timeline",
    "TimelineEntry",
    "Totals",
    "Transaction",
]

# What the OpenAPI file describes, with all that these hold.
ANSWERS: tuple[type[Struct], ...] = (
    *(
        OrderPage,
        Order,
        Actions,
        Timeline,
        CaptureAnswer,
        SyncAnswer,
        Rehearsal,
        CancellationAnswer,
        CancellationWithdrawn,
    ),
    *(ExceptionPage, OperationAnswer, DriftPage, DecisionAnswer),
    *(OrderState, OrderStates, DeliveryStates, ShippingMethods, Sites, Me, Problem),
)
