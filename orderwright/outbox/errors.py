"""What can go wrong with outgoing mail: one class per anticipated failure."""

from __future__ import annotations

from orderwright.core.errors import Conflict, Invalid, NotFound, Stale


class MailUnfit(Invalid):
    """A header of the mail could not be sent as it stands: a line break, a control character, or no single address."""

    code = "mail_unfit"


class MailNotFound(NotFound):
    """No mail has this id."""

    code = "mail_not_found"


class TemplateBroken(Invalid):
    """A mail template names a placeholder that there is not, or has something that a mail may not have."""

    code = "template_broken"


class TemplateChanged(Stale):
    """Somebody saved another version of the template since the caller looked."""

    code = "template_changed"


class TemplateUnchanged(Conflict):
    """The template says this already."""

    code = "template_unchanged"
