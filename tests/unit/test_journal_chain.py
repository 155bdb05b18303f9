"""The journal cannot be rewritten unnoticed: the hash chain tells it, and the database refuses it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from orderwright.core.actor import SYSTEM, Actor
from orderwright.journal import reads, writes
from orderwright.journal.chain import GENESIS, Link, chain_faults, link_hash
from orderwright.journal.models import Entry
from orderwright.orders.writes import stream_of
from orderwright.reads.invariants import violations
from tests.factories.journal import append

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LINK = Link(
    stream="order:17",
    sequence=1,
    kind="order.state_changed",
    version=2,
    actor_kind="person",
    actor_ref="3",
    actor_name="Mia Chen",
    at=AT,
    before={"state": "new", "system_state": "new"},
    after={"state": "processing", "system_state": "processing"},
    why="Paid",
)
# Every field of an entry with something else in it.
TAMPERED = {
    "stream": "order:18",
    "sequence": 2,
    "kind": "order.invoice_saved",
    "version": 3,
    "actor_kind": "key",
    "actor_ref": "4",
    "actor_name": "Mia Chem",
    "at": AT + timedelta(microseconds=1),
    "before": {"state": "fraud", "system_state": "new"},
    "after": {"state": "processing"},
    "why": "",
}


def chain(length):
    head, entries = GENESIS, []
    for sequence in range(1, length + 1):
        link = replace(LINK, sequence=sequence, version=sequence + 1)
        own = link_hash(link, previous_hash=head)
        entries.append((link, head, own))
        head = own
    return entries


def test_an_untouched_chain_has_no_faults():
    assert chain_faults(chain(5)) == []
    assert chain_faults([]) == []


def test_every_field_of_an_entry_is_covered_by_its_hash():
    assert set(TAMPERED) == set(Link.__dataclass_fields__)

    for field, other in TAMPERED.items():
        changed = replace(LINK, **{field: other})
        assert link_hash(changed, previous_hash=GENESIS) != link_hash(LINK, previous_hash=GENESIS), field


@pytest.mark.parametrize("field", sorted(TAMPERED))
@pytest.mark.parametrize("place", [0, 2, 4])
def test_tampering_with_any_field_of_any_entry_shows(field, place):
    entries = chain(5)
    link, previous, own = entries[place]
    other = TAMPERED[field] if field != "sequence" else link.sequence + 10
    entries[place] = (replace(link, **{field: other}), previous, own)

    assert len(chain_faults(entries)) == 1


def test_an_entry_hashed_anew_after_tampering_breaks_the_one_behind_it():
    entries = chain(3)
    forged = replace(entries[0][0], why="nothing to see")
    entries[0] = (forged, GENESIS, link_hash(forged, previous_hash=GENESIS))

    assert chain_faults(entries) == ["order:17: entry 2 does not match its hash"]


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_dropping_an_entry_from_the_middle_shows_which(place):
    entries = chain(5)
    del entries[place]

    assert chain_faults(entries) == [f"order:17: entry {place + 1} is missing, {place + 2} stands in its place"]


@given(first=st.integers(0, 5), second=st.integers(0, 5))
def test_swapping_two_entries_shows(first, second):
    entries = chain(6)
    entries[first], entries[second] = entries[second], entries[first]

    assert bool(chain_faults(entries)) == (first != second)


def test_renumbering_after_a_drop_does_not_hide_it():
    kept = [entry for entry in chain(4) if entry[0].sequence != 2]
    renumbered = [(replace(link, sequence=at), before, own) for at, (link, before, own) in enumerate(kept, start=1)]

    assert chain_faults(renumbered) == ["order:17: entry 2 does not match its hash"]


def test_the_hash_does_not_depend_on_the_order_of_keys_or_on_the_time_zone_that_a_time_is_told_in():
    same = replace(
        LINK,
        before=dict(reversed(LINK.before.items())),
        at=AT.astimezone(timezone(timedelta(hours=9))),
    )

    assert link_hash(same, previous_hash=GENESIS) == link_hash(LINK, previous_hash=GENESIS)


def test_the_hash_is_the_same_in_every_release():
    # Entries written years ago have to verify; a change of this value needs a migration of every journal.
    assert link_hash(LINK, previous_hash=GENESIS) == "a5069bbc043d35c02e8094cd7f0f238467dcdb4542c9477c19fe2c5c3d380102"


def test_what_is_not_plain_json_is_refused():
    with pytest.raises(ValueError, match="JSON compliant"):
        link_hash(replace(LINK, after={"rate": float("nan")}), previous_hash=GENESIS)


# In the database ------------------------------------------------------------------------------------------------------


def test_entries_are_numbered_and_chained_within_their_own_stream(db):
    append("desk:1", after={"invoice_number": "A"})
    append("desk:2", after={"invoice_number": "B"})
    append("desk:1", after={"invoice_number": "C"})

    rows = list(Entry.objects.order_by("stream", "sequence").values_list("stream", "sequence", "previous_hash", "hash"))
    assert [(stream, sequence) for stream, sequence, _before, _own in rows] == [
        ("desk:1", 1),
        ("desk:1", 2),
        ("desk:2", 1),
    ]
    assert (rows[0][2], rows[1][2], rows[2][2]) == (GENESIS, rows[0][3], GENESIS)
    assert list(reads.faults()) == []


def test_a_chain_verifies_with_any_text_number_and_microsecond_that_either_engine_stores(db):
    awkward = {"text": 'é "quoted" \\ \u2028 עברית 𝄞', "big": 2**53 + 1, "none": None, "list": [1, {"b": 2, "a": True}]}
    with transaction.atomic():
        writes.append(
            stream="desk:1",
            kind="order.invoice_saved",
            actor=Actor(kind="key", ref="7", name="Zoë’s store"),
            now=datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45))),
            before=awkward,
            after=awkward,
            why="  why  ",
        )

    assert list(reads.faults()) == []


def test_an_entry_needs_the_transaction_of_its_change(db):
    with pytest.raises(RuntimeError, match="belongs to the transaction"):
        writes.append(stream="desk:1", kind="order.invoice_saved", actor=SYSTEM, now=AT)

    assert Entry.objects.count() == 0


def test_an_entry_of_a_change_that_was_rolled_back_is_gone_and_leaves_no_gap(db):
    append("desk:1")
    with transaction.atomic():
        writes.append(stream="desk:1", kind="order.invoice_saved", actor=SYSTEM, now=AT)
        transaction.set_rollback(True)
    append("desk:1")

    assert list(Entry.objects.values_list("sequence", flat=True).order_by("id")) == [1, 2]
    assert list(reads.faults()) == []


def test_two_entries_never_take_the_same_place(db):
    append("desk:1")
    taken = Entry.objects.get()
    taken.pk = None

    with pytest.raises(IntegrityError):
        taken.save(force_insert=True)


def test_changes_since_a_version_name_kind_fields_and_person(db):
    append("desk:1", version=2, after={"invoice_number": "A"})
    append(
        "desk:1", version=3, kind="shipment.tracking_set", after={"tracking_number:2": "1Z", "tracking_number:1": ""}
    )

    fields = ["tracking_number:1", "tracking_number:2"]
    assert reads.changes_since("desk:1", version=2) == [
        {"sequence": 2, "kind": "shipment.tracking_set", "fields": fields, "by": "Orderwright", "at": AT.isoformat()}
    ]


def statements_that_rewrite(table, column):
    yield f"UPDATE {table} SET {column} = {column}"
    yield f"DELETE FROM {table}"
    if connection.vendor == "postgresql":
        yield f"TRUNCATE {table} CASCADE"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("journal_entry", "why"),
        ("payments_ledgertransaction", "provider_ref"),
        ("payments_ledgerentry", "amount_minor"),
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_journal_and_ledger(order, table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        before = cursor.fetchall()

    for statement in statements_that_rewrite(table, column):
        with pytest.raises(DatabaseError, match=f"{table} is append-only"), connection.cursor() as cursor:
            cursor.execute(statement)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        assert cursor.fetchall() == before != []


def test_writing_over_an_entry_by_its_key_is_refused_too(db):
    entry = append("desk:1")

    entry.why = "changed my mind"
    with pytest.raises(DatabaseError, match="append-only"):
        entry.save()
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(
            "REPLACE INTO journal_entry SELECT * FROM journal_entry"
            if connection.vendor == "sqlite"
            else "INSERT INTO journal_entry SELECT * FROM journal_entry ON CONFLICT (id) DO UPDATE SET why = 'changed'"
        )

    assert Entry.objects.get().why == ""


@pytest.mark.breaks_invariants
def test_verifying_survives_entries_that_lack_what_they_should_tell(order):  # I6
    append(stream_of(order.id), kind="order.state_changed", version=order.version)

    assert violations() == [
        f"I6: order:{order.id} leaves None, where its log had not led",
        f"I6: order #{order.number} is new, its log says ",
    ]
