"""Which gateway speaks for a provider account. A new gateway is one module beside this one that names its GATEWAY."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, lru_cache

from orderwright.payments import gateways
from orderwright.payments.gateways.port import Account, Gateway
from orderwright.payments.models import ProviderAccount
from orderwright.payments.sealed import unseal

_NOT_GATEWAYS = frozenset({"port", "reading", "registry"})


@cache
def gateway_kinds() -> dict[str, type[Gateway]]:
    """Return every kind of gateway by its name. A module imports its vendor's SDK only when it is used."""
    modules = (
        importlib.import_module(f"{gateways.__name__}.{module.name}")
        for module in pkgutil.iter_modules(gateways.__path__)
        if module.name not in _NOT_GATEWAYS
    )
    return {module.GATEWAY.name: module.GATEWAY for module in modules}


def gateway_kind(name: str) -> type[Gateway]:
    """Return how gateways of this name behave, without an account to speak for."""
    return gateway_kinds()[name]


def gateway_for(account: ProviderAccount) -> Gateway:
    """Return the gateway that speaks for this account, with its credentials opened."""
    return _made(account.gateway, account.base_url, account.is_live, account.sealed_credentials)


@lru_cache(maxsize=128)
def _made(gateway: str, base_url: str, is_live: bool, sealed: str) -> Gateway:  # noqa: FBT001 - a cache key, all by place
    opened = unseal(sealed) if sealed else {}
    return gateway_kind(gateway)(Account(base_url=base_url, is_live=is_live, credentials=opened))
