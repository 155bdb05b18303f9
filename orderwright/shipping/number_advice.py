"""What there is to say about a tracking number: mistyped perhaps, or another carrier's. Pure; it never bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orderwright.shipping.recognition import WHOLLY_KNOWN, readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`looks_like`: the carriers it seems to be of instead. `failed`: of whose number the check digit does not fit."""

    looks_like: tuple[str, ...] = ()
    failed: str = ""


def advice(tracking_number: str, *, has_carrier: bool, recognised_as: str) -> Advice:
    """Return what to say about the number in a shipment of this carrier; carriers are words of RECOGNISABLE.

    `recognised_as` is empty where nobody knows what the carrier's numbers look like. A row of digits that fits another
    carrier says little: it is told only where the shipment has no carrier, or one whose every number is known.
    """
    found = readings(tracking_number)
    own = [each for each in found if each.carrier == recognised_as]
    others = [each for each in found if each.carrier != recognised_as]
    if any(each.check != "failed" for each in own):
        return Advice()
    alike = tuple(each.carrier for each in others if each.check != "failed" and each.is_distinct)
    if not alike and (not has_carrier or recognised_as in WHOLLY_KNOWN):
        alike = tuple(each.carrier for each in others if each.check == "ok")
    if alike:
        return Advice(looks_like=alike)
    if own:
        return Advice(failed=own[0].carrier)
    mistyped = [each.carrier for each in others if each.is_distinct]
    return Advice(looks_like=tuple(mistyped), failed=mistyped[0]) if mistyped else Advice()


def fits_carrier(tracking_numbers: Sequence[str], *, had_carrier: bool, becomes: str) -> bool:
    """Return whether a shipment that changes its carrier can keep its numbers: each is one of the new carrier's.

    `becomes` is what the new carrier's numbers are recognised as, empty for nobody's. Where the shipment had no carrier
    so far, a number that nobody is known to give stays as well.
    """
    for tracking_number in tracking_numbers:
        good = {each.carrier for each in readings(tracking_number) if each.check != "failed"}
        is_anybodys = not had_carrier and not good
        if becomes not in good and not is_anybodys:
            return False
    return True
