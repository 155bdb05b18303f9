"""Overview: a tile for each thing that may wait for somebody, with where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orderwright.reads.overview import Overview
from orderwright.web.presenters.words import amount, count


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure; `tone` is amber where somebody should look, else empty."""

    label: str
    figure: str
    hint: str
    href: str
    icon: str
    tone: str = ""


def overview_tiles(facts: Overview, *, hrefs: Mapping[str, str]) -> tuple[Tile, ...]:
    """Return the tiles that lead to pages this person may see: those that are named in `hrefs`."""
    locale = get_language() or "en"
    held = " · ".join(amount(each.held_minor, each.currency, locale) for each in facts.ending)
    tiles = {
        "open-orders": Tile(
            _("Open Orders"),
            count(facts.open_orders),
            _("%(n)s of them New") % {"n": count(facts.new_orders)},
            hrefs.get("open-orders", ""),
            "inbox",
        ),
        "requests": Tile(
            _("Cancellations to decide"),
            count(facts.requested),
            _("asked for, to be accepted or declined") if facts.requested else _("nobody waits for a decision"),
            hrefs.get("requests", ""),
            "message-circle-question-mark",
            "amber" if facts.requested else "",
        ),
        "exceptions": Tile(
            _("Exceptions"),
            count(facts.exceptions),
            _("calls to a provider that did not go through")
            if facts.exceptions
            else _("every call to a provider went through"),
            hrefs.get("exceptions", ""),
            "triangle-alert",
            "amber" if facts.exceptions else "",
        ),
        "expiring-holds": Tile(
            _("Holds that end within 48 h"),
            count(facts.ending_holds),
            held or _("no open order loses its hold"),
            hrefs.get("expiring-holds", ""),
            "hourglass",
            "amber" if facts.ending_holds else "",
        ),
        "provider-drift": Tile(
            _("Provider drift"),
            count(facts.drift),
            ngettext("difference to decide", "differences to decide", facts.drift)
            if facts.drift
            else _("nothing waits for a decision"),
            hrefs.get("provider-drift", ""),
            "git-compare",
            "amber" if facts.drift else "",
        ),
        "emails": Tile(
            _("Emails not delivered"),
            count(facts.dead_mails),
            _("could not be delivered") if facts.dead_mails else _("every email found its way, or is on it"),
            hrefs.get("emails", ""),
            "mail",
            "amber" if facts.dead_mails else "",
        ),
    }
    return tuple(tile for place, tile in tiles.items() if hrefs.get(place))
