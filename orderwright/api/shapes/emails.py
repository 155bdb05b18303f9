"""Email templates, their versions, and the kinds of mail with their placeholders."""

from __future__ import annotations

from orderwright.api.shapes.base import Shape, Time


class EmailTemplate(Shape):
    """The shop's own words for a kind of mail. `site` null: all sites; `language` null: any.

    `faults` counts the mails that went out in the built-in words because this version could not be used.
    """

    kind: str
    site: str | None
    language: str | None
    version: int
    subject: str
    text: str
    html: str
    saved_by: str
    saved_at: Time
    faults: int


class EmailTemplates(Shape):
    """Every template in use."""

    items: list[EmailTemplate]


class EmailTemplateVersion(Shape):
    """What a template said from some moment on. `restored_from`: the earlier version whose words these are."""

    version: int
    subject: str
    text: str
    html: str
    restored_from: int | None
    saved_by: str
    saved_at: Time


class EmailTemplateVersions(Shape):
    """A template's newest hundred versions, newest first. `in_use` is null once it was dropped."""

    items: list[EmailTemplateVersion]
    in_use: int | None


class EmailPlaceholder(Shape):
    """A word that a template may use. `fields` of a list are what each of its rows has; none: rows are plain text."""

    name: str
    meaning: str
    is_list: bool
    fields: list[str]


class EmailKind(Shape):
    """A kind of mail with what it may name, and the words that it has as long as nobody writes others."""

    kind: str
    title: str
    about: str
    placeholders: list[EmailPlaceholder]
    built_in_subject: str
    built_in_text: str
    built_in_html: str


class EmailKinds(Shape):
    """Every kind of mail."""

    items: list[EmailKind]


class EmailRow(Shape):
    """One email in a list. `order` is null for one that is about no order."""

    id: int
    order: str | None
    kind: str
    state: str
    recipient: str
    subject: str
    attempts: int
    last_error: str | None
    written_at: Time
    sent_at: Time | None


class Email(Shape):
    """One email, as it was written. `state`: due, sent, bounced (refused for good) or dead (given up)."""

    id: int
    order: str | None
    kind: str
    state: str
    recipient: str
    subject: str
    message_id: str
    attempts: int
    last_error: str | None
    template_fault: str | None
    resend_of: int | None
    written_at: Time
    sent_at: Time | None
    sender: str
    text: str
    html: str


class EmailPage(Shape):
    """Some emails, newest first, without what they say."""

    items: list[EmailRow]
    next: str | None


class EmailPreview(Shape):
    """A mail as it would be read."""

    sender: str
    subject: str
    text: str
    html: str
