"""What must always hold (I1–I10, I13), recomputed from the rows themselves: by `verify` and after every test."""

from __future__ import annotations

from orderwright.reads.invariants import (
    bulk,
    cached,
    chains,
    claims,
    ledger_days,
    money,
    numbers,
    operations,
    pieces,
    refunds,
    states,
    told,
)

CHECKS = (
    money.figures_differ_from_ledger,  # I1
    money.unbalanced_transactions,  # I2
    ledger_days.days_differ_from_accounts,  # I1, I2
    operations.effects_differ_from_operations,  # I3
    operations.sent_without_a_row_before,  # I4
    operations.reservations_differ,  # I5
    states.log_does_not_lead_here,  # I6
    money.sums_of_lines_differ,  # I7
    money.canceled_with_money,  # I8
    pieces.pieces_differ,  # I9
    chains.broken_chains,  # I10
    chains.versions_without_entry,  # I10
    chains.heads_that_do_not_match,  # I10
    chains.entries_of_another_site,  # I10
    told.columns_differ_from_journal,  # I10
    told.movements_missing_from_ledger,  # I10
    claims.movements_on_two_payments,  # I3
    claims.rows_that_point_nowhere,  # I3
    numbers.numbers_differ,  # I13
    refunds.refunds_differ,  # I13
    refunds.refunded_beyond,
    cached.cached_columns_differ,
    bulk.counts_differ,
)


def violations() -> list[str]:
    """Return every violation as a sentence that names the rule and the row; empty when all is well.

    Cost: one or two statements per rule, each over whole tables.
    """
    return [sentence for check in CHECKS for sentence in check()]
