"""Sites, order states, orders, lines and notes: fields and constraints. Rules stand in `states` and in the actions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from orderwright.orders.customer_model import CustomerKey
from orderwright.orders.logo_model import Logo as Logo  # noqa: PLC0414 - a model like the others
from orderwright.orders.request_model import CancellationRequest as CancellationRequest  # noqa: PLC0414 - a model like the others
from orderwright.orders.states import COLORS, MAPPABLE, OFFERED, STAGES, SYSTEM_STATES

# What the list shows of an order's money; `payments.standing` decides which, `verify` recomputes it.
PAYMENT_STANDINGS = (
    "none",
    "authorised",
    "partly_captured",
    "captured",
    "partly_refunded",
    "refunded",
    "reversed",
    "expired",
    "unknown",
)


class Site(models.Model):
    """One site: its time zone, currency default, number series and sender (W10)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=60, default="UTC")
    currency = models.CharField(max_length=3)
    locale = models.CharField(max_length=12, default="en-US")  # how amounts are written
    number_prefix = models.CharField(max_length=12, default="")
    next_number = models.PositiveIntegerField(default=1001)
    sender = models.EmailField(max_length=254)
    sender_name = models.CharField(max_length=80, default="", db_default="")  # empty: the site's name
    logo = models.ForeignKey(Logo, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)  # since then no order is handed in
    version = models.PositiveIntegerField(default=1, db_default=1)
    # Which mails go to customers by themselves; storefronts often write the first one.
    mails_received = models.BooleanField(default=False, db_default=False)
    mails_shipped = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number_prefix"], name="site_number_series_unique")]

    def __str__(self) -> str:
        return self.name


class OrderState(models.Model):
    """A state that staff may choose. Its system state decides what can still be done with the order (W1)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=40)
    color = models.CharField(max_length=10)
    description = models.CharField(max_length=200, default="")
    system_state = models.CharField(max_length=20)
    is_default = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    # Only a state of one's own is ever retired (W2); it may narrow what its system state allows, never widen it (G13).
    # Whether the customer is written to when somebody moves an order into it, and what the mail says.
    emails_customer = models.BooleanField(default=False, db_default=False)
    email_text = models.CharField(max_length=500, default="", db_default="")
    stage = models.CharField(max_length=10, default=OFFERED, db_default=OFFERED)
    allows_cancel = models.BooleanField(default=True, db_default=True)
    allows_shipments = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="order_state_name_unique_without_case"),
            models.CheckConstraint(condition=Q(system_state__in=list(SYSTEM_STATES)), name="order_state_maps_to_known"),
            models.CheckConstraint(condition=Q(color__in=list(COLORS)), name="order_state_color_in_palette"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(allows_cancel=True, allows_shipments=True),
                name="order_state_default_narrows_nothing",
            ),
            models.CheckConstraint(
                condition=Q(emails_customer=False) | ~Q(email_text=""), name="order_state_email_says_something"
            ),
            models.CheckConstraint(condition=Q(stage__in=list(STAGES)), name="order_state_stage_is_known"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(stage=OFFERED), name="order_state_default_is_offered"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrderMove(models.Model):
    """One move between system states that may be made by hand (W3). What no shop may allow, the constraints refuse."""

    from_system = models.CharField(max_length=20)
    to_system = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_system", "to_system"], name="order_move_stands_once"),
            models.CheckConstraint(
                condition=Q(from_system__in=sorted(MAPPABLE), to_system__in=sorted(MAPPABLE)),
                name="order_move_is_not_of_a_cancellation",
            ),
            models.CheckConstraint(condition=~Q(from_system=F("to_system")), name="order_move_leads_elsewhere"),
        ]


class Order(models.Model):
    """One placed order. Amounts are minor units of `currency`, as placed; they never change afterwards."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(max_length=24, unique=True)  # in the site's series
    external_id = models.CharField(max_length=80)
    source = models.CharField(max_length=20, default="api")
    placed_at = models.DateTimeField()
    taken_in_at = models.DateTimeField()
    intake_digest = models.CharField(max_length=64)  # of the document as handed in, to recognise a repetition
    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField(default=False)

    customer_reference = models.CharField(max_length=80, default="")
    customer_name = models.CharField(max_length=120)
    customer_email = models.CharField(max_length=254, default="")
    customer_phone = models.CharField(max_length=40, default="")
    customer_language = models.CharField(max_length=12, default="en")
    # Made when something that names the customer is first written to the journal.
    customer_key = models.ForeignKey(CustomerKey, on_delete=models.PROTECT, null=True, related_name="orders")
    # Since then nothing here names the customer; the country of each address stays, for taxes.
    customer_erased_at = models.DateTimeField(null=True)
    shipping_address = models.JSONField(null=True)
    billing_address = models.JSONField(null=True)  # null: as shipping

    items_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()  # gross of its discount, which is part of discount_minor
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    discounts = models.JSONField(default=list)  # [{"code": str, "amount": minor units}]
    shipping_tax_minor = models.BigIntegerField(default=0)
    shipping_discount_minor = models.BigIntegerField(default=0)
    tags = models.JSONField(default=list)

    state = models.ForeignKey(OrderState, on_delete=models.PROTECT, related_name="orders")
    invoice_number = models.CharField(max_length=60, default="")
    version = models.PositiveIntegerField(default=1)
    shipments_made = models.PositiveIntegerField(default=0)  # the last shipment number given out; none is used twice

    # Kept by the actions so that the list needs no join; `verify` recomputes them.
    is_open = models.BooleanField(default=True)
    payment_standing = models.CharField(max_length=20, default="none")
    hold_ends_at = models.DateTimeField(null=True)  # the earliest end of a hold with money still in it
    pieces = models.PositiveIntegerField(default=0)
    shipments_total = models.PositiveIntegerField(default=0)
    shipments_sent = models.PositiveIntegerField(default=0)
    shipments_partly = models.PositiveIntegerField(default=0, db_default=0)  # of which some pieces have left, not all

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "external_id"], name="order_external_id_unique_in_site"),
            models.CheckConstraint(
                condition=Q(items_minor__gte=0, discount_minor__gte=0, shipping_minor__gte=0, tax_minor__gte=0)
                & Q(total_minor__gte=0),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    prices_include_tax=True,
                    total_minor=F("items_minor") - F("discount_minor") + F("shipping_minor"),
                )
                | Q(
                    prices_include_tax=False,
                    total_minor=F("items_minor") - F("discount_minor") + F("shipping_minor") + F("tax_minor"),
                ),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(payment_standing__in=list(PAYMENT_STANDINGS)), name="order_payment_standing_is_known"
            ),
            models.CheckConstraint(
                condition=Q(shipments_sent__lte=F("shipments_total")), name="order_sent_within_shipments"
            ),
        ]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], condition=Q(is_open=True), name="order_open_by_time"),
            models.Index(fields=["-placed_at", "-id"], name="order_by_time"),
            models.Index(fields=["state", "-placed_at", "-id"], name="order_by_state_and_time"),
            models.Index(fields=["site", "-placed_at", "-id"], name="order_by_site_and_time"),
            models.Index("site", Lower("customer_email"), name="order_by_customer"),
            models.Index(
                fields=["hold_ends_at"],
                condition=Q(is_open=True, hold_ends_at__isnull=False),
                name="order_open_hold_end",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Line(models.Model):
    """One line of an order. Unit: minor units of the order's currency; `unit_price_minor` before discount."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    sku = models.CharField(max_length=80, default="")
    name = models.CharField(max_length=200)
    reference = models.CharField(max_length=80, default="")
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    tax_lines = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)
    requires_shipping = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_place_unique_in_order"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="line_has_pieces"),
            models.CheckConstraint(
                condition=Q(unit_price_minor__gte=0, discount_minor__gte=0, tax_minor__gte=0),
                name="line_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(discount_minor__lte=F("unit_price_minor") * F("quantity")),
                name="line_discount_within_price",
            ),
        ]


class Note(models.Model):
    """A note for colleagues. Notes are added, never changed (G9)."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    author_name = models.CharField(max_length=120)
    written_at = models.DateTimeField()
