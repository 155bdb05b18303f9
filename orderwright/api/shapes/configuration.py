"""Order states, sites, and the key itself. Shipping's configuration stands in `shipping`."""

from __future__ import annotations

from orderwright.api.shapes.base import Shape, SiteRef, Time


class OrderState(Shape):
    """A state of Order Configurations. `orders` counts the orders in it, up to 10,001.

    `allows_cancel` and `allows_shipments` narrow what its system state allows. `emails_customer`: when an order is
    moved into it, the customer gets a mail that says `email_text`. `stage`: offered, retiring or retired.
    """

    slug: str
    name: str
    color: str
    description: str
    system_state: str
    is_default: bool
    allows_cancel: bool
    allows_shipments: bool
    emails_customer: bool
    email_text: str
    stage: str
    orders: int
    version: int


class OrderStates(Shape):
    """Every order state, in the order of the dropdown."""

    items: list[OrderState]


class LockedMove(Shape):
    """A move that no table decides, and why. `is_allowed`: it is made all the same, by Cancel Order."""

    from_state: str
    to_state: str
    is_allowed: bool
    code: str
    reason: str


class OrderMoves(Shape):
    """From each system state, where an order may be moved by hand."""

    moves: dict[str, list[str]]
    defaults: dict[str, list[str]]
    locked: list[LockedMove]
    version: int


class SiteLogo(Shape):
    """The logo in a site's mails. Unit: pixels. `digest`: SHA-256 of the picture as it is kept, in hexadecimal."""

    digest: str
    width: int
    height: int


class SiteLogoPicture(SiteLogo):
    """A site's logo with the picture itself: `png` is base64."""

    png: str
    stored_at: Time


class Site(Shape):
    """A site. Its orders are numbered `number_prefix` and `next_number`, which every order raises by one.

    `sender_name` empty: the site's name. `sender` empty: no mail goes to customers. `mails_received` and
    `mails_shipped`: which mails go to customers by themselves. `closed_at`: since then no order is handed in. `orders`
    counts up to 10,001.
    """

    slug: str
    name: str
    time_zone: str
    currency: str
    locale: str
    number_prefix: str
    next_number: int
    sender: str
    sender_name: str
    mails_received: bool
    mails_shipped: bool
    is_open: bool
    closed_at: Time | None
    logo: SiteLogo | None
    orders: int
    version: int


class Sites(Shape):
    """Every site that the key sees, by name."""

    items: list[Site]


class Me(Shape):
    """Who this key is. `sites` are those whose orders exist for it; `every_site`: those still to be added as well."""

    name: str
    permissions: list[str]
    sites: list[SiteRef]
    every_site: bool
