"""Carriers, methods, delivery states, shipments, what is in them, and parcels."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace, Upper

from orderwright.orders.models import Line, Order, Site
from orderwright.orders.states import COLORS
from orderwright.shipping.states import PHASES


class Carrier(models.Model):
    """Somebody who carries parcels. The template has {number}, {postcode}, {country} and {language} (W9)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    tracking_url_template = models.CharField(max_length=300, default="")  # see tracking_links.py
    recognised_as = models.CharField(
        max_length=20, default="", db_default=""
    )  # a word of recognition.RECOGNISABLE, or nothing
    sites = models.ManyToManyField(Site, related_name="carriers")  # none: every site
    version = models.PositiveIntegerField(default=1, db_default=1)


class ShippingMethod(models.Model):
    """A way of sending that staff choose in Update Shipment, or a title that came in with an order."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, null=True, related_name="methods")
    is_offered = models.BooleanField(default=True)  # false: switched off, or came in with an order
    position = models.PositiveIntegerField(default=0)
    sites = models.ManyToManyField(Site, related_name="shipping_methods")  # none: every site
    version = models.PositiveIntegerField(default=1, db_default=1)


class DeliveryState(models.Model):
    """A state of pieces on their way. The phase says what it means to the system, as a system state does for orders."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=40)
    color = models.CharField(max_length=10, default="grey")
    description = models.CharField(max_length=200, default="", db_default="")
    phase = models.CharField(max_length=12)
    position = models.PositiveIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(phase__in=list(PHASES)), name="delivery_state_phase_is_known"),
            models.CheckConstraint(condition=Q(color__in=list(COLORS)), name="delivery_state_color_in_palette"),
        ]


class Shipment(models.Model):
    """A part of an order that goes by one method. Numbered 1, 2, 3 … in its order; a number is never used again."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    number = models.PositiveIntegerField()
    method = models.ForeignKey(ShippingMethod, on_delete=models.PROTECT, related_name="shipments")
    sent_at = models.DateTimeField(null=True)  # when its last piece was sent
    emails_customer = models.BooleanField(null=True)  # whether the customer is told when it has left; null: as its site

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="shipment_number_unique_in_order")]


class ShipmentPart(models.Model):
    """So many pieces of a line in one shipment and delivery state. Over a line they add up to its quantity (I9)."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="parts")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="parts")
    delivery_state = models.ForeignKey(DeliveryState, on_delete=models.PROTECT, related_name="parts")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line", "delivery_state"], name="part_unique_in_shipment"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="part_has_pieces"),
        ]


class Parcel(models.Model):
    """One parcel of a shipment with its tracking number. No two of one order share a number (G20)."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="parcels")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parcels")
    position = models.PositiveIntegerField()
    tracking_number = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "position"], name="parcel_place_unique_in_shipment"),
            models.UniqueConstraint(
                "order",
                Upper(Replace("tracking_number", Value(" "), Value(""))),
                name="tracking_number_unique_in_order",
            ),
            models.CheckConstraint(condition=~Q(tracking_number=""), name="parcel_has_tracking_number"),
        ]
