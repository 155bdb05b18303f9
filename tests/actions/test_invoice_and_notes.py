"""Save Invoice and Notes: each saves its own thing and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions.save_invoice import InvoiceUnchanged
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.reads.order_list import ListQuery, read_list


def test_save_invoice_saves_the_number_and_nothing_else(clerk: Any, order: Any, journal_kinds: Any) -> None:  # G8
    saved = clerk.save_invoice(order, " INV-2026-0871 ")

    assert saved.invoice_number == "INV-2026-0871"
    assert (saved.state, saved.notes, saved.shipments, saved.payments) == (
        order.state,
        order.notes,
        order.shipments,
        order.payments,
    )
    assert journal_kinds(saved)[-1] == "order.invoice_saved"


def test_an_order_is_found_by_its_invoice_number(clerk: Any, order: Any, now: Any) -> None:
    clerk.save_invoice(order, "INV-2026-0871")
    clerk.save_invoice(order, "INV-2026-0900")

    assert [row.number for row in read_list(ListQuery(q="2026-0900"), now=now, actor=SYSTEM).items] == [order.number]
    assert read_list(ListQuery(q="2026-0871"), now=now, actor=SYSTEM).items == []


def test_an_invoice_number_can_be_taken_away(clerk: Any, order: Any) -> None:  # G10
    clerk.save_invoice(order, "INV-1")

    assert clerk.save_invoice(order, "").invoice_number == ""


def test_the_same_invoice_number_again_is_refused(clerk: Any, order: Any) -> None:
    with pytest.raises(InvoiceUnchanged):
        clerk.save_invoice(order, "")


@pytest.mark.parametrize(("text", "code"), [("x" * 61, "too_long"), ("INV\x00", "forbidden_character")])
def test_an_unfit_invoice_number_is_refused(clerk: Any, order: Any, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clerk.save_invoice(order, text)

    assert [(field.pointer, field.code) for field in refused.value.fields] == [("/invoice_number", code)]
    assert clerk.sees(order) == order


def test_a_note_is_added_with_its_author(clerk: Any, colleague: Any, order: Any) -> None:  # G9
    clerk.add_note(order, "Rug is back-ordered to Tuesday;\r\ncustomer agreed by phone.")
    order = colleague.add_note(order, "Called again.")

    assert [(note.text, note.author_name) for note in order.notes] == [
        ("Called again.", colleague.actor.name),
        ("Rug is back-ordered to Tuesday;\ncustomer agreed by phone.", clerk.actor.name),
    ]


def test_the_journal_names_the_note_but_not_its_words(clerk: Any, order: Any) -> None:
    clerk.add_note(order, "Mrs Baker will be at her sister's.")

    entry = Entry.objects.get(kind="order.note_added")
    assert entry.after == {"note": clerk.sees(order).notes[0].id}


@pytest.mark.parametrize(("text", "code"), [("", "required"), ("  \n", "required"), ("x" * 5001, "too_long")])
def test_an_unfit_note_is_refused(clerk: Any, order: Any, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clerk.add_note(order, text)

    assert refused.value.fields[0].code == code
    assert clerk.sees(order).notes == []


def test_a_viewer_saves_neither(viewer: Any, order: Any) -> None:
    for attempt in (lambda: viewer.save_invoice(order, "INV-1"), lambda: viewer.add_note(order, "Hello")):
        with pytest.raises(Refused):
            attempt()


def test_both_cost_a_fixed_number_of_statements(clerk: Any, order: Any, statements: Any) -> None:
    with statements() as invoice:
        clerk.asks.save_invoice(order, "INV-1")
    with statements() as note:
        clerk.asks.add_note(order, "Hello")

    assert (invoice.count, note.count) == (6, 7)


def test_a_double_press_adds_one_note_and_the_same_words_later_another(clerk, order, journal_kinds):
    before = len(journal_kinds(order))

    for _press in range(3):
        clerk.add_note(order, "Called, no answer.")
    clerk.at(timedelta(minutes=5)).add_note(order, "Called, no answer.")

    assert [note.text for note in clerk.sees(order).notes] == ["Called, no answer.", "Called, no answer."]
    assert len(journal_kinds(order)) == before + 2
