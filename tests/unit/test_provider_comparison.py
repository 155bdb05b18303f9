"""What a provider tells of a payment against our books: what settles, what fits, what contradicts (G22, I16)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orderwright.payments.comparison import Books, Room, compare
from orderwright.payments.gateways.port import Movement, Observed

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
