"""What the demo's shop has configured about shipping: a delivery state, carriers and methods of its own. Pure data."""

from __future__ import annotations

from typing import Final

from orderwright.actions.shipping_fields import CarrierFields, DeliveryStateFields, MethodFields
from orderwright.cli.demo_data.stores import EU, GULF, JAPAN

AT_CUSTOMS: Final = "at-customs"
OWN_DELIVERY_STATES: Final = {
    AT_CUSTOMS: DeliveryStateFields(
        name="At customs", color="amber", description="Waits for papers; the customer may be called.", phase="sent"
    ),
}
# By slug. They show what a template can hold: a country, a language, a postcode.
OWN_CARRIERS: Final = {
    "dhl-ecommerce": CarrierFields(
        name="DHL eCommerce",
        tracking_url_template="https://my.dhlecommerce.nl/home/tracktrace/{number}/{postcode}",
        sites=(EU.slug,),
    ),
    "la-poste": CarrierFields(
        name="La Poste",
        tracking_url_template="https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
        recognised_as="la-poste",
        sites=(EU.slug,),
    ),
    "canada-post": CarrierFields(
        name="Canada Post",
        tracking_url_template="https://www.canadapost-postescanada.ca/track-reperage/{language}#/details/{number}",
        recognised_as="canada-post",
    ),
    "aramex": CarrierFields(
        name="Aramex",
        tracking_url_template="https://www.aramex.com/us/en/track/results?ShipmentNumber={number}",
        sites=(GULF.slug,),
    ),
}
OWN_METHODS: Final = {
    "dhl-evening": MethodFields(name="DHL eCommerce, evening", carrier="dhl-ecommerce", sites=(EU.slug,)),
    "colissimo": MethodFields(name="Colissimo", carrier="la-poste", sites=(EU.slug,)),
    "canada-post-expedited": MethodFields(name="Canada Post Expedited", carrier="canada-post"),
    "aramex-priority": MethodFields(name="Aramex Priority", carrier="aramex", sites=(GULF.slug,)),
}
# Those that everybody begins with, at the stores that use them; the last is not offered any more.
CHANGED_METHODS: Final = {
    "dhl-paket": MethodFields(name="DHL Paket", carrier="dhl", sites=(EU.slug,)),
    "royal-mail-48": MethodFields(name="Royal Mail Tracked 48", carrier="royal-mail", sites=(EU.slug,)),
    "yamato-ta-q-bin": MethodFields(name="Yamato TA-Q-BIN", carrier="yamato", sites=(JAPAN.slug,)),
    "ups-next-day": MethodFields(name="UPS Next Day Air", carrier="ups", is_offered=False),
}
