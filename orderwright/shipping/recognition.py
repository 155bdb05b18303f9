"""Whose number a tracking number is, and whether its check digit fits. Only this module knows `tracking-numbers`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a carrier's numbers can be recognised as: a permanent word and the name that people know.
RECOGNISABLE: Final = {
    "amazon": "Amazon Logistics",
    "australia-post": "Australia Post",
    "canada-post": "Canada Post",
    "dhl": "DHL",
    "fedex": "FedEx",
    "japan-post": "Japan Post",
    "la-poste": "La Poste",
    "ontrac": "OnTrac",
    "postnl": "PostNL",
    "royal-mail": "Royal Mail",
    "swiss-post": "Swiss Post",
    "ups": "UPS",
    "usps": "USPS",
}
# Every kind of number that these give out is known here; the others have further kinds of their own.
WHOLLY_KNOWN: Final = frozenset({"amazon", "fedex", "ontrac", "ups", "usps"})

# The package's words for couriers that it can tell. Its CDL is left out: ten letters and digits are no sign.
_COURIERS: Final = frozenset({"amazon", "dhl", "fedex", "ontrac", "ups", "usps"})
# In a number by the postal union's standard S10, the last two letters are the country that posted it.
_POSTED_BY: Final = {
    "AU": "australia-post",
    "CA": "canada-post",
    "CH": "swiss-post",
    "DE": "dhl",
    "FR": "la-poste",
    "GB": "royal-mail",
    "JP": "japan-post",
    "NL": "postnl",
    "US": "usps",
}
_LONGEST: Final = 60
# So many digits that begin like this are no coincidence: an American parcel's barcode.
_BARCODE_BEGINS: Final = ("420", "91", "92", "93", "94", "95", "96")
_BARCODE_LENGTH: Final = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a tracking number.

    `carrier` is a word of RECOGNISABLE. `check`: whether the check digit fits, "unknown" for a number that has none.
    `is_distinct`: nobody else's numbers look so; a mere row of digits fits several carriers by chance.
    """

    carrier: str
    check: Literal["ok", "failed", "unknown"]
    is_distinct: bool


@lru_cache(maxsize=4096)
def readings(tracking_number: str) -> tuple[Reading, ...]:
    """Return every way to read the number, each carrier once and at its best; none when nobody is known to give such.

    Spaces, hyphens and letter case do not count.
    """
    number = "".join(tracking_number.split()).replace("-", "").upper()
    if not (number.isascii() and number.isalnum() and len(number) <= _LONGEST):
        return ()
    best: dict[str, Reading] = {}
    for reading in _read(number):
        known = best.get(reading.carrier)
        if known is None or (known.check == "failed" and reading.check != "failed"):
            best[reading.carrier] = reading
    return tuple(best.values())


def _read(number: str) -> Iterator[Reading]:
    # The package is read when the first number is: most commands of the desk never need it.
    from tracking_numbers import DEFINITIONS  # type: ignore[import-untyped]  # noqa: PLC0415 - as said above

    is_distinct = not number.isdigit() or (number.startswith(_BARCODE_BEGINS) and len(number) >= _BARCODE_LENGTH)
    for definition in DEFINITIONS:
        courier = definition.courier.code
        carrier = _POSTED_BY.get(number[-2:], "") if courier == "s10" else courier if courier in _COURIERS else ""
        faults = _faults(definition, number) if carrier else None
        if faults is None or (faults - {"checksum"} and courier != "ups"):
            continue  # UPS has more kinds of service than the package lists, and its numbers are known by their 1Z
        check: Literal["ok", "failed", "unknown"] = "failed" if "checksum" in faults else "ok"
        if definition.checksum_validator is None:
            check = "unknown"
        yield Reading(carrier=carrier, check=check, is_distinct=is_distinct)


def _faults(definition: Any, number: str) -> set[str] | None:
    """Return what is wrong with the number by this definition, or None where it is none of these at all."""
    try:
        found = definition.test(number)
    except ValueError:
        return {"checksum"}  # a letter where its check digit belongs, which the package reads as a number
    return None if found is None else {name for name, _why in found.validation_errors}
