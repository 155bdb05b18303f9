"""What somebody typed in a form that was refused: kept, so that the page shows it again beside the reason."""

from __future__ import annotations

from dataclasses import dataclass

from orderwright.web.presenters.parts import CAN_PRESS, Clash, Press


@dataclass(frozen=True, slots=True)
class Typed:
    """A refused form. `control` is the id of the field at fault, `value` what was in it, `message` the reason.

    `late`: who set that field meanwhile, and when; empty when nobody did.
    """

    control: str = ""
    value: str = ""
    message: str = ""
    late: str = ""

    def value_of(self, control: str, otherwise: str) -> str:
        """Return what was typed into this field, or what it holds anyway."""
        return self.value if control == self.control else otherwise

    def error_of(self, control: str, clash: Clash | None = None) -> str:
        """Return the reason when this field is at fault, else nothing; less of it where `clash` shows the rest."""
        if control != self.control:
            return ""
        return self.late if clash else self.message

    def clash_of(
        self, control: str, name: str, *, mine: str, theirs: str, here: str, keep: Press = CAN_PRESS
    ) -> Clash | None:
        """Return the choice between what was typed and what stands there now; None where there is none to make.

        `name` is the field's in its form, `mine` and `theirs` what people see, `here` the order's page.
        """
        if control != self.control or not self.late or mine == theirs:
            return None
        return Clash(name=name, value=self.value, mine=mine or "—", theirs=theirs or "—", take_href=here, keep=keep)


NOTHING_TYPED = Typed()
