"""How amounts, times and standings are said on every page. Which page says what does not belong here."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel import Locale
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from orderwright.core.dates import day_text
from orderwright.core.days import zone
from orderwright.core.money import Money, UnknownCurrency, format_money
from orderwright.payments.brands import brand_name
from orderwright.web.presenters.parts import Badge, When

# Below this a hold that runs out is urgent: nobody may look again before the weekend.
URGENT = timedelta(hours=48)

STANDING_TONES = {
    "none": "grey",
    "authorised": "blue",
    "partly_captured": "amber",
    "captured": "green",
    "partly_refunded": "violet",
    "refunded": "violet",
    "reversed": "grey",
    "expired": "grey",
    "unknown": "red",
}
# Translated when shown: a list asks for one of them per row.
_STANDING_TEXTS = {
    "none": gettext_lazy("No payment"),
    "authorised": gettext_lazy("Authorised"),
    "partly_captured": gettext_lazy("Partly captured"),
    "captured": gettext_lazy("Captured"),
    "partly_refunded": gettext_lazy("Partly refunded"),
    "refunded": gettext_lazy("Refunded"),
    "reversed": gettext_lazy("Reversed"),
    "expired": gettext_lazy("Expired"),
    "unknown": gettext_lazy("Outcome unknown, checking"),
}
_THUMB_TONES = ("amber", "violet", "teal", "blue", "green", "pink", "red", "grey")


def amount(minor: int, currency: str, locale: str) -> str:
    """Return the amount as the site's locale writes it. Unit: minor units, which a strange currency keeps."""
    try:
        return format_money(Money(minor, currency), locale=locale)
    except UnknownCurrency:
        # What a provider tells is shown even when it makes no sense.
        return f"{minor} {currency}"


def zone_text(at: datetime, zone_name: str) -> str:
    """Return how the zone is called at that time, such as EST or +03."""
    return at.astimezone(zone(zone_name)).tzname() or "UTC"


def when(at: datetime, *, now: datetime, zone_name: str, is_zone_shown: bool = False) -> When:
    """Return the time in the site's zone: the year only when it is not this one, else the zone only when asked for."""
    local = at.astimezone(zone(zone_name))
    date, clock = day_text(local), f"{local:%H:%M}"
    if is_zone_shown:
        clock = f"{clock} {local.tzname()}"
    return When(
        iso=f"{at:%Y-%m-%dT%H:%M:%S}Z",
        text=f"{date} {clock if local.year == now.year else local.year}",
        full=f"{date} {local.year}, {local:%H:%M} {local.tzname()}",
    )


def until(at: datetime, *, now: datetime) -> str:
    """Return how far away a coming time is: `in 3 days`, `in 9 h`, `in 20 min`."""
    left = at - now
    if left >= URGENT:
        return ngettext("in %(n)s day", "in %(n)s days", left.days) % {"n": left.days}
    if left >= timedelta(hours=1):
        return _("in %(n)s h") % {"n": left // timedelta(hours=1)}
    return _("in %(n)s min") % {"n": max(left // timedelta(minutes=1), 1)}


def age(since: datetime, *, now: datetime) -> str:
    """Return how long something has lasted: `3 days`, `9 h`, `20 min`."""
    passed = now - since
    if passed >= URGENT:
        return ngettext("%(n)s day", "%(n)s days", passed.days) % {"n": passed.days}
    if passed >= timedelta(hours=1):
        return _("%(n)s h") % {"n": passed // timedelta(hours=1)}
    return _("%(n)s min") % {"n": max(passed // timedelta(minutes=1), 1)}


def count(number: int, *, most: int = 10_000) -> str:
    """Return a count with grouping; counting stops one past `most`, which then reads `10,000+`."""
    return f"{most:,}+" if number > most else f"{number:,}"


def standing_text(standing: str) -> str:
    """Return the words for how an order's money stands."""
    return str(_STANDING_TEXTS[standing])


def standing(name: str, *, hold_ends_at: datetime | None, now: datetime) -> Badge:
    """Return the payment's badge; a hold that ends soon says so, because then something has to be done."""
    if name in ("authorised", "partly_captured") and hold_ends_at is not None and hold_ends_at - now < URGENT:
        if hold_ends_at <= now:
            return Badge(_("Hold has ended"), "red")
        return Badge(_("Hold ends %(when)s") % {"when": until(hold_ends_at, now=now)}, "amber")
    return Badge(standing_text(name), STANDING_TONES[name], is_checking=name == "unknown")


def sent_text(total: int, sent: int, partly: int) -> str:
    """Return how far an order's shipments are, for the list; `partly` are those of which some pieces have left."""
    if total == 1 and partly:
        return _("Partly sent")
    if sent == 0 and partly == 0:
        return "—"
    if sent == total:
        return pgettext("all shipments", "Sent")
    text = _("%(sent)s of %(total)s sent") % {"sent": sent, "total": total}
    return text + (ngettext(", %(n)s partly", ", %(n)s partly", partly) % {"n": partly} if partly else "")


def method_name(*, method_type: str, brand: str, last4: str) -> str:
    """Return a means of payment as people call it: `Visa •••• 4242`, `PayPal`, `Gift card •••• 0099`."""
    name = brand_name(brand or method_type)
    return f"{name} •••• {last4}" if last4 else name


def initial(name: str) -> str:
    """Return the first letter or digit of a name, for the square that stands for a picture."""
    return next((char.upper() for char in name if char.isalnum()), "·")


def thumb_tone(key: str) -> str:
    """Return the colour of that square; the same product always has the same."""
    return _THUMB_TONES[sum(key.encode()) % len(_THUMB_TONES)]


def initials(name: str) -> str:
    """Return up to two letters that stand for a person."""
    words = name.split()
    return "".join(initial(word) for word in (words[:1] + words[-1:] if len(words) > 1 else words))


def country_text(code: str) -> str:
    """Return the country's name in the reader's language, or the code when it is none."""
    try:
        return str(Locale.parse(get_language() or "en", sep="-").territories.get(code.upper(), code))
    except ValueError:
        return code


def source_text(source: str, external_id: str) -> str:
    """Return where an order came from and what it is called there."""
    name = {"api": _("the API"), "shopify": "Shopify", "demo": _("the demo")}.get(source, source)
    return _("from %(source)s as %(id)s") % {"source": name, "id": external_id}
