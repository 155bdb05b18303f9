"""Email templates: the kinds of mail, the shop's own words for them, versions and previews."""

# ruff: noqa: ARG001 - ninja hands every route its request

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from ninja import Router

from orderwright.actions import drop_email_template, save_email_template, send_test_mail
from orderwright.actions.email_template_rules import Place, place_at
from orderwright.api import shapes
from orderwright.api.answers import answer, empty
from orderwright.api.declaring import IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.email_bodies import EmailPreviewBody, EmailTemplateBody
from orderwright.api.fields import PathCount, PathLanguage, PathMailKind, PathTemplateSite
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.core.errors import NotFound
from orderwright.outbox.writing.vocabulary import MAIL_KINDS, MailKind
from orderwright.outbox.writing.wording import built_in
from orderwright.reads.email_templates import TemplateRow, VersionRow, list_templates, read_template

routes = Router(tags=["Emails"])

_ADDRESS = "/email-templates/{kind}/{site}/{language}"


@routes.get("/email-kinds", **declared(needs="configuration.view", answers={200: shapes.EmailKinds}))
def list_email_kinds(request: Call) -> HttpResponse:
    """List the kinds of mail. Each with the placeholders that its templates may use, and its built-in words."""
    return answer(shapes.EmailKinds(items=[_kind(kind) for kind in MAIL_KINDS.values()]))


@routes.get("/email-templates", **declared(needs="configuration.view", answers={200: shapes.EmailTemplates}))
def list_email_templates(request: Call) -> HttpResponse:
    """List email templates. Those in use; where there is none that fits, mails have the built-in words."""
    return answer(shapes.EmailTemplates(items=[_template(row) for row in list_templates(actor=request.auth)]))


@routes.get(_ADDRESS, **declared(needs="configuration.view", answers={200: shapes.EmailTemplate}))
def show_email_template(
    request: Call, kind: PathMailKind, site: PathTemplateSite, language: PathLanguage
) -> HttpResponse:
    """Look at an email template. Its ETag is its version."""
    return _answer(request, place_at(kind=kind, site=site, language=language, actor=request.auth))


@routes.put(
    _ADDRESS,
    **declared(
        needs="emails.edit",
        answers={200: shapes.EmailTemplate, 201: shapes.EmailTemplate},
        problems={409},
        headers=(IF_MATCH,),
        has_body=True,
    ),
)
def save_email_template_words(
    request: Call, kind: PathMailKind, site: PathTemplateSite, language: PathLanguage, body: EmailTemplateBody
) -> HttpResponse:
    """Save words of one's own. They are a new version and in use from now on; 201 for the first one of its place."""
    place = place_at(kind=kind, site=site, language=language, actor=request.auth)
    number = save_email_template.run(
        place=place,
        subject=body.subject,
        text=body.text,
        html=body.html,
        actor=request.auth,
        now=now(),
        version=expected_version(request),
    )
    return _answer(request, place, status=HTTPStatus.CREATED if number == 1 else HTTPStatus.OK)


@routes.delete(_ADDRESS, **declared(needs="emails.edit", answers={204: None}, headers=(IF_MATCH,)))
def drop_email_template_words(
    request: Call, kind: PathMailKind, site: PathTemplateSite, language: PathLanguage
) -> HttpResponse:
    """Stop using a template. Its versions stay; saving or restoring takes it into use again."""
    place = place_at(kind=kind, site=site, language=language, actor=request.auth)
    drop_email_template.run(place=place, actor=request.auth, now=now(), version=expected_version(request))
    return empty(status=204)


@routes.get(f"{_ADDRESS}/versions", **declared(needs="configuration.view", answers={200: shapes.EmailTemplateVersions}))
def list_email_template_versions(
    request: Call, kind: PathMailKind, site: PathTemplateSite, language: PathLanguage
) -> HttpResponse:
    """List a template's versions, newest first. Those of a template that is not in use any more as well."""
    place = place_at(kind=kind, site=site, language=language, actor=request.auth)
    detail = read_template(kind=place.kind.slug, site=place.site_slug, language=place.language)
    return answer(
        shapes.EmailTemplateVersions(
            items=[_version(version) for version in detail.versions],
            in_use=detail.version if detail.is_used else None,
        )
    )


@routes.post(
    f"{_ADDRESS}/versions/{{version}}/restoration",
    **declared(needs="emails.edit", answers={200: shapes.EmailTemplate}, problems={409}, headers=(IF_MATCH,)),
)
def restore_email_template_version(
    request: Call, kind: PathMailKind, site: PathTemplateSite, language: PathLanguage, version: PathCount
) -> HttpResponse:
    """Use the words of an earlier version again. They become a new version."""
    place = place_at(kind=kind, site=site, language=language, actor=request.auth)
    save_email_template.restore(
        place=place, number=version, actor=request.auth, now=now(), version=expected_version(request)
    )
    return _answer(request, place)


@routes.post(
    f"{_ADDRESS}/preview", **declared(needs="configuration.view", answers={200: shapes.EmailPreview}, has_body=True)
)
def preview_email_template(
    request: Call, kind: PathMailKind, site: PathTemplateSite, language: PathLanguage, body: EmailPreviewBody
) -> HttpResponse:
    """See what words make of an order. Needs `orders.view` too; nothing is kept or sent."""
    mail = send_test_mail.preview(
        place=place_at(kind=kind, site=site, language=language, actor=request.auth),
        subject=body.subject,
        text=body.text,
        html=body.html,
        number=body.order,
        actor=request.auth,
    )
    return answer(shapes.EmailPreview(sender=mail.sender, subject=mail.subject, text=mail.text, html=mail.html))


def _answer(call: Call, place: Place, *, status: int = HTTPStatus.OK) -> HttpResponse:
    wanted = (place.kind.slug, place.site_slug, place.language)
    row = next(
        (row for row in list_templates(actor=call.auth) if (row.kind, row.site_slug, row.language) == wanted), None
    )
    if row is None:
        raise NotFound("There is no such template.", code="template_not_found")
    return answer(_template(row), status=status, headers={"ETag": etag(row.version)})


def _template(row: TemplateRow) -> shapes.EmailTemplate:
    return shapes.EmailTemplate(
        kind=row.kind,
        site=row.site_slug,
        language=row.language or None,
        version=row.version,
        subject=row.subject,
        text=row.text,
        html=row.html,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
        faults=row.faults,
    )


def _version(row: VersionRow) -> shapes.EmailTemplateVersion:
    return shapes.EmailTemplateVersion(
        version=row.number,
        subject=row.subject,
        text=row.text,
        html=row.html,
        restored_from=row.restored_from,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
    )


def _kind(kind: MailKind) -> shapes.EmailKind:
    words = built_in(kind.slug)
    return shapes.EmailKind(
        kind=kind.slug,
        title=str(kind.title),
        about=str(kind.about),
        placeholders=[
            shapes.EmailPlaceholder(
                name=each.name,
                meaning=str(each.meaning),
                is_list=each.is_list,
                fields=[field.name for field in each.fields],
            )
            for each in kind.placeholders.values()
        ],
        built_in_subject=words.subject,
        built_in_text=words.text,
        built_in_html=words.html,
    )
