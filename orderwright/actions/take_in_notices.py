"""Take in what a provider tells by itself: verify, keep, and later act on it by reading the payment (FW1, FW2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.core.db import in_write_transaction
from orderwright.payments.errors import NoticeForged, ProviderUnknown
from orderwright.payments.gateways.port import NoticeRefused
from orderwright.payments.gateways.registry import gateway_for
from orderwright.payments.models import ProviderAccount
from orderwright.payments.notices import keep


def run(*, account: str, headers: Mapping[str, str], body: bytes, now: datetime) -> int:
    """Keep what this message of the provider tells, and return how much of it was new. `headers` by lower-case name.

    Nothing is acted on here: the provider is to be answered at once, and may tell of a call before we know of its
    outcome ourselves. Raises: NoticeForged; ProviderUnknown. Effects: one row per event that was not told before.
    """
    found = ProviderAccount.objects.filter(slug=account).first()
    if found is None:
        raise ProviderUnknown(_("No provider account has this name."))
    try:
        notices = gateway_for(found).read_notices(headers=headers, body=body, now=now)
    except NoticeRefused as refusal:
        raise NoticeForged(_("This message is not the provider’s."), facts={"why": str(refusal)}) from refusal
    return in_write_transaction(lambda: keep(notices, account=found, now=now)) if notices else 0
