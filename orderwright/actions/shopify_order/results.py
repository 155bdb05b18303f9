"""What reading a Shopify order gives back: a document with warnings, or a problem with faults. No reading here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Nobody reads more of one order, and a hostile file could hold millions.
MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFault:
    """One reason why an order cannot be taken in.

    Shape: a JSON pointer (RFC 6901) into the Shopify document, a stable code, a sentence, and, where two figures
    disagree, both of them: what Shopify says and what its parts add up to.
    """

    pointer: str
    code: str
    message: str
    figures: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingWarning:
    """Something that a person should know about an order that can be taken in all the same."""

    pointer: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedOrder:
    """An order document ready to be taken in. `name` is Shopify's order name, such as #1001."""

    external_id: str
    name: str
    document: dict[str, Any]
    warnings: tuple[MappingWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingProblem:
    """An order, or a whole file, that cannot be read. Shape: at least one fault, in reading order."""

    external_id: str | None
    name: str | None
    faults: tuple[MappingFault, ...]


@dataclass(slots=True)
class Findings:
    """The faults and warnings found so far while one order is read."""

    faults: list[MappingFault] = field(default_factory=list)
    warnings: list[MappingWarning] = field(default_factory=list)

    def fault(self, pointer: str, code: str, message: str, *, figures: tuple[str, str] | None = None) -> None:
        """Note a reason to refuse the order, once, however often its place is read."""
        found = MappingFault(pointer=pointer, code=code, message=message, figures=figures)
        if found not in self.faults and len(self.faults) < MOST_FINDINGS:
            self.faults.append(found)

    def warn(self, pointer: str, code: str, message: str) -> None:
        """Note something to know that does not stand in the way, once."""
        found = MappingWarning(pointer=pointer, code=code, message=message)
        if found not in self.warnings and len(self.warnings) < MOST_FINDINGS:
            self.warnings.append(found)
