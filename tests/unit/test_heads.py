"""A signed head says what the journal was, and nobody without the key can say it otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from orderwright.journal.chain import GENESIS
from orderwright.journal.heads import (
    HeadUnreadable,
    SignedHead,
    document,
    extended,
    is_signed,
    public_half,
    read_head,
    sign,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PLAIN = SignedHead(number=7, at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC), entries=12, last_entry=14, root="ab" * 32)
HEAD = sign(PLAIN, KEY)
OTHER = {
    "number": 8,
    "at": datetime(2026, 11, 21, 9, 0, 1, tzinfo=UTC),
    "entries": 11,
    "last_entry": 15,
    "root": "cd" * 32,
    "public_key": public_half(Ed25519PrivateKey.generate()),
    "signature": "AAAA",
}
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)


def test_a_head_carries_the_public_key_and_a_signature_that_holds():
    assert is_signed(HEAD)
    assert HEAD.public_key == public_half(KEY)
    assert not is_signed(PLAIN)


@pytest.mark.parametrize("field", sorted(OTHER))
def test_every_field_is_covered_by_the_signature(field):
    assert set(OTHER) == set(SignedHead.__dataclass_fields__)

    assert not is_signed(replace(HEAD, **{field: OTHER[field]}))


def test_the_signature_is_the_same_in_every_release():
    # Heads kept for years have to verify.
    kept = "Gep03I9FdWvU0Bb3dH0Xu1YOFHVMg2gF1QaBbbbe0v/QMdAwi4PoCPVB9Xf7lli4zVevzWI80BzopqWXlhPXAg=="
    assert HEAD.signature == kept


@given(first=st.lists(hashes), second=st.lists(hashes))
def test_a_root_that_goes_on_is_the_root_over_all(first, second):
    root, count = extended(GENESIS, first)

    assert extended(root, second) == (extended(GENESIS, first + second)[0], len(second))
    assert count == len(first)


@given(st.lists(hashes, min_size=2, unique=True))
def test_the_order_of_the_entries_counts(found):
    assert extended(GENESIS, found)[0] != extended(GENESIS, found[::-1])[0]


def test_a_head_is_read_from_its_document_and_from_a_mail_around_it():
    told = json.dumps(document(HEAD), indent=1)

    assert read_head(told) == HEAD
    assert read_head(f"Keep this mail.\n\n{told}\n-- \nthe desk") == HEAD


@pytest.mark.parametrize(
    "change",
    [
        {"format": "orderwright-head-2"},
        {"entries": "12"},
        {"entries": -1},
        {"last_entry": True},
        {"root": "AB" * 32},
        {"root": "ab" * 31},
        {"root": 5},
        {"at": "yesterday"},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_head_is_not_read(change):
    with pytest.raises(HeadUnreadable):
        read_head(json.dumps(document(HEAD) | change))


@pytest.mark.parametrize("text", ["", "no brace", "{", "}{", "{]}", "[1]", '{"number": 1}'])
def test_text_without_a_head_is_not_read(text):
    with pytest.raises(HeadUnreadable):
        read_head(text)
