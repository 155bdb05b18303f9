"""What can go wrong with shipments, delivery states and tracking numbers: one class per anticipated failure."""

from __future__ import annotations

from orderwright.core.errors import Conflict, Invalid, NotFound


class ShipmentNotFound(NotFound):
    """The order has no shipment with this number."""

    code = "shipment_not_found"


class ItemNotFound(NotFound):
    """The order has no item with this id."""

    code = "item_not_found"


class NothingSelected(Invalid):
    """Update was pressed with no item selected (G17)."""

    code = "nothing_selected"


class ItemUnknown(Invalid):
    """A selected item is not one of this order."""

    code = "item_unknown"


class ItemNotShipped(Invalid):
    """The item is not sent anywhere: a gift card, a service, a tip."""

    code = "item_not_shipped"


class ShipmentUnknown(Invalid):
    """The named shipment is not one of this order, or has nothing of the item in it."""

    code = "shipment_unknown"


class QuantityOutOfRange(Invalid):
    """Fewer pieces than one, or more than there are; facts give `least` and `most`."""

    code = "quantity_out_of_range"


class MethodUnknown(Invalid):
    """No shipping method that is offered has this slug."""

    code = "shipping_method_unknown"


class MethodUnchanged(Conflict):
    """Every selected piece goes by that method already; nothing would change."""

    code = "shipment_method_unchanged"


class DeliveryStateUnknown(Invalid):
    """No delivery state has this slug."""

    code = "delivery_state_unknown"


class DeliveryStateUnchanged(Conflict):
    """The pieces are in that delivery state already; nothing would change."""

    code = "delivery_state_unchanged"


class PiecesNotThere(Conflict):
    """None of the pieces is in the delivery state that the caller last saw them in."""

    code = "pieces_not_there"


class TrackingNumberTaken(Conflict):
    """Another parcel of the order has this tracking number (G20); facts name its shipment."""

    code = "tracking_number_taken"


class TrackingNumberUnchanged(Conflict):
    """The parcel has exactly this tracking number already, or there is none to take away."""

    code = "tracking_number_unchanged"


class ParcelOutOfRange(Invalid):
    """The parcel is neither one that the shipment has nor the next; facts give `least` and `most`."""

    code = "parcel_out_of_range"
