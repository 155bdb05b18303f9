"""Signed heads: one root over all that the journal holds, made to be kept outside. Pure functions, no Django.

A head covers the entries up to one of them, in the order in which they were written. Whoever keeps a head elsewhere can
tell later whether one of those entries was changed, taken away or put in, even by somebody who hashed every chain anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from orderwright.journal.chain import GENESIS

FORMAT: Final = "orderwright-head-1"
_FIELDS: Final = ("format", "number", "at", "entries", "last_entry", "root", "public_key", "signature")


class HeadUnreadable(ValueError):
    """The text is no signed head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """What the journal was at a moment. `entries`: how many up to `last_entry`, the id of the last one covered.

    `public_key` and `signature` are Ed25519 in base64. `number` counts the heads of this desk from 1.
    """

    number: int
    at: datetime
    entries: int
    last_entry: int
    root: str
    public_key: str = ""
    signature: str = ""


def extended(root: str, hashes: Iterable[str]) -> tuple[str, int]:
    """Return the root after these entries' hashes, in the order in which they were written, and how many they were.

    The root of nothing is GENESIS.
    """
    digest, count = bytes.fromhex(root), 0
    for own in hashes:
        digest = hashlib.sha256(digest + bytes.fromhex(own)).digest()
        count += 1
    return digest.hex(), count


def sign(head: SignedHead, key: Ed25519PrivateKey) -> SignedHead:
    """Return the head with the key's public half and signature."""
    named = replace(head, public_key=public_half(key), signature="")
    return replace(named, signature=base64.b64encode(key.sign(_signed(named))).decode())


def public_half(key: Ed25519PrivateKey) -> str:
    """Return the public key in base64, by which others can check a head."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def is_signed(head: SignedHead) -> bool:
    """Return whether the signature is that of the head's own public key over all else that it says."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(head.public_key, validate=True))
        key.verify(base64.b64decode(head.signature, validate=True), _signed(head))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def document(head: SignedHead) -> dict[str, Any]:
    """Return the head as the plain JSON that is kept outside."""
    return {
        "format": FORMAT,
        "number": head.number,
        "at": _time(head.at),
        "entries": head.entries,
        "last_entry": head.last_entry,
        "root": head.root,
        "public_key": head.public_key,
        "signature": head.signature,
    }


def read_head(text: str) -> SignedHead:
    """Return the head that stands in the text: the document alone, or among other words as a mail has it.

    Raises: HeadUnreadable. Whether the signature holds, `is_signed` says.
    """
    begin, end = text.find("{"), text.rfind("}")
    try:
        found = json.loads(text[begin : end + 1]) if 0 <= begin < end else None
        if not isinstance(found, dict) or set(found) != set(_FIELDS) or found["format"] != FORMAT:
            raise HeadUnreadable("there is no signed head in it")
        head = SignedHead(
            number=_count(found["number"]),
            at=datetime.fromisoformat(found["at"]).astimezone(UTC),
            entries=_count(found["entries"]),
            last_entry=_count(found["last_entry"]),
            root=_hexadecimal(found["root"]),
            public_key=str(found["public_key"]),
            signature=str(found["signature"]),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise HeadUnreadable(str(error)) from error
    return head


def _signed(head: SignedHead) -> bytes:
    content = {name: value for name, value in document(head).items() if name != "signature"}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise HeadUnreadable("a count in it is no whole number")
    return value


def _hexadecimal(value: Any) -> str:
    if not isinstance(value, str) or len(value) != len(GENESIS) or bytes.fromhex(value).hex() != value:
        raise HeadUnreadable("the root in it is no SHA-256")
    return value
