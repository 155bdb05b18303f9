"""Sending a mail again: as it was, to a corrected address, and only what may go out again."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.actions import resend_mail
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.orders.models import Order
from orderwright.outbox.errors import MailUnfit
from orderwright.outbox.models import Mail
from tests.support.drivers import hire


def mails(kind: str = "") -> list[Any]:
    found = Mail.objects.order_by("id")
    return list(found.filter(kind=kind) if kind else found)


@pytest.fixture
def bounced(clerk: Any, order: Any) -> Any:
    """Have a mail that the customer's mail server refused."""
    clerk.cancel(order, email=True)
    Mail.objects.update(state="bounced", last_error="550 5.1.1 No such mailbox", attempts=1)
    return Mail.objects.get()


def again(who: Any, mail: Any, recipient: str = "bob.norman@mail.example.net") -> int:
    return resend_mail.run(mail_id=mail.pk, recipient=recipient, actor=who.actor, now=who.now)


def test_a_mail_is_sent_again_as_it_was_to_a_corrected_address(clerk, bounced, order):
    stored = Mail.objects.get(pk=again(clerk, bounced))

    assert (stored.recipient, stored.state, stored.attempts) == ("bob.norman@mail.example.net", "due", 0)
    assert (stored.subject, stored.text, stored.html) == (bounced.subject, bounced.text, bounced.html)
    assert stored.message_id != bounced.message_id
    assert stored.resend_of == bounced
    assert Order.objects.get().customer_email == "bob.norman@mail.example.com"


def test_the_journal_tells_of_the_other_address_without_naming_it(clerk, bounced, order):
    stored = again(clerk, bounced)

    entry = Entry.objects.order_by("pk").last()
    assert (entry.kind, entry.why, entry.after["mail"]["id"]) == ("mail.resent", "another address", stored)
    assert "example.net" not in str((entry.before, entry.after, entry.why))


def test_to_the_same_address_in_other_letters_is_no_other_address(clerk, bounced):
    again(clerk, bounced, "Bob.Norman@mail.example.com")

    assert Entry.objects.order_by("pk").last().why == ""


@pytest.mark.parametrize(
    "recipient",
    [
        "bob",
        "a@b.example, c@d.example",
        "a@b.example\nBcc: c@d.example",
        "x" * 10_000 + "@b.example",
        "a\x00@b.example",
    ],
)
def test_what_is_not_exactly_one_address_is_refused(clerk, bounced, recipient):  # FM3
    with pytest.raises(Invalid) as refused:
        again(clerk, bounced, recipient)

    assert refused.value.fields[0].pointer == "/recipient"
    assert len(mails()) == 1


def test_a_mail_that_still_waits_is_not_sent_again(clerk, bounced):
    Mail.objects.update(state="due")

    with pytest.raises(Conflict) as refused:
        again(clerk, bounced)

    assert refused.value.code == "email_waits"
    assert len(mails()) == 1


def test_a_mail_about_no_order_is_not_sent_again(clerk, bounced):
    Mail.objects.update(order=None)

    with pytest.raises(Conflict) as refused:
        again(clerk, bounced)

    assert refused.value.code == "not_about_an_order"


def test_whoever_may_not_send_again_sends_nothing(viewer, bounced):
    with pytest.raises(Refused):
        again(viewer, bounced)

    assert len(mails()) == 1


def test_who_may_not_see_the_customer_sends_it_to_the_same_address_alone(clerk, bounced, now):
    permissions = ("orders.view", "emails.view", "emails.resend")
    ulla = hire(name="Ulla", email="ulla@shop.example.com", now=now, role="posting", permissions=permissions)

    for named in ("ulla@shop.example.com", bounced.recipient):  # nor do they find out by trying whose it is
        with pytest.raises(Refused) as refused:
            again(ulla, bounced, named)
        assert refused.value.facts["permission"] == "customers.view"
    assert (len(mails()), Entry.objects.filter(kind="mail.resent").count()) == (1, 0)
    assert Mail.objects.get(pk=again(ulla, bounced, "")).recipient == bounced.recipient


def test_an_address_that_is_none_is_a_fault_of_the_address(clerk, bounced):
    with pytest.raises(MailUnfit):
        again(clerk, bounced, "bob@localhost")
