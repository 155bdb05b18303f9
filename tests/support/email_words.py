"""Words of an email template and where they are for, as tests about templates and their mails type them."""

from __future__ import annotations

from typing import Any

from orderwright.actions.email_template_rules import place_of
from orderwright.core.actor import SYSTEM

PLACE: dict[str, Any] = {"kind": "order_canceled", "site": None, "language": ""}
WORDS = {
    "subject": "{{ number }} is off",
    "text": "Hi {{ customer_name }}",
    "html": "<p>Hi {{ customer_name }}</p>",
}


def place(**changes: Any) -> dict[str, Any]:
    return PLACE | {name: value for name, value in changes.items() if name in PLACE}


def words(**changes: Any) -> dict[str, Any]:
    more = {name: value for name, value in changes.items() if name not in PLACE}
    return {"place": place_of(**place(**changes), actor=SYSTEM), **WORDS, **more}
