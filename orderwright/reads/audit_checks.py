"""How the journal stands: its newest signed head and the last check of it. Carrying one out does not belong here."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.core.errors import NotFound
from orderwright.journal.heads import SignedHead
from orderwright.journal.models import Check, Head
from orderwright.journal.roots import last_head, stored_head
from orderwright.reads.row import Row

_COLUMNS = (
    *("id", "state", "actor_name", "asked_at", "finished_at", "entries", "checked", "heads", "faults", "faults_count"),
)


class HeadNotFound(NotFound):
    """No head has this number, or none is signed yet."""

    code = "head_not_found"


class CheckNotFound(NotFound):
    """No check of the journal has this id."""

    code = "check_not_found"


class CheckRow(Row, frozen=True, kw_only=True):
    """One check, running or done; `checked` of `entries` have been looked at. `faults` are the first of them."""

    id: int
    state: str
    actor_name: str
    asked_at: datetime
    finished_at: datetime | None
    entries: int
    checked: int
    heads: int
    faults: list[str]
    faults_count: int


def read_head(*, number: int | None = None) -> SignedHead:
    """Return the head with this number, else the newest. Cost: one statement. Raises: HeadNotFound."""
    if number is None:
        found = last_head()
    else:
        row = Head.objects.filter(number=number).first()
        found = stored_head(row) if row else None
    if found is None:
        raise HeadNotFound(_("There is no such signed head."), facts={"number": number})
    return found


def last_check() -> CheckRow | None:
    """Return the check asked for last, or None. Cost: one statement."""
    row = Check.objects.order_by("-id").values(*_COLUMNS).first()
    return CheckRow(**row) if row else None


def read_check(check_id: int) -> CheckRow:
    """Return the check with this id. Cost: one statement. Raises: CheckNotFound."""
    row = Check.objects.filter(pk=check_id).values(*_COLUMNS).first()
    if row is None:
        raise CheckNotFound(_("There is no such check."), facts={"check": check_id})
    return CheckRow(**row)
