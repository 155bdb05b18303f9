"""The link by which a person chooses a password: signed, good once, for some days. Writing it down is elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core import signing

from orderwright.accounts.models import User

GOOD_FOR: Final = timedelta(days=7)
_SALT: Final = "orderwright.invitation"


def make_token(user: User) -> str:
    """Return the token for this person's link. A later invitation moves their `invited_at`, which ends it."""
    if user.invited_at is None:
        raise ValueError("a person without an invitation has no link")
    return signing.dumps([user.pk, user.invited_at.isoformat()], salt=_SALT)


def find_invited(token: str, *, now: datetime) -> User | None:
    """Return the active person whose link this is, or None when it is not good (any more). Cost: one statement."""
    try:
        user_id, invited_at = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    written = datetime.fromisoformat(invited_at)
    if written + GOOD_FOR <= now:
        return None
    return User.objects.filter(pk=user_id, invited_at=written, is_active=True).first()
