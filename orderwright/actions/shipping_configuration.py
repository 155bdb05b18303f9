"""How delivery states, carriers and shipping methods are added, edited and deleted: the same for all three.

What each of them is made of stands in `shipping_fields`; when it may change, in the actions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from orderwright.actions.configured import checked_slug, sites_of
from orderwright.actions.namesakes import namesake
from orderwright.actions.permission import require
from orderwright.core.actor import SYSTEM, Actor
from orderwright.core.availability import Availability
from orderwright.core.db import assert_in_transaction, in_write_transaction
from orderwright.core.errors import Conflict, NotFound
from orderwright.journal.writes import append
from orderwright.reads import shipping_configuration as reads
from orderwright.shipping import errors
from orderwright.shipping.models import Carrier, DeliveryState, ShippingMethod

AnyRow = TypeVar("AnyRow", Carrier, DeliveryState, ShippingMethod)
LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[AnyRow]):
    """One kind of thing. `name`: of its journal's streams and kinds. `read` gives a row with how many orders use it.

    `shown`: the columns that orders show. `kept`: those that the journal keeps of a deleted row.
    """

    name: str
    model: type[AnyRow]
    read: Callable[..., Any]
    shown: frozenset[str]
    kept: tuple[str, ...]
    not_found: type[NotFound]
    name_taken: type[Conflict]
    slug_taken: type[Conflict]
    changed: type[Conflict]
    unconfirmed: type[Conflict]
    words: Mapping[str, str | Promise]

    def stream(self, row_id: int) -> str:
        """Return the name of a row's stream in the journal."""
        return f"{self.name}:{row_id}"


DELIVERY_STATES = Kind(
    name="delivery_state",
    model=DeliveryState,
    read=reads.read_delivery_state,
    shown=frozenset({"name", "color", "description"}),
    kept=("name", "color", "description", "phase"),
    not_found=errors.DeliveryStateNotFound,
    name_taken=errors.DeliveryStateNameTaken,
    slug_taken=errors.DeliveryStateSlugTaken,
    changed=errors.DeliveryStateChanged,
    unconfirmed=errors.DeliveryStateEditNeedsConfirmation,
    words={
        "not_found": gettext_lazy("There is no such delivery state."),
        "name_taken": gettext_lazy("There is a delivery state named “%(name)s” already."),
        "slug_taken": gettext_lazy("There is a delivery state of this short name already."),
        "changed": gettext_lazy("Somebody changed this delivery state since you opened it."),
    },
)
CARRIERS = Kind(
    name="carrier",
    model=Carrier,
    read=reads.read_carrier,
    shown=frozenset({"name", "tracking_url_template"}),
    kept=("name", "tracking_url_template", "recognised_as"),
    not_found=errors.CarrierNotFound,
    name_taken=errors.CarrierNameTaken,
    slug_taken=errors.CarrierSlugTaken,
    changed=errors.CarrierChanged,
    unconfirmed=errors.CarrierEditNeedsConfirmation,
    words={
        "not_found": gettext_lazy("There is no such carrier."),
        "name_taken": gettext_lazy("There is a carrier named “%(name)s” already."),
        "slug_taken": gettext_lazy("There is a carrier of this short name already."),
        "changed": gettext_lazy("Somebody changed this carrier since you opened it."),
    },
)
METHODS = Kind(
    name="shipping_method",
    model=ShippingMethod,
    read=reads.read_method,
    shown=frozenset({"name", "carrier"}),
    kept=("name", "carrier", "is_offered"),
    not_found=errors.ShippingMethodNotFound,
    name_taken=errors.ShippingMethodNameTaken,
    slug_taken=errors.ShippingMethodSlugTaken,
    changed=errors.ShippingMethodChanged,
    unconfirmed=errors.ShippingMethodEditNeedsConfirmation,
    words={
        "not_found": gettext_lazy("There is no such shipping method."),
        "name_taken": gettext_lazy("There is a shipping method named “%(name)s” already."),
        "slug_taken": gettext_lazy("There is a shipping method of this short name already."),
        "changed": gettext_lazy("Somebody changed this shipping method since you opened it."),
    },
)


def add(
    kind: Kind[AnyRow],
    *,
    wanted: Callable[[], Mapping[str, Any]],
    sites: Sequence[str] | None,
    slug: str,
    actor: Actor,
    now: datetime,
    placed: Callable[[], int] | None = None,
) -> str:
    """Store a new row and return its slug. `wanted` gives its columns, `placed` its position; both in the transaction.

    `sites` None: this kind has none.

    Raises: Invalid with a pointer; the kind's name_taken and slug_taken. Effects: one row, one journal entry.
    """

    def change() -> str:
        columns = wanted()
        _require_free_name(kind, columns["name"])
        known = kind.model.objects.values_list("slug", flat=True)
        row = kind.model(
            slug=checked_slug(slug, name=columns["name"], taken=known, longest=LONGEST_SLUG, otherwise="other"),
            **columns,
            **({"position": placed()} if placed else {}),
        )
        row.save(force_insert=True)
        after = _told(columns) | _place(row, sites)
        append(
            stream=kind.stream(row.pk),
            kind=f"{kind.name}.added",
            actor=actor,
            now=now,
            before=dict.fromkeys(after),
            after=after,
            version=row.version,
        )
        return row.slug

    try:
        return in_write_transaction(change)
    except IntegrityError as error:
        raise kind.slug_taken(str(kind.words["slug_taken"]), facts={"pointer": "/slug"}) from error


def edit(
    kind: Kind[AnyRow],
    slug: str,
    *,
    wanted: Callable[[], Mapping[str, Any]],
    sites: Sequence[str] | None,
    version: int | None,
    is_confirmed: bool,
    actor: Actor,
    now: datetime,
    allow: Callable[[AnyRow, Mapping[str, Any]], Mapping[str, Any]] = lambda _row, _changed: {},
) -> None:
    """Change what differs from the columns that `wanted` gives; the slug never does.

    `allow` refuses changes that may not be, or adds columns to them. While orders show the row, what they show changes
    only when that is confirmed.
    Raises: Refused; the kind's not_found, changed, name_taken, unconfirmed; what `allow` raises; Invalid with pointer.
    Effects: the row and its version, its sites, one journal entry.
    """
    require(actor, "configuration.edit")

    def change() -> None:
        row = lock(kind, slug)
        if version is not None and version != row.version:
            raise kind.changed(str(kind.words["changed"]), facts={"version": row.version})
        columns = wanted()
        stored = {name: getattr(row, name) for name in columns}
        changed = {name: value for name, value in columns.items() if value != stored[name]}
        if "name" in changed:
            _require_free_name(kind, changed["name"], except_id=row.pk)
        more = allow(row, changed)
        if kind.shown & set(changed) and not is_confirmed:
            _require_unshown(kind, kind.read(slug=slug, actor=SYSTEM).orders)
        were = _sites_of_row(row)
        are = _place(row, sites)
        if not changed and were == are:
            return
        kind.model.objects.filter(pk=row.pk).update(version=row.version + 1, **changed, **more)
        append(
            stream=kind.stream(row.pk),
            kind=f"{kind.name}.edited",
            actor=actor,
            now=now,
            before=_told({name: stored[name] for name in changed}) | (were if were != are else {}),
            after=_told(changed) | (are if were != are else {}),
            version=row.version + 1,
        )

    in_write_transaction(change)


def delete(
    kind: Kind[AnyRow],
    slug: str,
    *,
    availability: Callable[[Any, Actor], Availability],
    actor: Actor,
    now: datetime,
) -> None:
    """Delete the row where `availability` allows it; while it is locked, nobody comes to use it.

    Raises: Refused; the kind's not_found; Conflict with the reason of `availability`.
    Effects: the row goes, one journal entry stays.
    """
    require(actor, "configuration.edit")

    def change() -> None:
        row = lock(kind, slug)
        availability(kind.read(slug=slug, actor=SYSTEM), actor).require()
        before = _told({"slug": slug, **{name: getattr(row, name) for name in kind.kept}})
        append(
            stream=kind.stream(row.pk),
            kind=f"{kind.name}.deleted",
            actor=actor,
            now=now,
            before=before,
            after=dict.fromkeys(before),
            version=row.version + 1,
        )
        row.delete()

    in_write_transaction(change)


def lock(kind: Kind[AnyRow], slug: str) -> AnyRow:
    """Return the row, locked until the transaction ends; no order comes to use it meanwhile. Raises: not_found."""
    assert_in_transaction("a row is locked for the length of a transaction")
    row = None
    if slug.isascii() and slug.isprintable():
        row = kind.model.objects.select_for_update().filter(slug=slug).first()
    if row is None:
        raise kind.not_found(str(kind.words["not_found"]), facts={kind.name: slug})
    return row


def _require_free_name(kind: Kind[AnyRow], name: str, *, except_id: int = 0) -> None:
    if namesake(kind.model.objects.all(), name, except_id=except_id) is not None:
        raise kind.name_taken(str(kind.words["name_taken"]) % {"name": name}, facts={"pointer": "/name"})


def _require_unshown(kind: Kind[AnyRow], orders: int) -> None:
    if orders:
        question = ngettext(
            "%(count)d order will be shown so. Save?", "%(count)d orders will be shown so. Save?", orders
        )
        raise kind.unconfirmed(question % {"count": orders}, facts={"orders": orders})


def _place(row: Carrier | DeliveryState | ShippingMethod, sites: Sequence[str] | None) -> dict[str, list[str]]:
    """Make these the row's sites, and return them as the journal tells them."""
    if sites is not None and not isinstance(row, DeliveryState):
        row.sites.set(sites_of(sites))
    return _sites_of_row(row)


def _sites_of_row(row: Carrier | DeliveryState | ShippingMethod) -> dict[str, list[str]]:
    if isinstance(row, DeliveryState):
        return {}
    return {"sites": sorted(row.sites.values_list("slug", flat=True))}


def _told(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.slug if isinstance(value, Carrier) else value for name, value in columns.items()}
