"""What can go wrong with outgoing mail: one class per anticipated failure."""

from __future__ import annotations

from orderwright.core.errors import Invalid, NotFound


class MailUnfit(Invalid):
    """A header of the mail could not be sent as it stands: a line break, a control character, or no single address."""

    code = "mail_unfit"


class MailNotFound(NotFound):
    """No mail has this id."""

    code = "mail_not_found"
