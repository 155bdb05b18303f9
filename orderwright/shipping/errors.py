"""What can go wrong with shipments, delivery states and tracking numbers: one class per anticipated failure."""

from __future__ import annotations

from orderwright.core.errors import Conflict, Invalid, NotFound, Stale


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


# Configuration -------------------------------------------------------------------------------------------------------


class DeliveryStateNotFound(NotFound):
    """No delivery state has this slug."""

    code = "delivery_state_not_found"


class CarrierNotFound(NotFound):
    """No carrier has this slug."""

    code = "carrier_not_found"


class ShippingMethodNotFound(NotFound):
    """No shipping method has this slug."""

    code = "shipping_method_not_found"


class DeliveryStateNameTaken(Conflict):
    """Another delivery state has this name."""

    code = "delivery_state_name_taken"


class CarrierNameTaken(Conflict):
    """Another carrier has this name."""

    code = "carrier_name_taken"


class ShippingMethodNameTaken(Conflict):
    """Another shipping method has this name."""

    code = "shipping_method_name_taken"


class DeliveryStateSlugTaken(Conflict):
    """Another delivery state has this short name."""

    code = "delivery_state_slug_taken"


class CarrierSlugTaken(Conflict):
    """Another carrier has this short name."""

    code = "carrier_slug_taken"


class ShippingMethodSlugTaken(Conflict):
    """Another shipping method has this short name."""

    code = "shipping_method_slug_taken"


class DeliveryStateInUse(Conflict):
    """Pieces are in this delivery state, so it cannot be deleted or mean something else; facts give `orders`."""

    code = "delivery_state_in_use"


class CarrierInUse(Conflict):
    """Shipping methods go by this carrier, so it cannot be deleted; facts give `methods`."""

    code = "carrier_in_use"


class ShippingMethodInUse(Conflict):
    """Shipments go by this method, so it cannot be deleted; facts give `orders`. It can be switched off."""

    code = "shipping_method_in_use"


class DeliveryStateIsDefault(Conflict):
    """One of the default delivery states, which stay and keep what they mean."""

    code = "delivery_state_is_default"


class DeliveryStateEditNeedsConfirmation(Conflict):
    """Orders would show this delivery state differently; facts give `orders`."""

    code = "delivery_state_edit_needs_confirmation"


class CarrierEditNeedsConfirmation(Conflict):
    """Orders would show this carrier, or lead to its page, differently; facts give `orders`."""

    code = "carrier_edit_needs_confirmation"


class ShippingMethodEditNeedsConfirmation(Conflict):
    """Orders would show this shipping method differently; facts give `orders`."""

    code = "shipping_method_edit_needs_confirmation"


class DeliveryStateChanged(Stale):
    """Somebody changed this delivery state since the caller looked."""

    code = "delivery_state_changed"


class CarrierChanged(Stale):
    """Somebody changed this carrier since the caller looked."""

    code = "carrier_changed"


class ShippingMethodChanged(Stale):
    """Somebody changed this shipping method since the caller looked."""

    code = "shipping_method_changed"
