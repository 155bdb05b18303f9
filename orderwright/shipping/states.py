"""The delivery states that every installation begins with. Pure data, no Django."""

from __future__ import annotations

from typing import Final

# What a delivery state means: not gone yet, on its way, there, come back, or lost.
PHASES: Final = ("pending", "sent", "delivered", "returned", "failed")
# Pieces in these phases have left the shop.
SENT_PHASES: Final = frozenset(PHASES) - {"pending"}

# Each is a slug, a name, a color and a phase.
DEFAULT_DELIVERY_STATES: Final = (
    ("pending", "Pending", "grey", "pending"),
    ("ready-to-ship", "Ready to ship", "violet", "pending"),
    ("shipped", "Shipped", "blue", "sent"),
    ("in-transit", "In transit", "blue", "sent"),
    ("delivered", "Delivered", "green", "delivered"),
    ("returned", "Returned", "amber", "returned"),
    ("failed", "Failed", "red", "failed"),
)

# Each is a slug, a name and a tracking URL template.
DEFAULT_CARRIERS: Final = (
    ("ups", "UPS", "https://www.ups.com/track?tracknum={number}"),
    ("fedex", "FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    ("usps", "USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}"),
    ("dhl", "DHL", "https://www.dhl.com/{country}-{language}/home/tracking.html?tracking-id={number}"),
    ("royal-mail", "Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{number}"),
    ("yamato", "Yamato Transport", ""),
    ("courier", "Courier", ""),
)

# Each is a slug, a name and the slug of a carrier.
DEFAULT_METHODS: Final = (
    ("ups-ground", "UPS Ground", "ups"),
    ("ups-next-day", "UPS Next Day Air", "ups"),
    ("fedex-home", "FedEx Home Delivery", "fedex"),
    ("usps-priority", "USPS Priority Mail", "usps"),
    ("dhl-paket", "DHL Paket", "dhl"),
    ("dhl-express", "DHL Express", "dhl"),
    ("royal-mail-48", "Royal Mail Tracked 48", "royal-mail"),
    ("yamato-ta-q-bin", "Yamato TA-Q-BIN", "yamato"),
    ("courier-same-day", "Courier, same day", "courier"),
    ("pick-up", "Pick up in store", None),
)
