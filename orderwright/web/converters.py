"""What may stand for a name in an address of the portal."""

from __future__ import annotations

from django.urls.converters import IntConverter

from orderwright.core.ids import LARGEST_ID


class RowId(IntConverter):
    """`<id:…>`, a row's number. One that no row can have names nothing: 404, and no database is asked."""

    def to_python(self, value: str) -> int:
        """Return the number. Raises: ValueError beyond what a database numbers its rows with."""
        number = super().to_python(value)
        if number > LARGEST_ID:
            raise ValueError("no row has this number")
        return number
