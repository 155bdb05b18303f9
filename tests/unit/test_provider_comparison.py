"""What a provider tells of a payment against our books: what settles, what fits, what contradicts (G22, I16)."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orderwright.payments.comparison import Books, Difference, Room, compare
from orderwright.payments.gateways.port import Movement, Observed
from orderwright.payments.rules import POSTINGS

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def books(**changes: Any) -> Books:
    figures: dict[str, Any] = {
        "currency": "USD",
        "reference": "auth_1",
        "authorised_minor": 10000,
        "room": Room(free_minor=10000, refundable_minor=0, returned_minor=0),
        "booked": {},
        "asked_after": (),
        "under_way": (),
        "ended": (),
    }
    return Books(**figures | changes)


def moved(kind: Any, reference: str, amount: int, **changes: Any) -> Movement:
    told = {"parent_ref": "", "currency": "USD", "key": "", "at": AT}
    return Movement(kind=kind, provider_ref=reference, amount_minor=amount, **told | changes)


def told(*movements: Movement, amount: int = 10000, currency: str = "USD") -> Observed:
    return Observed(
        reference="auth_1", currency=currency, authorised_minor=amount, expires_at=None, movements=movements
    )


def found(ours: Books, theirs: Observed) -> list[tuple[str, int | None, int | None, bool]]:
    return [(one.kind, one.there_minor, one.here_minor, one.fits) for one in compare(ours, theirs).differences]


def test_the_same_on_both_sides_is_no_difference() -> None:
    ours = books(booked={("capture", "cap_1"): 500}, asked_after=[("capture", "cap_1")])

    assert found(ours, told(moved("capture", "cap_1", 500))) == []


def test_movements_fit_one_after_the_other_as_far_as_there_is_room() -> None:
    theirs = told(
        moved("capture", "cap_1", 6000),
        moved("refund", "ref_1", 5000),
        moved("refund", "ref_2", 2000),
        moved("capture", "cap_2", 5000),
        moved("reverse", "rev_1", 4000),
    )

    assert found(books(), theirs) == [
        ("capture", 6000, None, True),
        ("refund", 5000, None, True),
        ("refund", 2000, None, False),
        ("capture", 5000, None, False),
        ("reverse", 4000, None, True),
    ]


def test_nothing_moves_by_zero_or_less() -> None:
    assert found(books(), told(moved("capture", "cap_1", 0))) == [("capture", 0, None, False)]


def test_another_amount_or_currency_contradicts_the_books() -> None:
    ours = books(booked={("capture", "cap_1"): 500, ("capture", "cap_2"): 700})
    theirs = told(moved("capture", "cap_1", 600), moved("capture", "cap_2", 700, currency="EUR"))

    assert found(ours, theirs) == [("capture", 600, 500, False), ("capture", 700, 700, False)]


def test_a_hold_of_another_amount_or_currency_contradicts_the_books() -> None:
    assert found(books(), told(amount=9000)) == [("authorise", 9000, 10000, False)]
    assert found(books(), told(currency="EURO")) == [("authorise", 10000, 10000, False)]
    assert compare(books(), told(currency="EURO")).differences[0].currency == "EUR"


def test_a_call_of_ours_that_is_open_is_settled_and_no_difference() -> None:
    movement = moved("capture", "cap_1", 500, key="op_1")

    compared = compare(books(under_way=["op_1"]), told(movement))

    assert (compared.settling, compared.differences) == ((movement,), ())


def test_a_call_of_ours_that_had_failed_is_not_taken_for_somebody_elses() -> None:
    assert found(books(ended=["op_1"]), told(moved("capture", "cap_1", 500, key="op_1"))) == [
        ("capture", 500, None, False)
    ]


def test_what_was_booked_while_the_provider_was_asked_is_not_missed_there() -> None:
    booked = {("capture", "cap_1"): 500, ("refund", "ref_1"): 100}

    (missing,) = compare(books(booked=booked, asked_after=[("capture", "cap_1")]), told()).differences

    assert (missing.name, missing.there_minor, missing.here_minor, missing.fits) == (
        ("capture", "cap_1"),
        None,
        500,
        False,
    )
    assert missing.amount_minor == 500


# Room is what the accounts of the ledger hold, by the names that the comparison has for them.
ROOM_OF = {"held": "free_minor", "captured": "refundable_minor", "refunded": "returned_minor"}


@pytest.mark.parametrize("kind", [kind for kind in POSTINGS if kind != "authorise"])
def test_a_movement_takes_room_from_one_account_and_gives_it_to_the_other_as_the_ledger_does(kind: str) -> None:
    room = Room(free_minor=100, refundable_minor=200, returned_minor=300)
    source, target = POSTINGS[kind]

    expected = asdict(room)
    expected[ROOM_OF[source]] -= 7
    if target in ROOM_OF:
        expected[ROOM_OF[target]] += 7

    assert room.of(kind) == asdict(room)[ROOM_OF[source]]
    assert asdict(room.after(kind, 7)) == expected


def test_what_never_moves_has_no_room() -> None:
    assert Room(free_minor=100, refundable_minor=200, returned_minor=300).of("authorise") == 0
    assert found(books(), told(moved("authorise", "auth_2", 1))) == [("authorise", 1, None, False)]


def test_the_smallest_amount_and_all_that_is_free_fit() -> None:
    assert found(books(), told(moved("capture", "cap_1", 1), moved("capture", "cap_2", 9999))) == [
        ("capture", 1, None, True),
        ("capture", 9999, None, True),
    ]
    assert found(books(), told(moved("capture", "cap_1", 10001))) == [("capture", 10001, None, False)]


def test_a_notice_says_nothing_of_the_hold_nor_of_what_else_there_is() -> None:
    ours = books(booked={("capture", "cap_1"): 500}, asked_after=[("capture", "cap_1")])

    assert found(ours, replace(told(amount=0), is_whole=False)) == []


def test_a_reversal_without_a_key_is_ours_where_one_of_its_amount_is_under_way() -> None:
    ours = books(under_way=["op_1"], reversing={4000: "op_1"})
    theirs = moved("reverse", "rev_1", 4000)

    assert compare(ours, told(theirs)).settling == (replace(theirs, key="op_1"),)
    assert found(ours, told(moved("reverse", "rev_1", 3000))) == [("reverse", 3000, None, True)]
    assert found(ours, told(moved("capture", "cap_1", 4000))) == [("capture", 4000, None, True)]
    assert found(ours, told(moved("reverse", "rev_1", 4000, key="theirs"))) == [("reverse", 4000, None, True)]


@pytest.mark.parametrize("kind", ["capture", "reverse"])
def test_a_movement_without_a_key_is_nobodys_call(kind: str) -> None:
    ours = books(under_way=[""], ended=[""])

    assert ours.key_of(moved(kind, "mov_1", 500)) == ""
    assert compare(ours, told(moved(kind, "mov_1", 500))).settling == ()
    assert found(ours, told(moved(kind, "mov_1", 500))) == [(kind, 500, None, True)]


def test_a_call_under_way_whose_movement_is_booked_is_held_against_the_books() -> None:
    ours = books(booked={("capture", "cap_1"): 500}, under_way=["op_1"])

    assert compare(ours, told(moved("capture", "cap_1", 500, key="op_1"))).settling == ()
    assert found(ours, told(moved("capture", "cap_1", 600, key="op_1"))) == [("capture", 600, 500, False)]


def test_a_key_of_somebody_elses_is_news_and_fits() -> None:
    (difference,) = compare(books(ended=["op_1"]), told(moved("capture", "cap_1", 500, key="theirs"))).differences

    assert (difference.fits, difference.key) == (True, "theirs")


def test_an_amount_that_was_not_told_is_the_one_in_the_books() -> None:
    ours = books(booked={("reverse", "rev_1"): 4000})

    assert found(ours, told(moved("reverse", "rev_1", 0))) == []
    assert found(ours, told(moved("reverse", "rev_1", 1))) == [("reverse", 1, 4000, False)]


def test_money_of_another_currency_does_not_fit_where_there_is_room() -> None:
    (difference,) = compare(books(), told(moved("capture", "cap_1", 500, currency="EURO"))).differences

    assert (difference.fits, difference.currency) == (False, "EUR")


def test_a_hold_that_ran_out_fits_what_is_free_and_waits_while_a_call_is_under_way() -> None:
    nothing_free = books(room=Room(free_minor=0, refundable_minor=0, returned_minor=0))
    ran_out = moved("expire", "exp_1", 10000)

    assert found(books(), told(ran_out)) == [("expire", 10000, None, True)]
    assert found(nothing_free, told(ran_out)) == []
    assert found(nothing_free, told(moved("reverse", "rev_1", 10000))) == [("reverse", 10000, None, False)]


def test_a_hold_that_ran_out_otherwise_than_booked_is_for_a_person() -> None:
    ours = books(booked={("expire", "exp_1"): 9000})
    (difference,) = compare(ours, told(moved("expire", "exp_1", 10000))).differences

    assert (difference.there_minor, difference.here_minor, difference.fits) == (10000, 9000, False)


def test_that_a_hold_ran_out_is_not_missed_where_the_provider_shows_no_such_movement() -> None:
    booked = {("expire", "exp_1"): 9000, ("capture", "expire"): 1000}

    assert found(books(booked=booked, asked_after=list(booked)), told()) == [("capture", None, 1000, False)]


@pytest.mark.parametrize(("kind", "taking_back"), [("capture", "capture_failed"), ("refund", "refund_failed")])
def test_what_was_taken_back_before_we_had_booked_it_moved_nothing(kind: str, taking_back: str) -> None:
    room = Room(free_minor=10000, refundable_minor=5000, returned_minor=5000)
    first, back = moved(kind, "mov_1", 500), moved(taking_back, "back_1", 500, parent_ref="mov_1")
    beside = moved(kind, "mov_2", 300)

    assert found(books(room=room), told(first, back, beside)) == [(kind, 300, None, True)]
    assert found(books(room=room, booked={(kind, "mov_1"): 500}), told(first, back)) == [(taking_back, 500, None, True)]


def test_what_shares_a_name_with_something_taken_back_stays() -> None:
    room = Room(free_minor=10000, refundable_minor=5000, returned_minor=5000)
    back = moved("capture_failed", "back_1", 500, parent_ref="doc_1")
    others = [
        moved("refund", "doc_1", 200),
        moved("refund", "ref_1", 100, parent_ref="doc_1"),
        moved("refund_failed", "back_2", 50, parent_ref="cap_9"),
    ]

    shown = [difference.kind for difference in compare(books(room=room), told(back, *others)).differences]

    assert shown == ["refund", "refund"]


def test_a_difference_tells_all_that_either_side_says() -> None:
    theirs = moved("refund", "ref_1", 600, parent_ref="cap_1", key="op_1")
    (difference,) = compare(books(booked={("refund", "ref_1"): 500}), told(theirs)).differences

    assert asdict(difference) == {
        "kind": "refund",
        "provider_ref": "ref_1",
        "parent_ref": "cap_1",
        "there_minor": 600,
        "here_minor": 500,
        "currency": "USD",
        "at": AT,
        "fits": False,
        "key": "op_1",
    }
    assert difference.name == ("refund", "ref_1")
    assert difference.figures == ("refund", "ref_1", 600, 500, "USD")


def test_what_one_side_alone_says_is_told_without_a_time_or_a_capture() -> None:
    ours = books(booked={("capture", "cap_1"): 500}, asked_after=[("capture", "cap_1")])
    hold, missing = compare(ours, told(amount=9000)).differences

    assert (hold.provider_ref, hold.parent_ref, hold.at, hold.key) == ("auth_1", "", None, "")
    assert (missing.provider_ref, missing.parent_ref, missing.at, missing.key) == ("cap_1", "", None, "")
    assert (hold.currency, missing.currency) == ("USD", "USD")


@pytest.mark.parametrize(("there", "here", "amount"), [(600, 500, 600), (0, 500, 0), (None, 500, 500), (None, None, 0)])
def test_the_amount_of_a_difference_is_the_providers_or_else_ours(
    there: int | None, here: int | None, amount: int
) -> None:
    difference = Difference(
        kind="capture",
        provider_ref="cap_1",
        parent_ref="",
        there_minor=there,
        here_minor=here,
        currency="USD",
        at=AT,
        fits=False,
    )

    assert difference.amount_minor == amount
