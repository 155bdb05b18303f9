"""What is too large is refused by the length that it claims, before a byte of it is read or kept on disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orderwright.orders.models import Site
from tests.api.program import program_with
from tests.factories.pictures import picture

MEGABYTE = 1_048_576


class Unread(BytesIO):
    """A body that nobody may read."""

    def read(self, *_size: Any) -> bytes:
        raise AssertionError("it was read")


def send_unread(client: Any, path: str, *, size: int, content_type: str, **headers: str) -> Any:
    """Send a request that claims a body of this size."""
    return client.generic(
        "POST", path, content_type=content_type, CONTENT_LENGTH=str(size), **{"wsgi.input": Unread(), **headers}
    )


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_that_is_too_large_gets_a_page_that_says_so(browser, site, words, content_type) -> None:
    answer = send_unread(browser.client, f"/sites/{site.slug}/logo", size=MEGABYTE + 1, content_type=content_type)

    assert answer.status_code == 413
    assert "413 · body_too_large That is too large" in words(answer)
    assert "larger than 1024 KB, and was not read. Nothing was changed." in words(answer)


def test_a_picture_that_is_too_large_is_refused_in_the_dialog(browser, site, words) -> None:
    picked = SimpleUploadedFile("logo.png", picture() + b"\x00" * MEGABYTE, content_type="image/png")

    answer = browser.tap(f"/sites/{site.slug}/logo", at="/sites", logo=picked)

    assert (answer.status_code, answer["HX-Retarget"]) == (413, "#dialog")
    assert "That is too large" in words(answer)
    assert not Site.objects.filter(pk=site.pk, logo__isnull=False).exists()


def test_a_stranger_fills_no_disk(stranger, words) -> None:
    answer = send_unread(
        stranger.client, "/sign-in", size=10_000 * MEGABYTE, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 413
    assert "body_too_large" in words(answer)


def test_a_length_of_thousands_of_digits_is_too_large_and_no_failure(stranger, words) -> None:
    answer = send_unread(stranger.client, "/sign-in", size="9" * 5000, content_type="text/plain")

    assert answer.status_code == 413


@pytest.mark.parametrize("size", ["", "many", "-1", "\u0661"])
def test_a_length_that_is_none_counts_as_none(stranger, size) -> None:
    answer = stranger.client.generic(
        "POST", "/sign-in", content_type="application/x-www-form-urlencoded", CONTENT_LENGTH=size
    )

    assert answer.status_code == 422


def test_a_program_is_told_with_a_problem(client, site) -> None:
    key = program_with("Storefront", role="integrator").key

    answer = send_unread(
        client,
        "/api/v1/orders",
        size=MEGABYTE + 1,
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {key}",
    )

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["code"] == "body_too_large"
