"""The demo's stores, staff and order states of their own. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from orderwright.accounts.demo import DEMO_DOMAIN
from orderwright.actions.role_fields import RoleFields
from orderwright.actions.site_fields import SiteFields


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One site. `taxes_included` says whether its prices are gross, `methods` are its shipping methods by price."""

    slug: str
    name: str
    time_zone: str
    currency: str
    locale: str
    number_prefix: str
    sender: str
    sender_name: str
    taxes_included: bool
    methods: tuple[str, ...]
    pieces_free_of_shipping: int


US: Final = Store(
    slug="cozy-home-us",
    name="Cozy Home US",
    time_zone="America/New_York",
    currency="USD",
    locale="en-US",
    number_prefix="",
    sender="orders@us.cozy-home.example",
    sender_name="",
    taxes_included=False,
    methods=("usps-priority", "ups-ground", "fedex-home", "ups-next-day"),
    pieces_free_of_shipping=6,
)
EU: Final = Store(
    slug="cozy-home-eu",
    name="Cozy Home EU",
    time_zone="Europe/Berlin",
    currency="EUR",
    locale="en-IE",
    number_prefix="EU-",
    sender="orders@eu.cozy-home.example",
    sender_name="",
    taxes_included=True,
    methods=("dhl-paket", "dhl-paket", "dhl-express"),
    pieces_free_of_shipping=5,
)
JAPAN: Final = Store(
    slug="cozy-home-japan",
    name="Cozy Home Japan",
    time_zone="Asia/Tokyo",
    currency="JPY",
    locale="en",
    number_prefix="JP-",
    sender="orders@jp.cozy-home.example",
    sender_name="Yuki at Cozy Home",
    taxes_included=True,
    methods=("yamato-ta-q-bin", "yamato-ta-q-bin", "courier-same-day"),
    pieces_free_of_shipping=3,
)
GULF: Final = Store(
    slug="cozy-home-gulf",
    name="Cozy Home Gulf",
    time_zone="Asia/Bahrain",
    currency="BHD",
    locale="en-AE",
    number_prefix="GULF-",
    sender="orders@gulf.cozy-home.example",
    sender_name="",
    taxes_included=False,
    methods=("courier-same-day", "dhl-express"),
    pieces_free_of_shipping=4,
)
STORES: Final = (US, EU, JAPAN, GULF)
# Sold for a few weeks, takes in nothing any more: a store without orders, to be opened again or deleted.
POP_UP: Final = SiteFields(
    name="Cozy Home Pop-up Boston",
    time_zone="America/New_York",
    currency="USD",
    number_prefix="POP-",
    sender="popup@us.cozy-home.example",
)
# The first number of each series. The American one begins where it must for the mock's order to be #1042.
FIRST_NUMBERS: Final = {EU.slug: 2001, JAPAN.slug: 501, GULF.slug: 301}


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody at the desk. Without a password one cannot sign in, and is known from the timeline alone.

    `sites`: where the role is held; none: everywhere. `has_left`: deactivated some days ago.
    `has_app`: a code of an authenticator app is asked for beside the password.
    """

    key: str
    name: str
    email: str
    role: str
    password: str | None = None
    sites: tuple[str, ...] = ()
    has_left: bool = False
    has_app: bool = False


_PASSWORD: Final = "cozy-home-demo"  # noqa: S105 - known on purpose; refused in production
ANNA: Final = Colleague(
    key="anna",
    name="Anna Kovac",
    email=f"anna@{DEMO_DOMAIN}",
    role="administrator",
    password=_PASSWORD,
)
VIEWER: Final = Colleague(
    key="vera",
    name="Vera Lind",
    email=f"vera@{DEMO_DOMAIN}",
    role="viewer",
    password="cozy-home-viewer",  # noqa: S106 - as above
)
BEN: Final = Colleague(
    key="ben", name="Ben Ortiz", email=f"ben@{DEMO_DOMAIN}", role="order-manager", password=_PASSWORD
)
MIA: Final = Colleague(key="mia", name="Mia Brandt", email=f"mia@{DEMO_DOMAIN}", role="order-manager")
OLGA: Final = Colleague(
    key="olga", name="Olga Sandström", email=f"olga@{DEMO_DOMAIN}", role="order-clerk", password=_PASSWORD
)
PAUL: Final = Colleague(
    key="paul", name="Paul Adeyemi", email=f"paul@{DEMO_DOMAIN}", role="payments-clerk", password=_PASSWORD
)
INES: Final = Colleague(
    key="ines", name="Inês Carvalho", email=f"ines@{DEMO_DOMAIN}", role="integrator", password=_PASSWORD
)
STAFF: Final = (ANNA, BEN, MIA, OLGA, PAUL, INES, VIEWER)
# Who can sign in, one for each system role.
ONE_OF_EACH_ROLE: Final = tuple(colleague for colleague in STAFF if colleague.password)

# A role that this shop has made: handles what comes back, and refunds up to a limit.
RETURNS_DESK: Final = RoleFields(
    name="Returns desk",
    permissions=(
        "orders.view",
        "orders.edit",
        "customers.view",
        "shipments.update",
        "payments.sync",
        "payments.refund",
    ),
    refund_ceilings={"USD": {"order": 15000, "day": 60000}, "EUR": {"order": 15000, "day": 60000}},
)
# Hired by Anna later on, each for some sites.
HIRED_LATER: Final = (
    Colleague(
        key="lena",
        name="Lena Fischer",
        email=f"lena@{DEMO_DOMAIN}",
        role="order-clerk",
        password=_PASSWORD,
        sites=(EU.slug,),
    ),
    Colleague(
        key="kenji",
        name="Kenji Mori",
        email=f"kenji@{DEMO_DOMAIN}",
        role="payments-clerk",
        password=_PASSWORD,
        sites=(JAPAN.slug, GULF.slug),
        has_app=True,
    ),
    Colleague(
        key="rosa",
        name="Rosa Delgado",
        email=f"rosa@{DEMO_DOMAIN}",
        role="returns-desk",
        password=_PASSWORD,
        sites=(US.slug,),
    ),
    Colleague(
        key="tim",
        name="Tim Larsen",
        email=f"tim@{DEMO_DOMAIN}",
        role="order-clerk",
        password=_PASSWORD,
        sites=(US.slug,),
        has_left=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnState:
    """An order state that this shop has added. `key` is how the stories call it; its slug is given by the desk."""

    key: str
    name: str
    color: str
    description: str
    system_state: str
    allows_shipments: bool = True
    email_text: str = ""


ON_HOLD: Final = OwnState(
    key="on-hold",
    name="On hold: stock",
    color="violet",
    description="Waiting for a supplier; shipments stay open.",
    system_state="processing",
    email_text="One of your items is on its way to us. We send your order as soon as it is here.",
)
BACK_ORDER: Final = OwnState(
    key="back-order",
    name="Back order",
    color="pink",
    description="Ordered from the supplier.",
    system_state="processing",
)
PACKED: Final = OwnState(
    key="packed",
    name="Packed",
    color="teal",
    description="Boxed, label printed, not yet handed over.",
    system_state="processing",
    allows_shipments=False,
)
MANUAL_REVIEW: Final = OwnState(
    key="manual-review",
    name="Manual review",
    color="amber",
    description="A person looks at it within four hours.",
    system_state="fraud",
)
# Packed is used by no order, so that there is a state to edit and to delete. Back order is retired in the end: its
# orders are then on hold, and the job that moved them can be undone.
OWN_STATES: Final = (ON_HOLD, BACK_ORDER, PACKED, MANUAL_REVIEW)
