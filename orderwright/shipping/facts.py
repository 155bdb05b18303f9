"""What the shipping rules work on and what they answer: small frozen facts. No Django, no rows, no rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

# How the selected pieces come to go by the chosen method.
Way = Literal["in_place", "join", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFacts:
    """A delivery state. `place` is where it stands in the list; `is_sent` says that its pieces have left the shop."""

    id: int
    place: int
    is_sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One line of the order, shipped or not."""

    id: int
    name: str
    requires_shipping: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFacts:
    """So many pieces of one line in one delivery state."""

    line_id: int
    delivery: DeliveryFacts
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFacts:
    """One shipment with what is in it; never empty. `sent_at` is None while a piece of it has not left."""

    number: int
    method_id: int
    parts: tuple[PartFacts, ...]
    tracking_numbers: tuple[str, ...] = ()
    sent_at: datetime | None = None

    @property
    def is_sent(self) -> bool:
        """Whether every piece of it has left the shop."""
        return all(part.delivery.is_sent for part in self.parts)

    @property
    def is_partly_sent(self) -> bool:
        """Whether some of its pieces have left the shop and some have not."""
        return not self.is_sent and any(part.delivery.is_sent for part in self.parts)

    @property
    def is_untouched(self) -> bool:
        """Whether it has no tracking number yet and none of its pieces has left, so that it may still be repacked."""
        return not self.tracking_numbers and not any(part.delivery.is_sent for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A selection in the dialog: all pieces of a line or `quantity` of them, in one shipment or wherever they are."""

    line_id: int
    quantity: int | None = None
    shipment: int | None = None


class Place(NamedTuple):
    """Where pieces are: in which shipment, of which line, in which delivery state."""

    shipment: int
    line_id: int
    delivery: DeliveryFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """So many pieces that leave one place."""

    place: Place
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPlan:
    """What pressing Update would do. `after` is every shipment afterwards, by number; `staying` go that way already.

    `left` are the shipments that pieces leave and others stay in, `emptied` those that go away, both as they were.
    """

    method_id: int
    way: Way
    target: int
    moves: tuple[Move, ...]
    staying: int
    left: tuple[ShipmentFacts, ...]
    emptied: tuple[ShipmentFacts, ...]
    after: tuple[ShipmentFacts, ...]

    @property
    def pieces(self) -> int:
        """How many pieces change their method."""
        return sum(move.quantity for move in self.moves)

    @property
    def sent_pieces(self) -> int:
        """How many of them have left the shop already."""
        return sum(move.quantity for move in self.moves if move.place.delivery.is_sent)

    @property
    def kept_numbers(self) -> tuple[str, ...]:
        """The tracking numbers of the shipment that the pieces end up in; only one that changes in place has any."""
        return next(each.tracking_numbers for each in self.after if each.number == self.target)

    @property
    def removed_numbers(self) -> tuple[str, ...]:
        """The tracking numbers that go away with their shipments."""
        return tuple(number for shipment in self.emptied for number in shipment.tracking_numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """What setting a delivery state would do. `after` is every shipment afterwards, by number."""

    moves: tuple[Move, ...]
    after: tuple[ShipmentFacts, ...]
