"""Email templates as people see them: which words each kind of mail has, and every version of one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from orderwright.core.actor import Actor
from orderwright.core.errors import NotFound
from orderwright.orders.models import Order
from orderwright.outbox.models import EmailTemplate, EmailTemplateVersion, Mail
from orderwright.reads.row import Row

# More would not fit on a page; older ones are still read one by one.
MOST_VERSIONS = 100


class TemplateRow(Row, frozen=True, kw_only=True):
    """A template in use. `site_slug` is None for all sites, `language` empty for any.

    `faults` counts the mails that went out in the built-in words because this version could not be used.
    """

    kind: str
    site_slug: str | None
    site_name: str | None
    language: str
    version: int
    subject: str
    text: str
    html: str
    saved_by: str
    saved_at: datetime
    faults: int


class VersionRow(Row, frozen=True, kw_only=True):
    """What a template said from some moment on. `restored_from` is the earlier number whose words these are."""

    number: int
    subject: str
    text: str
    html: str
    restored_from: int | None
    saved_by: str
    saved_at: datetime


class TemplateDetail(Row, frozen=True, kw_only=True):
    """A template with its versions, newest first; `is_used` is false once it was dropped."""

    kind: str
    site_slug: str | None
    language: str
    version: int
    is_used: bool
    versions: list[VersionRow]

    @property
    def current(self) -> VersionRow:
        """The newest version."""
        return self.versions[0]


def list_templates(*, actor: Actor) -> list[TemplateRow]:
    """Return the templates in use for all sites and the actor's own, by kind, site, language. Cost: one statement."""
    faulty = (
        Mail.objects.filter(template=OuterRef("pk"), template_version=OuterRef("version"))
        .exclude(template_fault="")
        .order_by()
        .values("template")
        .annotate(n=Count("pk"))
        .values("n")
    )
    newest = EmailTemplateVersion.objects.filter(template=OuterRef("pk"), number=OuterRef("version"))
    rows = (
        EmailTemplate.objects.filter(_seen_by(actor), is_used=True)
        .annotate(
            site_slug=F("site__slug"),
            site_name=F("site__name"),
            faults=Subquery(faulty),
            **{name: Subquery(newest.values(column)) for name, column in _OF_VERSION.items()},
        )
        .order_by("kind", F("site__name").asc(nulls_first=True), "language")
        .values("kind", "site_slug", "site_name", "language", "version", "faults", *_OF_VERSION)
    )
    return [TemplateRow(**{**row, "faults": row["faults"] or 0}) for row in rows]


_OF_VERSION = {
    "subject": "subject",
    "text": "text",
    "html": "html",
    "saved_by": "actor_name",
    "saved_at": "written_at",
}


def read_template(*, kind: str, site: str | None, language: str) -> TemplateDetail:
    """Return the template of this place with its newest versions, in use or not. Cost: two statements.

    Raises: NotFound.
    """
    of_site = Q(site=None) if site is None else Q(site__slug=site)
    template = EmailTemplate.objects.filter(of_site, kind=kind, language=language).first()
    if template is None:
        raise NotFound(_("There is no such template."), code="template_not_found")
    versions = template.versions.order_by("-number")[:MOST_VERSIONS]
    return TemplateDetail(
        kind=kind,
        site_slug=site,
        language=language,
        version=template.version,
        is_used=template.is_used,
        versions=[_version(version) for version in versions],
    )


def read_version(*, kind: str, site: str | None, language: str, number: int) -> VersionRow:
    """Return one version of the template of this place. Cost: one statement. Raises: NotFound."""
    of_site = Q(template__site=None) if site is None else Q(template__site__slug=site)
    version = EmailTemplateVersion.objects.filter(
        of_site, template__kind=kind, template__language=language, number=number
    ).first()
    if version is None:
        raise NotFound(_("There is no such version."), code="template_version_not_found", facts={"version": number})
    return _version(version)


def newest_order(*, site: str | None, actor: Actor) -> str | None:
    """Return the number of the order that was placed last, of the site or any that the actor sees; None without one."""
    orders = Order.objects.order_by("-placed_at", "-id")
    if actor.sites is not None:
        orders = orders.filter(site__in=actor.sites)
    if site is not None:
        orders = orders.filter(site__slug=site)
    return orders.values_list("number", flat=True).first()


def _seen_by(actor: Actor) -> Q:
    return Q() if actor.sites is None else Q(site=None) | Q(site__in=actor.sites)


def _version(version: EmailTemplateVersion) -> VersionRow:
    return VersionRow(
        number=version.number,
        subject=version.subject,
        text=version.text,
        html=version.html,
        restored_from=version.restored_from,
        saved_by=version.actor_name,
        saved_at=version.written_at,
    )
