"""A provider whose SDK is not installed is named before anything is sent, with what to install."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from orderwright.payments.errors import GatewayMissing
from orderwright.payments.gateways import adyen, stripe
from orderwright.payments.gateways.port import Account


@pytest.mark.parametrize(("module", "sdk"), [(stripe, "stripe"), (adyen, "Adyen")], ids=["stripe", "adyen"])
def test_an_account_without_its_sdk_says_which_extra_to_install(
    module: Any, sdk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, sdk, None)
    module._sdk.cache_clear()

    with pytest.raises(GatewayMissing) as missing:
        module.GATEWAY(Account())

    assert (missing.value.code, missing.value.status) == ("gateway_missing", 503)
    assert f"install orderwright[{sdk.lower()}]" in missing.value.message
    monkeypatch.undo()
    assert module.GATEWAY(Account()).name == sdk.lower()
