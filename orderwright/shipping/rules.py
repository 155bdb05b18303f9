"""How pieces move between shipments, delivery states and parcels: pure functions on facts. No Django, no rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from orderwright.core.errors import FieldError, Invalid
from orderwright.shipping.errors import (
    DeliveryStateUnchanged,
    ItemNotShipped,
    ItemUnknown,
    MethodUnchanged,
    ParcelOutOfRange,
    PiecesNotThere,
    QuantityOutOfRange,
    ShipmentNotFound,
    ShipmentUnknown,
    TrackingNumberTaken,
    TrackingNumberUnchanged,
)
from orderwright.shipping.facts import (
    DeliveryFacts,
    DeliveryPlan,
    LineFacts,
    MethodPlan,
    Move,
    PartFacts,
    Pick,
    Place,
    ShipmentFacts,
    Way,
)

AnyInvalid = TypeVar("AnyInvalid", bound=Invalid)

LONGEST_TRACKING_NUMBER = 60  # the column's width; the longest that carriers print have about 35


def plan_shipments(
    *,
    lines: Sequence[LineFacts],
    shipments: Sequence[ShipmentFacts],
    picks: Sequence[Pick],
    method_id: int,
    shipments_made: int,
    fitting: frozenset[int] = frozenset(),
) -> MethodPlan:
    """Return how the selected pieces come to go by the method.

    Pieces that go by it already stay where they are, and count first where a pick names no shipment, so that the same
    request repeated is refused instead of moving more. Pieces that have not left are moved before those that have. A
    whole untouched shipment changes its method and keeps its number, and so does a whole one in `fitting`: those whose
    tracking numbers are right with the method as well. Otherwise the pieces join an untouched shipment of the method,
    or become a new one with the next number. Tracking numbers never move: they belong to a parcel of one carrier.
    `picks`: at least one. Raises: ItemUnknown, ItemNotShipped, ShipmentUnknown, QuantityOutOfRange; MethodUnchanged.
    Source: G17, G19, G20, I9.
    """
    stock = stock_of(shipments)
    going = {shipment.number for shipment in shipments if shipment.method_id == method_id}
    taken = _picked(picks, lines=lines, stock=stock, going=going)
    moves = tuple(Move(place=place, quantity=n) for place, n in taken.items() if place.shipment not in going)
    if not moves:
        raise MethodUnchanged("The selected items go by this shipment method already.")
    way, target = _target(shipments, moves=moves, going=going, shipments_made=shipments_made, fitting=fitting)
    for move in moves:
        stock[move.place] -= move.quantity
        stock[move.place._replace(shipment=target)] += move.quantity
    sources = {move.place.shipment for move in moves}
    known = {shipment.number: shipment for shipment in shipments}
    left_at = [known[number].sent_at for number in sources]
    fresh = ShipmentFacts(
        number=target, method_id=method_id, parts=(), sent_at=max((at for at in left_at if at), default=None)
    )
    after = refilled({**known, target: replace(known.get(target, fresh), method_id=method_id)}.values(), stock=stock)
    kept = {shipment.number for shipment in after}
    return MethodPlan(
        method_id=method_id,
        way=way,
        target=target,
        moves=moves,
        staying=sum(taken.values()) - sum(move.quantity for move in moves),
        left=tuple(each for each in shipments if each.number in sources & kept - {target}),
        emptied=tuple(shipment for shipment in shipments if shipment.number not in kept),
        after=after,
    )


def plan_delivery(
    *,
    line: LineFacts,
    shipments: Sequence[ShipmentFacts],
    delivery: DeliveryFacts,
    quantity: int | None = None,
    shipment: int | None = None,
    from_state_id: int | None = None,
) -> DeliveryPlan:
    """Return how so many pieces of the line (all, when no quantity is given) come to be in the delivery state.

    `shipment` and `from_state_id` name which pieces. Without `from_state_id`, pieces that are in the state already
    count first, and further ones are taken from the state that stands closest before it.
    Raises: ItemNotShipped, ShipmentUnknown, QuantityOutOfRange; DeliveryStateUnchanged, PiecesNotThere.
    Source: G11, G12.
    """
    if not line.requires_shipping:
        raise ItemNotShipped(f"{line.name} is not sent, so it has no delivery state.", facts={"item": line.id})
    stock = stock_of(shipments)
    here = [place for place in stock if place.line_id == line.id and shipment in (None, place.shipment)]
    if not here:
        raise _nothing_there(line, shipment=shipment, pointer="/shipment")
    named = [place for place in here if from_state_id in (None, place.delivery.id)]
    movable = [place for place in named if place.delivery != delivery]
    if not movable and (named or all(place.delivery == delivery for place in here)):
        raise DeliveryStateUnchanged(f"{line.name} is in this delivery state already.", facts={"item": line.id})
    if not movable:
        raise PiecesNotThere(f"No piece of {line.name} is in that delivery state any more.", facts={"item": line.id})
    most = sum(stock[place] for place in named)
    if quantity is not None and not 1 <= quantity <= most:
        raise _out_of_range(line, most=most, pointer="/quantity")
    there = sum(stock[place] for place in named if place.delivery == delivery)
    wanted = (most if quantity is None else quantity) - there
    if wanted <= 0:
        raise DeliveryStateUnchanged(
            f"{there} of {line.name} are in this delivery state already.", facts={"item": line.id, "pieces": there}
        )
    movable.sort(key=lambda place: _closeness(place, to=delivery))
    moves = tuple(Move(place=place, quantity=n) for place, n in _take(movable, stock=stock, quantity=wanted).items())
    for move in moves:
        stock[move.place] -= move.quantity
        stock[move.place._replace(delivery=delivery)] += move.quantity
    return DeliveryPlan(moves=moves, after=refilled(shipments, stock=stock))


def plan_tracking(
    *, shipments: Sequence[ShipmentFacts], shipment: int, tracking_number: str, parcel: int = 1
) -> tuple[str, ...]:
    """Return the shipment's tracking numbers, parcel by parcel, once this one is set; "" takes the parcel away.

    The parcel after the last adds one; taking one away closes the gap. Numbers are compared over the whole order
    without spaces and letter case, and kept as they were typed.
    Raises: ShipmentNotFound, ParcelOutOfRange; TrackingNumberTaken, TrackingNumberUnchanged. Source: G15, G20.
    """
    own = next((each for each in shipments if each.number == shipment), None)
    if own is None:
        raise ShipmentNotFound(f"The order has no shipment {shipment}.", facts={"shipment": shipment})
    most = len(own.tracking_numbers) + 1
    if not 1 <= parcel <= most:
        message = f"The next parcel of Shipment {shipment} is parcel {most}."
        raise _wrong(ParcelOutOfRange, message, pointer="/parcel", shipment=shipment, least=1, most=most)
    for other in shipments:
        for position, taken in enumerate(other.tracking_numbers, start=1):
            is_itself = other is own and position == parcel
            if not is_itself and tracking_number and tracking_key(taken) == tracking_key(tracking_number):
                raise TrackingNumberTaken(
                    f"Shipment {other.number} has the tracking number {taken} already.",
                    facts={"tracking_number": taken, "shipment": other.number, "parcel": position},
                )
    entered = (tracking_number,) if tracking_number else ()
    numbers = (*own.tracking_numbers[: parcel - 1], *entered, *own.tracking_numbers[parcel:])
    if numbers == own.tracking_numbers:
        raise TrackingNumberUnchanged(
            f"Shipment {shipment} has this tracking number already.", facts={"shipment": shipment}
        )
    return numbers


def tracking_key(tracking_number: str) -> str:
    """Return the number as it is compared: without spaces and without regard to letter case. Source: G20."""
    return "".join(tracking_number.split()).casefold()


def stock_of(shipments: Iterable[ShipmentFacts]) -> Counter[Place]:
    """Return how many pieces are where."""
    stock: Counter[Place] = Counter()
    for shipment in shipments:
        for part in shipment.parts:
            stock[Place(shipment.number, part.line_id, part.delivery)] += part.quantity
    return stock


def refilled(shipments: Iterable[ShipmentFacts], *, stock: Mapping[Place, int]) -> tuple[ShipmentFacts, ...]:
    """Return the shipments with the pieces of the stock in them, by number; one without pieces is gone."""
    parts: dict[int, list[PartFacts]] = {}
    for place, quantity in stock.items():
        if quantity:
            part = PartFacts(line_id=place.line_id, delivery=place.delivery, quantity=quantity)
            parts.setdefault(place.shipment, []).append(part)
    filled = (replace(each, parts=tuple(parts[each.number])) for each in shipments if each.number in parts)
    # A shipment that waits for a piece again was not sent after all.
    timed = (each if each.is_sent else replace(each, sent_at=None) for each in filled)
    return tuple(sorted(timed, key=lambda each: each.number))


def _picked(
    picks: Sequence[Pick], *, lines: Sequence[LineFacts], stock: Counter[Place], going: set[int]
) -> Counter[Place]:
    known = {line.id: line for line in lines}
    free, taken = Counter(stock), Counter[Place]()
    # Those that name their shipment choose first; the others take from what is left.
    for index, pick in sorted(enumerate(picks), key=lambda each: each[1].shipment is None):
        line = known.get(pick.line_id)
        if line is None:
            message = f"The order has no item {pick.line_id}."
            raise _wrong(ItemUnknown, message, pointer=f"/items/{index}/item", item=pick.line_id)
        if not line.requires_shipping:
            message = f"{line.name} is not sent, so it goes by no shipment method."
            raise _wrong(ItemNotShipped, message, pointer=f"/items/{index}/item", item=line.id)
        places = [place for place in stock if place.line_id == line.id and pick.shipment in (None, place.shipment)]
        if not places:
            raise _nothing_there(line, shipment=pick.shipment, pointer=f"/items/{index}/shipment")
        left = sum(free[place] for place in places)
        quantity = left if pick.quantity is None else pick.quantity
        if pick.quantity is not None and not 1 <= quantity <= left:
            most = sum(stock[place] for place in places)
            raise _out_of_range(line, most=most, pointer=f"/items/{index}/quantity")
        places.sort(key=lambda place: (place.shipment not in going, place.delivery.is_sent))
        found = _take(places, stock=free, quantity=quantity)
        taken.update(found)
        free.subtract(found)
    return taken


def _take(places: Iterable[Place], *, stock: Mapping[Place, int], quantity: int) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for place in places:
        share = min(stock[place], quantity)
        if share:
            found[place] = share
            quantity -= share
    return found


def _target(
    shipments: Sequence[ShipmentFacts],
    *,
    moves: Sequence[Move],
    going: set[int],
    shipments_made: int,
    fitting: frozenset[int],
) -> tuple[Way, int]:
    sources = {move.place.shipment for move in moves}
    whole = [
        shipment
        for shipment in shipments
        if sources == {shipment.number}
        and sum(part.quantity for part in shipment.parts) == sum(move.quantity for move in moves)
    ]
    if whole and whole[0].tracking_numbers and whole[0].number in fitting:
        return "in_place", whole[0].number
    joinable = [shipment.number for shipment in shipments if shipment.number in going and shipment.is_untouched]
    if joinable:
        return "join", min(joinable)
    if whole and whole[0].is_untouched:
        return "in_place", whole[0].number
    return "new", shipments_made + 1


def _closeness(place: Place, *, to: DeliveryFacts) -> tuple[bool, int, int]:
    is_later = place.delivery.place > to.place
    return is_later, abs(place.delivery.place - to.place), place.shipment


def _nothing_there(line: LineFacts, *, shipment: int | None, pointer: str) -> ShipmentUnknown:
    where = "in a shipment" if shipment is None else f"in Shipment {shipment}"
    return _wrong(ShipmentUnknown, f"Nothing of {line.name} is {where}.", pointer=pointer, item=line.id)


def _out_of_range(line: LineFacts, *, most: int, pointer: str) -> QuantityOutOfRange:
    message = f"Choose between 1 and {most} pieces of {line.name}." if most > 1 else f"There is 1 piece of {line.name}."
    return _wrong(QuantityOutOfRange, message, pointer=pointer, item=line.id, least=1, most=most)


def _wrong(kind: type[AnyInvalid], message: str, *, pointer: str, **facts: int) -> AnyInvalid:
    return kind(message, facts=facts, fields=(FieldError(pointer=pointer, code=kind.code, message=message),))
