"""Which e-mail addresses mail can be sent to, and how sender and recipient are written. Pure, no Django."""

from __future__ import annotations

import re
from email.headerregistry import Address

# What RFC 5321 lets a mail server refuse anyway.
LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64
_LONGEST_LABEL = 63
# One address, spelt plainly: quoted local parts, comments and address literals are legal, and in a shop's data a
# mistake or an attack. Letters beyond ASCII may stand in the domain alone, where they can be carried as punycode.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")


def is_mailable(address: str) -> bool:
    """Return whether the text is exactly one address that mail can be sent to."""
    local_part, at, domain = address.rpartition("@")
    if not at or len(address) > LONGEST_ADDRESS or len(local_part) > _LONGEST_LOCAL_PART:
        return False
    labels = domain.split(".")
    return (
        _LOCAL_PART.fullmatch(local_part) is not None
        and len(labels) > 1
        and all("_" not in label and _LABEL.fullmatch(label) and _is_carried(label) for label in labels)
    )


def _is_carried(label: str) -> bool:
    # As punycode a label of other letters is longer than it looks.
    try:
        return len(label.encode("idna")) <= _LONGEST_LABEL
    except UnicodeError:
        return False


def named(*, name: str, address: str) -> str:
    """Return an address with the name that a mail client shows, such as `Cozy Home US <orders@cozy-home.example>`.

    A name with which the whole would not fit into a header's column is left out. What could begin another header, or
    pass for an encoded one, is taken out of it. Without an address there is nothing to name: it stays empty.
    """
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in name).replace("=?", "= ?").split())
    text = str(Address(display_name=plain, addr_spec=address)) if plain and address else address
    return text if len(text) <= LONGEST_ADDRESS else address


def address_in(text: str) -> str:
    """Return the bare address of a text such as `named` writes it."""
    return text[text.rindex("<") + 1 : -1] if text.endswith(">") and "<" in text else text
