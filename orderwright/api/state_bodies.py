"""What programs send about order states: the moves between them, and where a retired one's orders go."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from orderwright.api.fields import Body, Slug, TextRule, one_of
from orderwright.orders.states import SYSTEM_STATES

Ends = Annotated[list[Annotated[str, TextRule(20), one_of(SYSTEM_STATES)]], Field(max_length=len(SYSTEM_STATES))]


class RetirementBody(Body):
    """Retire an order state."""

    to: Annotated[Slug, Field(description="Slug of the state that its orders are moved to.")]


class MovesGiven(Body):
    """From each system state, the system states that it leads to."""

    new: Ends
    processing: Ends
    fraud: Ends
    suspended: Ends
    completed: Ends


class OrderMovesBody(Body):
    """Set the moves between states, as a whole."""

    moves: MovesGiven
