"""What the audit says about people and roles: who got what where, and ceilings old and new."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from orderwright.actions.record_sign_in_change import CHANGES
from orderwright.web.presenters.timeline_configuration import configuration_sentence
from orderwright.web.presenters.timeline_people import PEOPLE_SENTENCES


def said(kind: str, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None) -> str:
    row: Any = SimpleNamespace(kind=kind, before=before or {}, after=after or {})
    parts, _mark = configuration_sentence(row, f"{kind.partition('.')[0]}:7")
    return " ".join(part.text for part in parts)


NO_ROLES: dict[str, Any] = {"roles": []}


@pytest.mark.parametrize(
    ("kind", "before", "after", "sentence"),
    [
        (
            "user.invited",
            {"roles": None},
            {"roles": ["order-clerk @ cozy-home-eu", "returns-desk"]},
            "Invited as Order clerk at cozy-home-eu; Returns desk, every site",
        ),
        ("user.invited", {"roles": None}, {"roles": []}, "Invited as —"),
        (
            "user.added",
            {"role": None},
            {"role": "administrator"},
            "Added on the command line as Administrator, every site",
        ),
        (
            "user.role_granted",
            {"roles": ["viewer"]},
            {"roles": ["payments-clerk @ cozy-home-eu", "viewer"]},
            "Role given: Payments clerk at cozy-home-eu",
        ),
        ("user.role_revoked", {"roles": ["viewer"]}, NO_ROLES, "Role removed: Viewer, every site · left: —"),
        ("user.deactivated", {"is_active": True}, {"is_active": False}, "Deactivated, and signed out everywhere"),
    ],
)
def test_a_person_s_roles_are_told_with_their_sites(kind, before, after, sentence) -> None:
    assert said(kind, before, after) == sentence


def test_a_new_role_is_told_with_what_binds_its_people() -> None:
    after = {
        "name": "Returns desk",
        "permissions": ["orders.view", "payments.refund"],
        "refund_ceilings": {"USD": {"order": 5000, "day": 20000}},
        "needs_second_person": True,
        "needs_second_factor": True,
    }

    assert said("role.added", dict.fromkeys(after), after) == (
        "Role added, with 2 permissions · refunds per order $50.00 · refunds per day $200.00 · needs a second factor "
        "· four eyes when settling by hand"
    )
    assert said("role.added", {}, {"permissions": ["orders.view"]}) == "Role added, with 1 permission"


def test_a_changed_role_is_told_by_what_was_and_what_is() -> None:
    before = {
        "name": "Returns",
        "permissions": ["orders.view", "payments.refund"],
        "refund_ceilings": {"USD": {"order": 5000, "day": 20000}},
        "needs_second_person": True,
        "needs_second_factor": True,
    }
    after = {
        "name": "Returns desk",
        "permissions": ["orders.view", "emails.view"],
        "refund_ceilings": {"EUR": {"day": 9900}, "USD": {"order": 7500, "day": 20000}},
        "needs_second_person": False,
        "needs_second_factor": False,
    }

    assert said("role.edited", before, after) == (
        "Role changed · Name Returns → Returns desk · allows now: See outgoing emails · no longer: Refund payments "
        "· refunds per day no ceiling in EUR → €99.00 · refunds per order $50.00 → $75.00 "
        "· needs no second factor any more · no four eyes any more when settling by hand"
    )


def test_a_deleted_role_is_told_with_what_its_people_have_instead() -> None:
    held = {"people": 2, "keys": 1, "moved_to": None}

    assert said("role.deleted", held, {"moved_to": "order-clerk"}) == (
        "Role deleted · 2 people, 1 key have Order clerk instead"
    )
    assert said("role.deleted", {"people": 0}, {"moved_to": None}) == "Role deleted"


def test_every_change_of_signing_in_has_a_sentence_of_its_own() -> None:
    assert set(CHANGES) <= set(PEOPLE_SENTENCES)
    assert said("user.reset_link_sent") == "Somebody forgot the password: a link to choose another one was sent"
