"""The outbox's mails as people see them: the list, newest first, and one mail whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from orderwright.core.actor import Actor
from orderwright.outbox.errors import MailNotFound
from orderwright.outbox.models import Mail
from orderwright.reads.personal import HIDDEN, PERMISSION
from orderwright.reads.rows import Row

# More would not fit on a page that a person reads.
MOST_ROWS = 200
_LAST_ID = 2**63 - 1  # what the column holds


class MailRow(Row, frozen=True, kw_only=True):
    """One mail in the list. `state` is due, sent or dead; `order_number` is None for a mail about no order.

    Whoever may not see customers' personal data is shown neither recipient nor words.
    """

    id: int
    order_number: str | None
    kind: str
    recipient: str
    subject: str
    state: str
    attempts: int
    due_at: datetime
    created_at: datetime
    sent_at: datetime | None
    last_error: str


class MailDetail(MailRow, frozen=True, kw_only=True):
    """One mail whole, as it goes out."""

    sender: str
    text: str
    html: str
    message_id: str


class MailPage(Row, frozen=True, kw_only=True):
    """Some mails, newest first, and where the next page begins; `next` is None on the last one."""

    items: list[MailRow]
    next: str | None


_COLUMNS = (
    *("id", "kind", "recipient", "subject", "state", "attempts", "due_at", "created_at", "sent_at", "last_error"),
)
_ORDER = {"order_number": F("order__number"), "site_id": F("order__site_id")}
# What may hold a name or an address: the customer's, or those of many customers in a mail to colleagues.
_PERSONAL = frozenset({"recipient", "subject", "last_error", "text", "html"})
_WHOLE = (*_COLUMNS, "sender", "text", "html", "message_id")


def list_mails(*, actor: Actor, after: str | None = None, limit: int = 50, state: str | None = None) -> MailPage:
    """Return one page of mails, newest first; `after` is the `next` of the page before. Cost: one statement.

    `state` keeps to due, sent or dead ones. A cursor that was never given out starts from the top.
    """
    size = max(1, min(limit, MOST_ROWS))
    mails = _of(actor).order_by("-id")
    if after is not None and after.isascii() and after.isdigit():
        mails = mails.filter(pk__lt=min(int(after[:19]), _LAST_ID))
    if state is not None:
        mails = mails.filter(state=state)
    rows = list(mails.values(*_COLUMNS, **_ORDER)[: size + 1])
    items = [MailRow(**_shown(row, actor)) for row in rows[:size]]
    return MailPage(items=items, next=str(items[-1].id) if len(rows) > size else None)


def read_mail(*, id: int, actor: Actor) -> MailDetail:  # noqa: A002 - the row's id, by its name
    """Return one mail whole. Cost: one statement. Raises: MailNotFound."""
    row = _of(actor).filter(pk=id).values(*_WHOLE, **_ORDER).first()
    if row is None:
        raise MailNotFound("There is no such e-mail.", facts={"id": id})
    return MailDetail(**_shown(row, actor))


def _shown(row: dict[str, Any], actor: Actor) -> dict[str, Any]:
    site_id = row.pop("site_id")
    if actor.at(site_id).can(PERMISSION):
        return row
    return {name: HIDDEN if name in _PERSONAL and value else value for name, value in row.items()}


def _of(actor: Actor) -> QuerySet[Mail]:
    """Return the mails of the actor's sites; one about no order belongs to whoever sees every site."""
    return Mail.objects.all() if actor.sites is None else Mail.objects.filter(order__site__in=actor.sites)
