"""Shipping's dialogs: what each form asks, the question before what orders show changes, and before deleting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from orderwright.actions.shipping_configuration import LONGEST_SLUG
from orderwright.actions.shipping_fields import (
    LONGEST_CARRIER_NAME,
    LONGEST_DESCRIPTION,
    LONGEST_METHOD_NAME,
    LONGEST_STATE_NAME,
)
from orderwright.orders.states import COLORS
from orderwright.reads.rows import SiteRow
from orderwright.reads.shipping_configuration import CarrierEntry, DeliveryStateEntry
from orderwright.shipping.recognition import RECOGNISABLE
from orderwright.shipping.states import PHASES
from orderwright.shipping.tracking_links import LONGEST_TEMPLATE, template_problem, tracking_link
from orderwright.web.presenters.list_page import StateDialog
from orderwright.web.presenters.parts import Badge, Choice
from orderwright.web.presenters.shipping_configuration import PHASE_NAMES
from orderwright.web.presenters.shipping_page import FormField, ShippingForm, TriedLink
from orderwright.web.presenters.states import tones

# With what a link is tried; the customer's own take their place on an order.
_TRIED_WITH = {"postcode": "K2P 0V6", "country": "CA", "language": "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in a form: single values, the sites ticked, errors by field, and the question to be confirmed."""

    values: Mapping[str, str]
    sites: Sequence[str] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    confirm: str = ""

    def of(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """Return what is wrong with a field."""
        return self.errors.get(name, "")


def delivery_state_fields(filled: Filled, *, state: DeliveryStateEntry | None) -> tuple[FormField, ...]:
    """Return what a delivery state is asked for."""
    names, reason = tones(), ""
    if state is not None and state.is_default:
        reason = _("A default delivery state keeps what it means.")
    elif state is not None and state.orders:
        reason = _("Pieces are in this delivery state, so what it means stays.")
    color = filled.of("color") or "blue"
    phase = filled.of("phase") or "pending"
    return (
        _name(filled, most=LONGEST_STATE_NAME),
        *(_slug(filled),) * (state is None),
        FormField(
            "color",
            _("Colour"),
            "tones",
            error=filled.error("color"),
            choices=tuple(Choice(tone, names[tone], is_selected=tone == color) for tone in COLORS),
        ),
        FormField(
            "description",
            _("Description"),
            "area",
            value=filled.of("description"),
            error=filled.error("description"),
            most=LONGEST_DESCRIPTION,
        ),
        FormField(
            "phase",
            _("Means"),
            "select",
            error=filled.error("phase"),
            reason=reason,
            choices=tuple(Choice(each, str(PHASE_NAMES[each]), is_selected=each == phase) for each in PHASES),
        ),
    )


def carrier_fields(filled: Filled, *, is_new: bool, sites: Sequence[SiteRow]) -> tuple[FormField, ...]:
    """Return what a carrier is asked for. Source: W9."""
    known = sorted(RECOGNISABLE.items(), key=lambda each: each[1].casefold())
    return (
        _name(filled, most=LONGEST_CARRIER_NAME),
        *(_slug(filled),) * is_new,
        FormField(
            "tracking_url_template",
            _("Tracking page"),
            "text",
            value=filled.of("tracking_url_template"),
            hint=_("https://… with {number}, and perhaps {postcode}, {country}, {language}"),
            error=filled.error("tracking_url_template"),
            most=LONGEST_TEMPLATE,
            is_address=True,
        ),
        FormField(
            "recognised_as",
            _("Numbers recognised as"),
            "select",
            error=filled.error("recognised_as"),
            choices=(
                Choice("", _("Nothing"), is_selected=not filled.of("recognised_as")),
                *(Choice(word, name, is_selected=word == filled.of("recognised_as")) for word, name in known),
            ),
        ),
        *_sites(filled, sites),
    )


def method_fields(
    filled: Filled, *, is_new: bool, carriers: Sequence[CarrierEntry], sites: Sequence[SiteRow]
) -> tuple[FormField, ...]:
    """Return what a shipping method is asked for."""
    return (
        _name(filled, most=LONGEST_METHOD_NAME),
        *(_slug(filled),) * is_new,
        FormField(
            "carrier",
            _("Carrier"),
            "select",
            error=filled.error("carrier"),
            choices=(
                Choice("", _("None"), is_selected=not filled.of("carrier")),
                *(Choice(each.slug, each.name, is_selected=each.slug == filled.of("carrier")) for each in carriers),
            ),
        ),
        *_sites(filled, sites),
        FormField("is_offered", _("Offered in Update Shipment"), "tick", is_ticked=filled.of("is_offered") == "yes"),
    )


def shipping_form(
    filled: Filled,
    fields: tuple[FormField, ...],
    *,
    title: str,
    action: str,
    back_href: str,
    submit: str,
    tried: TriedLink | None = None,
) -> ShippingForm:
    """Return the form; while something is to be confirmed, the question with everything typed behind it."""
    hidden: tuple[tuple[str, str], ...] = ()
    if filled.confirm:
        hidden = (
            ("confirmed", "yes"),
            *((name, value) for name, value in filled.values.items() if name != "version"),
            *(("sites", site) for site in filled.sites),
        )
    return ShippingForm(
        title=title,
        action=action,
        back_href=back_href,
        submit=submit,
        fields=() if filled.confirm else fields,
        version=filled.of("version"),
        error=filled.error(""),
        confirm=filled.confirm,
        hidden=hidden,
        becomes=tuple(_becomes(fields)) if filled.confirm else (),
        badge=Badge(filled.of("name"), filled.of("color")) if filled.of("color") in COLORS else None,
        tried=None if filled.confirm else tried,
    )


def _becomes(fields: Sequence[FormField]) -> Iterator[tuple[str, str]]:
    for each in fields:
        if each.kind in ("text", "area"):
            yield each.label, each.value or "—"
        elif each.kind == "select" and not each.reason:
            yield each.label, next((choice.text for choice in each.choices if choice.is_selected), "—")


def tried_link(template: str, number: str, *, href: str) -> TriedLink:
    """Return where the template leads with this number, or why it leads nowhere; `href` is asked while one types."""
    typed = template.strip()
    if not typed or not number.strip():
        return TriedLink(href, number=number, words=_("Type a tracking page and a number to see where it leads."))
    problem = template_problem(typed)
    if problem is not None:
        return TriedLink(href, number=number, error=problem[1])
    link = tracking_link(typed, number=number, **_TRIED_WITH)
    words = _("Filled in for %(postcode)s, %(country)s, %(language)s.") % _TRIED_WITH
    return TriedLink(href, number=number, link=link, words=words)


def delete_question(name: str, *, action: str, back_href: str, tell: str, error: str = "") -> StateDialog:
    """Return the question before something is deleted."""
    return StateDialog(
        title=_("Delete %(name)s?") % {"name": name},
        action=action,
        back_href=back_href,
        tell=tell,
        confirm=_("Delete %(name)s") % {"name": name},
        error=error,
        target="#shipping",
    )


def _name(filled: Filled, *, most: int) -> FormField:
    return FormField(
        "name", _("Name"), "text", value=filled.of("name"), error=filled.error("name"), most=most, is_needed=True
    )


def _slug(filled: Filled) -> FormField:
    return FormField(
        "slug",
        _("Short name"),
        "text",
        value=filled.of("slug"),
        hint=_("what programs name it by; made from the name, and never changes"),
        error=filled.error("slug"),
        most=LONGEST_SLUG,
    )


def _sites(filled: Filled, sites: Sequence[SiteRow]) -> tuple[FormField, ...]:
    if not sites:
        return ()
    chosen = set(filled.sites)
    return (
        FormField(
            "sites",
            _("Sites"),
            "sites",
            hint=_("none ticked: every site"),
            error=filled.error("sites"),
            choices=tuple(Choice(site.slug, site.name, is_selected=site.slug in chosen) for site in sites),
        ),
    )
