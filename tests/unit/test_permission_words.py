"""A permission is named in the language of whoever reads it, and only one of the list is declared."""

from __future__ import annotations

import pytest

from orderwright.accounts import permissions
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.web.permission import permission


def test_a_refusal_names_what_is_lacking_in_the_reader_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "gettext", {"Cancel orders": "Bestellungen stornieren"}.__getitem__)

    refusal = lacks(Actor(kind="person", ref="9", name="Nora"), "orders.cancel")

    assert refusal is not None
    assert refusal.reason == "Your role does not allow this: Bestellungen stornieren."


def test_a_route_declares_no_permission_that_is_not_on_the_list() -> None:
    with pytest.raises(KeyError, match=r"orders\.burn"):
        permission("orders.burn")
    with pytest.raises(KeyError, match=r"orders\.burn"):
        permission("orders.view", to_change="orders.burn")
