"""Clocks that jump, days that have 23 or 25 hours, the end of a year: holds, tries and leases stay sane (FT1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from orderwright.actions import settle_operation
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict
from orderwright.journal.models import Entry
from orderwright.orders.writes import stream_of
from orderwright.outbox import leases
from orderwright.outbox.writes import enqueue_mail
from orderwright.reads.invariants import violations
from tests.factories.orders import document, payment

pytestmark = pytest.mark.fault

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
# The seconds before a clock in the site's zone, or the calendar, does something odd.
MOMENTS = {
    "the year ends": datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    "the year ends in New York": datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC),
    "summer time begins": datetime(2027, 3, 14, 6, 59, 59, tzinfo=UTC),
    "summer time ends": datetime(2027, 11, 7, 5, 59, 59, tzinfo=UTC),
    "a leap day begins": datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC),
    "a leap day ends": datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
}


@pytest.fixture(params=MOMENTS, ids=lambda name: name.replace(" ", "-"))
def moment(request):
    return MOMENTS[request.param]


@pytest.fixture
def held(practice, clerk, site):
    """Take in an order at a moment, whose hold ends an hour later, and return it with the clerk of that moment."""

    def take_in(at):
        practice.advance(at - clerk.now)
        then = clerk.at(at)
        reference = practice.authorise(59894, at=at, expires_in=HOUR)
        made = document(payments=[payment(reference, 59894, at=at, expires_in=HOUR)])
        return then.sees(then.asks.take_in(made).number), then

    return take_in


def test_a_hold_ends_to_the_second(held, practice, figure, moment):
    order, clerk = held(moment)

    clerk.at(HOUR - SECOND).capture(order, 20000)
    with pytest.raises(Conflict) as refused:
        clerk.at(HOUR).capture(order, 10000)

    figure("FT1", "holds that end at odd moments", moments=1, wrong=int(refused.value.code != "hold_expired"))
    assert refused.value.code == "hold_expired"
    assert practice.effects(order) == [("capture", 20000)]


def test_an_open_call_is_due_after_its_wait_and_settles_once(held, practice, figure, moment):
    order, clerk = held(moment)
    practice.fault("drop_after", "capture")
    clerk.capture(order, 20000)

    assert settle_operation.due(now=moment) == []
    (key,) = settle_operation.due(now=moment + timedelta(minutes=2))
    settle_operation.run(key=key, now=moment + timedelta(minutes=2))

    figure("FT1", "calls that are open over odd moments", moments=1, doubles=len(practice.effects(order)) - 1)
    assert practice.effects(order) == [("capture", 20000)]


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["back", "forward"])
def test_a_clock_that_jumps_while_a_call_is_open_doubles_nothing(held, practice, figure, moment, jump):
    order, clerk = held(moment)
    practice.fault("drop_after", "capture")
    clerk.capture(order, 20000)

    for at in (moment + jump, moment + jump + timedelta(minutes=2), moment + timedelta(minutes=5)):
        for key in settle_operation.due(now=at):
            settle_operation.run(key=key, now=at)

    figure("FT1", "clocks that jump an hour", jumps=1, doubles=len(practice.effects(order)) - 1)
    assert practice.effects(order) == [("capture", 20000)]
    assert clerk.sees(order).payments[0].captured_minor == 20000


def test_what_is_done_while_the_clock_is_behind_stands_behind_what_was_done_before(held, moment):
    order, clerk = held(moment)

    clerk.add_note(order, "first")
    clerk.at(-HOUR).change_state(order, "processing")
    clerk.at(-2 * HOUR).capture(order, 20000)

    kinds = list(Entry.objects.filter(stream=stream_of(order.id)).order_by("sequence").values_list("kind", flat=True))
    assert kinds[-4:] == [
        "order.note_added",
        "order.state_changed",
        "payment.capture_prepared",
        "payment.captured",
    ]
    assert violations() == []


def test_a_lease_lasts_as_long_as_it_says(held, figure, moment):
    order, _clerk = held(moment)
    in_write_transaction(
        lambda: enqueue_mail(
            order_id=order.id,
            kind="order_canceled",
            sender="Cozy Home US <orders@cozy-home.example.com>",
            recipient="bob.norman@mail.example.com",
            subject="Your order is canceled",
            text="Hello",
            html="",
            now=moment,
        )
    )

    def take(worker, at):
        return in_write_transaction(lambda: leases.take(worker=worker, now=at))

    mine = take("one", moment)
    while_it_lasts = [take("two", at) for at in (moment - HOUR, moment, moment + leases.LEASE - SECOND)]
    afterwards = take("two", moment + leases.LEASE)

    figure("FT1", "leases over odd moments", moments=1, taken_too_early=sum(one is not None for one in while_it_lasts))
    assert mine is not None
    assert while_it_lasts == [None, None, None]
    assert (afterwards.leased_by, afterwards.attempts) == ("two", 2)


def test_the_machines_own_clock_is_asked_in_one_place_alone(held, practice, moment):
    """An action that was told the time does what it was told, whatever the machine thinks that the time is."""
    order, clerk = held(moment)

    with time_machine.travel(datetime(2031, 6, 1, tzinfo=UTC), tick=False):
        clerk.change_state(order, "processing")

    entry = Entry.objects.filter(stream=stream_of(order.id)).order_by("sequence").last()
    assert (entry.kind, entry.at) == ("order.state_changed", moment)
