"""Adyen's webhooks read and verified. Source: Adyen: API explorer, Webhooks; Verify HMAC signatures; Currency codes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any, Final

from orderwright.payments.gateways.port import HOLD_EXPIRED, Failed
from orderwright.payments.gateways.reading.amounts import WireDecimals

# Adyen's own decimals, by its table; CLP and ISK are written with two.
DECIMALS: Final = WireDecimals(
    provider="Adyen",
    without=frozenset(
        ["BIF", "CVE", "DJF", "GNF", "IDR", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"]
    ),
    with_three=frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
)


def hmac_keys(written: str) -> list[bytes]:
    """Return the keys, of which there are two while one is being replaced; what is no hexadecimal key is none."""
    keys = []
    for word in written.split():
        try:
            keys.append(binascii.a2b_hex(word))
        except (binascii.Error, ValueError):
            continue
    return keys


def item_of(wrapped: Any) -> dict[str, Any]:
    """Return one event with the fields that every one has, as text. Raises: KeyError, TypeError for another shape."""
    found = wrapped["NotificationRequestItem"]
    value = found["amount"]["value"]
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("the amount is no whole number")
    item: dict[str, Any] = {
        name: str(found.get(name) or "")
        for name in ("originalReference", "merchantReference", "reason", "eventDate", "merchantAccountCode")
    }
    item |= {name: str(found[name]) for name in ("pspReference", "eventCode")}
    item["success"] = str(found["success"]).lower()
    item["amount"] = {"value": value, "currency": str(found["amount"]["currency"])}
    item["additionalData"] = dict(found.get("additionalData") or {})
    return item


def is_signed(item: dict[str, Any], keys: list[bytes]) -> bool:
    """Tell whether one of the keys made the event's signature; compared in constant time."""
    amount, given = item["amount"], str(item["additionalData"].get("hmacSignature", ""))
    names = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")
    parts = [*(item[name] for name in names), str(amount["value"]), amount["currency"]]
    text = ":".join([*parts, item["eventCode"], item["success"]]).encode()
    made = [base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()) for key in keys]
    return any([hmac.compare_digest(one, given.encode()) for one in made])  # noqa: C419 - each is looked at


def failure_of(item: dict[str, Any]) -> Failed:
    """Return why a modification came to nothing."""
    reason = item["reason"] or "Adyen could not carry it out."
    code = HOLD_EXPIRED if "expired" in reason.lower() else f"adyen_{item['eventCode'].lower()}_refused"
    return Failed(code=code, message=reason[:300])


def time_of(text: Any, now: datetime) -> datetime:
    """Return a time that Adyen wrote, or the present where it cannot be read."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return now
    return at.astimezone(UTC) if at.tzinfo else now
