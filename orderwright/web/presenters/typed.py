"""What somebody typed in a form that was refused: kept, so that the page shows it again beside the reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """A refused form. `control` is the id of the field at fault, `value` what was in it, `message` the reason."""

    control: str = ""
    value: str = ""
    message: str = ""

    def value_of(self, control: str, otherwise: str) -> str:
        """Return what was typed into this field, or what it holds anyway."""
        return self.value if control == self.control else otherwise

    def error_of(self, control: str) -> str:
        """Return the reason when this field is at fault, else nothing."""
        return self.message if control == self.control else ""


NOTHING_TYPED = Typed()
