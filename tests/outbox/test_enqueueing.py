"""Mail is a row of the change that causes it, fit to be sent, in the order's sequence."""

from __future__ import annotations

import pytest

from orderwright.core.db import in_write_transaction
from orderwright.outbox.errors import MailUnfit
from orderwright.outbox.models import Mail
from orderwright.outbox.writes import enqueue_mail


def test_mails_of_an_order_are_numbered_in_the_sequence_in_which_they_were_written(enqueue, take_in, now):
    other_order = take_in(external_id="another")

    numbers = [enqueue().sequence, enqueue().sequence, enqueue(order_id=other_order.id).sequence, enqueue().sequence]

    assert numbers == [1, 2, 1, 3]


def test_a_mail_has_its_message_id_and_is_due_as_soon_as_it_is_written(enqueue, now):
    mail, other = enqueue(), enqueue()

    assert mail.message_id.endswith("@cozy-home.example.com>")
    assert mail.message_id != other.message_id
    assert (mail.state, mail.attempts, mail.due_at) == ("due", 0, now)


def test_no_mail_outlives_a_change_that_was_rolled_back(enqueue, order, now):  # I11
    def change():
        enqueue_mail(
            order_id=order.id, kind="order_canceled", sender="orders@cozy-home.example.com", subject="Canceled",
            recipient="bob.norman@mail.example.com", text="", html="", now=now,
        )  # fmt: skip
        raise LookupError("the change fails after all")

    with pytest.raises(LookupError):
        in_write_transaction(change)

    assert not Mail.objects.exists()


def test_a_mail_outside_a_transaction_is_a_mistake_of_the_caller(order, now):
    with pytest.raises(RuntimeError, match="transaction"):
        enqueue_mail(
            order_id=order.id, kind="order_canceled", sender="orders@cozy-home.example.com", subject="Canceled",
            recipient="bob.norman@mail.example.com", text="", html="", now=now,
        )  # fmt: skip

    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("header", "value", "codes"),
    [
        ("subject", "Canceled\r\nBcc: everybody@mail.example.com", ["forbidden_character"]),
        ("subject", "Canceled\nX: y", ["forbidden_character"]),
        ("subject", "Canceled\x00", ["forbidden_character"]),
        ("subject", "x" * 10_000, ["too_long"]),
        ("recipient", "bob@mail.example.com\r\nBcc: x@y.example", ["forbidden_character", "not_an_address"]),
        ("recipient", "bob@mail.example.com, everybody@mail.example.com", ["not_an_address"]),
        ("recipient", "Bob <bob@mail.example.com>", ["not_an_address"]),
        ("recipient", "bob@localhost", ["not_an_address"]),
        ("recipient", "", ["not_an_address"]),
        ("recipient", f"{'b' * 10_000}@mail.example.com", ["too_long", "not_an_address"]),
        ("sender", "Cozy Home\nBcc: x@y.example <orders@cozy-home.example.com>", ["forbidden_character"]),
        ("sender", "Cozy Home US", ["not_an_address"]),
        ("sender", f"{'Cozy ' * 2_000}<orders@cozy-home.example.com>", ["too_long"]),
    ],
)  # fmt: skip
def test_a_header_that_could_become_another_mail_is_refused(enqueue, header, value, codes):  # FM3
    with pytest.raises(MailUnfit) as refused:
        enqueue(**{header: value})

    assert refused.value.code == "mail_unfit"
    assert [(field.pointer, field.code) for field in refused.value.fields] == [(f"/{header}", code) for code in codes]
    assert not Mail.objects.exists()
