"""The outbox's mails as people see them: the list, newest first, and one mail whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.core.ids import LARGEST_ID
from orderwright.outbox.errors import MailNotFound
from orderwright.outbox.models import Mail
from orderwright.reads.personal import HIDDEN, PERMISSION
from orderwright.reads.row import Row

# More would not fit on a page that a person reads.
MOST_ROWS = 200
# Of mails `m`: those that a person has to see to. One that was sent again is seen to.
UNDELIVERED: Final = (
    "m.state IN ('bounced', 'dead') AND NOT EXISTS (SELECT 1 FROM outbox_mail n WHERE n.resend_of_id = m.id)"
)


class MailRow(Row, frozen=True, kw_only=True):
    """One mail in the list. `order_number` is None for a mail about no order.

    `resend_of_id` is the mail that this one repeats. `template_fault`: why the built-in words took a template's place.
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
    template_fault: str
    resend_of_id: int | None


class MailDetail(MailRow, frozen=True, kw_only=True):
    """One mail whole, as it goes out."""

    sender: str
    text: str
    html: str
    message_id: str
    site_id: int | None
    logo_id: int | None
    resent_as: list[int]


class MailPage(Row, frozen=True, kw_only=True):
    """Some mails, newest first, and where the next page begins; `next` is None on the last one."""

    items: list[MailRow]
    next: str | None


_COLUMNS = (
    *("id", "kind", "recipient", "subject", "state", "attempts", "due_at", "created_at", "sent_at", "last_error"),
    *("template_fault", "resend_of_id"),
)
_ORDER = {"order_number": F("order__number"), "site_id": F("order__site_id")}
# What may hold a name or an address: the customer's, or those of many customers in a mail to colleagues.
_PERSONAL = frozenset({"recipient", "subject", "last_error", "text", "html"})
# Whoever reads these is let in as somebody else, so nobody does but the recipient.
LETTING_IN: Final = frozenset({"invitation", "reset_link"})
_WHOLE = (*_COLUMNS, "sender", "text", "html", "message_id", "logo_id")


def list_mails(
    *, actor: Actor, after: str | None = None, limit: int = 50, state: str | None = None, order: str = ""
) -> MailPage:
    """Return one page of mails, newest first; `after` is the `next` of the page before. Cost: one statement.

    `state` keeps to due or sent ones or, by the word `undelivered`, to those that bounced or were given up and that
    nobody has sent again; `order` to those about the order with this number. A cursor that was never given out starts
    from the top.
    """
    size = max(1, min(limit, MOST_ROWS))
    mails = _of(actor).order_by("-id")
    if after is not None and after.isascii() and after.isdigit():
        mails = mails.filter(pk__lt=min(int(after[:19]), LARGEST_ID))
    if state == "undelivered":
        mails = mails.filter(state__in=["bounced", "dead"], resent__isnull=True)
    elif state is not None:
        mails = mails.filter(state=state)
    if order:
        mails = mails.filter(order__number=order)
    rows = list(mails.values(*_COLUMNS, **_ORDER)[: size + 1])
    items = [MailRow(**_without_site(_shown(row, actor))) for row in rows[:size]]
    return MailPage(items=items, next=str(items[-1].id) if len(rows) > size else None)


def read_mail(*, id: int, actor: Actor) -> MailDetail:  # noqa: A002 - the row's id, by its name
    """Return one mail whole. Cost: two statements. Raises: MailNotFound."""
    row = _of(actor).filter(pk=id).values(*_WHOLE, **_ORDER).first()
    if row is None:
        raise MailNotFound(_("There is no such e-mail."), facts={"id": id})
    resent = list(Mail.objects.filter(resend_of=id).order_by("id").values_list("pk", flat=True))
    return MailDetail(**_shown(row, actor), resent_as=resent)


def _shown(row: dict[str, Any], actor: Actor) -> dict[str, Any]:
    if row["kind"] in LETTING_IN:
        row = {name: HIDDEN if name in ("text", "html") and value else value for name, value in row.items()}
    if actor.at(row["site_id"]).can(PERMISSION):
        return row
    return {name: HIDDEN if name in _PERSONAL and value else value for name, value in row.items()}


def _without_site(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "site_id"}


def _of(actor: Actor) -> QuerySet[Mail]:
    """Return the mails of the actor's sites; one about no order belongs to whoever sees every site."""
    return Mail.objects.all() if actor.sites is None else Mail.objects.filter(order__site__in=actor.sites)
