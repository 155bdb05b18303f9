"""Which addresses mail can go to, and how a sender is written."""

from __future__ import annotations

import pytest

from orderwright.outbox.addresses import address_in, is_mailable, named


@pytest.mark.parametrize(
    "address",
    [
        "bob@mail.example.com",
        "Bob.Norman+orders@mail.example.com",
        "o'neill@mail.example.com",
        "b@xn--bcher-kva.example",
        "b@bücher.example",
    ],
)
def test_a_plain_address_can_be_mailed(address):
    assert is_mailable(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "@",
            "bob",
            "bob@",
            "@mail.example.com",
            "bob@localhost",
            "bob@mail..example.com",
            "bob@-mail.example.com",
        ),
        *("a b@mail.example.com", "a..b@mail.example.com", ".a@mail.example.com", "bob@mail.example.com\n"),
        *("bob@mail.example.com,x@y.example", "<bob@mail.example.com>", '"bob"@mail.example.com', "bob@[127.0.0.1]"),
        *(
            f"{'b' * 65}@mail.example.com",
            f"b@{'m' * 64}.example.com",
            "bøb@mail.example.com",
            "b\x00@mail.example.com",
            f"b@{'ü' * 60}.example.com",
        ),
    ],
)
def test_what_is_not_exactly_one_plain_address_cannot(address):
    assert not is_mailable(address)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Cozy Home US", "Cozy Home US <orders@cozy-home.example.com>"),
        ("Cozy Home, Japan", '"Cozy Home, Japan" <orders@cozy-home.example.com>'),
        ('The "Cozy" Home', '"The \\"Cozy\\" Home" <orders@cozy-home.example.com>'),
        ("كوزي هوم", "كوزي هوم <orders@cozy-home.example.com>"),
        ("", "orders@cozy-home.example.com"),
        ("Cozy " * 60, "orders@cozy-home.example.com"),
    ],
)
def test_a_sender_carries_the_name_of_the_store(name, written):
    assert named(name=name, address="orders@cozy-home.example.com") == written
    assert address_in(written) == "orders@cozy-home.example.com"
