"""The reasons why the Stripe face and localstripe differ stand in the manual, as the script gives them."""

from __future__ import annotations

from pathlib import Path

from scripts.compare_with_localstripe import CALLS, REASONS

MANUAL = Path(__file__).parents[2] / "docs" / "practice-provider.md"


def test_every_reason_stands_in_the_manual():
    manual = MANUAL.read_text(encoding="utf-8")

    assert [reason for reason in set(REASONS.values()) if reason not in manual] == []


def test_every_reason_is_about_a_call_that_is_made():
    made = {name for name, _ask in CALLS}

    assert [name for name, _place in REASONS if name not in {*made, "*"}] == []
