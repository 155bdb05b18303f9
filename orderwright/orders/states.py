"""System states and the moves that every installation begins with, as data. No Django. What they mean is in `rules`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NEW: Final = "new"
PROCESSING: Final = "processing"
FRAUD: Final = "fraud"
SUSPENDED: Final = "suspended"
CANCEL_REQUESTED: Final = "cancel_requested"
CANCELED: Final = "canceled"
COMPLETED: Final = "completed"


def gettext_noop(name: str) -> str:
    """Return the name as it is: here it is marked for the catalogue, without Django; `state_words` translates it."""
    return name


SYSTEM_STATES: Final[dict[str, str]] = {
    NEW: gettext_noop("New"),
    PROCESSING: gettext_noop("Processing"),
    FRAUD: gettext_noop("Fraud"),
    SUSPENDED: gettext_noop("Suspended"),
    CANCEL_REQUESTED: gettext_noop("Cancel Requested"),
    CANCELED: gettext_noop("Canceled"),
    COMPLETED: gettext_noop("Completed"),
}

# W1: what a custom state may map to. The other two belong to the cancellation alone.
MAPPABLE: Final = frozenset({NEW, PROCESSING, FRAUD, SUSPENDED, COMPLETED})

# W4: an order is open until it is completed or canceled.
CLOSED: Final = frozenset({COMPLETED, CANCELED})

# G13, G14: shipments may be changed only in these.
SHIPMENTS_OPEN: Final = frozenset({NEW, PROCESSING})

# W3 with G7: the moves that a person may make, until somebody edits the table in Order Configurations. Those into and
# out of a cancellation stand in no table that can be edited.
DEFAULT_MOVES: Final[dict[str, frozenset[str]]] = {
    NEW: frozenset({PROCESSING, FRAUD, COMPLETED}),
    PROCESSING: frozenset({NEW, FRAUD, SUSPENDED, COMPLETED}),
    FRAUD: frozenset({NEW, PROCESSING, SUSPENDED}),
    SUSPENDED: frozenset({NEW, PROCESSING, FRAUD}),
    COMPLETED: frozenset({PROCESSING}),
}

# Moves that the cancellation makes.
CANCELLATION_MOVES: Final[dict[str, frozenset[str]]] = {
    NEW: frozenset({CANCEL_REQUESTED, CANCELED}),
    PROCESSING: frozenset({CANCEL_REQUESTED, CANCELED}),
    FRAUD: frozenset({CANCEL_REQUESTED, CANCELED}),
    SUSPENDED: frozenset({CANCEL_REQUESTED, CANCELED}),
    CANCEL_REQUESTED: frozenset({CANCELED, NEW, PROCESSING, FRAUD, SUSPENDED}),  # back again when it is given up
    CANCELED: frozenset(),
    COMPLETED: frozenset(),
}

# A state is offered until somebody retires it: then its orders are moved away, and once none is left it is retired.
OFFERED: Final = "offered"
RETIRING: Final = "retiring"
RETIRED: Final = "retired"
STAGES: Final = (OFFERED, RETIRING, RETIRED)

COLORS: Final = ("grey", "blue", "green", "amber", "red", "violet", "teal", "pink")


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultState:
    """One of the states that every installation begins with."""

    slug: str
    name: str
    color: str
    description: str
    system_state: str


# G4: the six defaults, spelled so; and the state of an order whose cancellation is not settled yet.
DEFAULT_STATES: Final = (
    DefaultState(slug="new", name="New", color="grey", description="A new order is received.", system_state=NEW),
    DefaultState(
        slug="processing",
        name="Processing",
        color="blue",
        description="The order is currently being processed.",
        system_state=PROCESSING,
    ),
    DefaultState(
        slug="fraud",
        name="Fraud",
        color="red",
        description="The order is considered as fraudulent.",
        system_state=FRAUD,
    ),
    DefaultState(
        slug="suspended",
        name="Suspended",
        color="amber",
        description="Paused from Processing or Fraud.",
        system_state=SUSPENDED,
    ),
    DefaultState(
        slug="completed",
        name="Completed",
        color="green",
        description="The order was processed and shipped.",
        system_state=COMPLETED,
    ),
    DefaultState(
        slug="canceled",
        name="Canceled",
        color="grey",
        description="The order was canceled; the money went back.",
        system_state=CANCELED,
    ),
)
CANCEL_REQUESTED_STATE: Final = DefaultState(
    slug="cancel-requested",
    name="Cancel Requested",
    color="amber",
    description="A cancellation is asked for and not decided, or under way and not settled.",
    system_state=CANCEL_REQUESTED,
)


def is_open(system_state: str) -> bool:
    """Return whether orders in this system state are open. Source: W4."""
    return system_state not in CLOSED
