"""``override`` for Python 3.11, whose ``typing`` has none yet; checkers read the real one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing_extensions import override as override  # noqa: PLC0414 - the second name makes it public to checkers
else:
    Method = TypeVar("Method", bound=Callable)

    def override(method: Method) -> Method:
        """Return the method as it is."""
        return method
