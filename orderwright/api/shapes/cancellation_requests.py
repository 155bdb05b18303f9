"""A request that an order be canceled, which somebody decides."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from orderwright.api.shapes.base import Shape, Time


class CancellationRequest(Shape):
    """Somebody asked that the order be canceled. `state`: open, accepted, declined or withdrawn."""

    state: str
    asked_by: Annotated[str, Meta(description="customer: through a program; staff: at the desk.")]
    reason: str
    by: str
    from_state: Annotated[
        str, Meta(description="Slug of the state that the order goes back to when it is declined or withdrawn.")
    ]
    asked_at: Time
    decided_by: str | None
    decided_at: Time | None
