"""Whoever is refused because somebody was faster reads in people's words what was changed, not a column's name."""

from __future__ import annotations

import re
from pathlib import Path

from orderwright import actions
from orderwright.orders.writes import field_names

LISTED = re.compile(r"touches=frozenset\(\{([^}]*)\}\)")


def test_every_field_on_which_an_action_depends_has_a_name_for_people() -> None:
    sources = [path.read_text() for path in Path(actions.__path__[0]).glob("*.py")]
    named = {name for source in sources for listed in LISTED.findall(source) for name in re.findall(r'"(\w+)"', listed)}

    assert {"state", "invoice_number", "shipments"} <= named
    assert named <= set(field_names())
