"""Replace an API key's secret: the new one counts at once, the old one for a while longer (W12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q
from django.utils.translation import gettext as _

from orderwright.accounts.keys import add_secret
from orderwright.accounts.models import ApiKey, ApiKeySecret
from orderwright.actions.add_api_key import Made
from orderwright.actions.api_key_fields import lock_key, of_role, stream_of_key
from orderwright.actions.configured import at
from orderwright.actions.edit_api_key import availability
from orderwright.actions.own_rights import require_own_role, require_role_to_give
from orderwright.actions.permission import require
from orderwright.core.actor import Actor
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append

__all__ = ["LONGEST_OVERLAP", "OVERLAP", "availability", "run"]

# Long enough to bring a new secret to every machine in a working day.
OVERLAP: Final = timedelta(hours=24)
LONGEST_OVERLAP: Final = timedelta(days=30)


def run(*, key_id: int, actor: Actor, now: datetime, overlap: timedelta = OVERLAP, version: int | None = None) -> Made:
    """Make a new secret and return it; the one before counts until `overlap` has passed, older ones end at once.

    Whoever is told a secret can do what the key can, so they have to be able to do that themselves,
    and are bound no tighter than it; where a ceiling binds them, they are told of no key that refunds but itself.
    Raises: ApiKeyNotFound; ApiKeyRevoked; ApiKeyChanged; BeyondOwnRights; Invalid at /overlap_s; Refused.
    Effects: one secret more, the ends of the others; the key's version; one journal entry without any secret.
    """
    require(actor, "keys.manage")
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise at("/overlap_s", "out_of_range", _("The old secret may go on for at most 30 days."))

    def change() -> Made:
        key = lock_key(key_id, version=version)
        # A key that replaces its own secret has no ceiling more than before.
        is_own = (actor.kind, actor.ref) == ("key", str(key.pk))
        require_theirs = require_own_role if is_own else require_role_to_give
        require_theirs(actor, of_role(key.role, key.scopes), site_ids=[site.pk for site in key.sites.all()])
        ends_at = now + overlap
        live = ApiKeySecret.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), key=key)
        live.filter(ends_at__isnull=False).update(ends_at=now)
        live.filter(ends_at__isnull=True).update(ends_at=ends_at)
        secret = add_secret(key, now=now)
        ApiKey.objects.filter(pk=key_id).update(version=F("version") + 1)
        append(
            stream=stream_of_key(key_id),
            kind="api_key.secret_replaced",
            actor=actor,
            now=now,
            before={"old_secret_ends_at": None},
            after={"old_secret_ends_at": ends_at.isoformat()},
            version=key.version + 1,
        )
        return Made(key_id=key_id, secret=secret)

    return in_write_transaction(change)
