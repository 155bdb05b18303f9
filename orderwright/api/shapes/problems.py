"""Problem documents, as `api.problems` writes them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from orderwright.api.shapes.base import Shape


class ProblemPlace(Shape, omit_defaults=True):
    """One place where something is wrong: a `pointer` (RFC 6901) into the body, a `parameter` or a `header`."""

    code: str
    message: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class Problem(Shape):
    """A problem document (RFC 9457). Further members are the error's facts."""

    type: str
    title: str
    status: int
    detail: str
    code: Annotated[str, Meta(description="Stable: programs decide by it.")]
    errors: list[ProblemPlace] | msgspec.UnsetType = msgspec.UNSET
