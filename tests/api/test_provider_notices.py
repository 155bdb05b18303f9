"""Providers' notices: kept once when signed, refused and not kept when not (FW1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderwright.payments.gateways.port import Notice, NoticeRefused
from orderwright.payments.gateways.practice import PracticeGateway
from orderwright.payments.models import ProviderNotice

ADDRESS = "/api/v1/provider-notices/practice"


@pytest.fixture
def signing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the practice gateway take messages that carry a signature, one event in each line."""

    def read(self: Any, *, headers: Any, body: bytes, now: datetime) -> list[Notice]:
        if headers.get("x-signature") != "right":
            raise NoticeRefused("The signature is missing.")
        return [Notice(event_id=line, kind="charge.captured", reference="auth_1") for line in body.decode().split()]

    monkeypatch.setattr(PracticeGateway, "read_notices", read)


def deliver(client: Any, body: str, *, to: str = ADDRESS, **headers: str) -> Any:
    return client.post(to, body, content_type="text/plain", headers=headers)


@pytest.mark.django_db
@pytest.mark.usefixtures("signing")
@pytest.mark.parametrize("account", ["a%00b", "a" * 41])
def test_at_the_address_of_an_account_that_no_text_can_name_is_nothing(client: Any, account: str) -> None:
    answer = deliver(client, "evt_1", to=f"/api/v1/provider-notices/{account}")

    assert answer.status_code == 404
    assert not ProviderNotice.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("signing")
def test_a_signed_notice_is_kept_and_due_at_once(client: Any) -> None:
    answer = deliver(client, "evt_1 evt_2", **{"X-Signature": "right"})

    assert (answer.status_code, answer.content) == (202, b"")
    kept = list(ProviderNotice.objects.order_by("pk"))
    assert [notice.event_id for notice in kept] == ["evt_1", "evt_2"]
    assert all(notice.due_at is not None and notice.due_at <= datetime.now(UTC) for notice in kept)


@pytest.mark.django_db
@pytest.mark.usefixtures("signing")
def test_a_notice_told_five_times_is_kept_once(client: Any) -> None:
    for _time in range(5):
        assert deliver(client, "evt_1 evt_1", **{"X-Signature": "right"}).status_code == 202

    assert ProviderNotice.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("signing")
@pytest.mark.parametrize("signature", ["", "wrong"])
def test_a_forged_notice_is_refused_and_not_kept(client: Any, signature: str) -> None:
    answer = deliver(client, "evt_1", **{"X-Signature": signature})

    assert (answer.status_code, answer.json()["code"]) == (403, "notice_forged")
    assert not ProviderNotice.objects.exists()


@pytest.mark.django_db
def test_an_account_that_sends_nothing_or_is_not_there_takes_nothing(client: Any) -> None:
    assert deliver(client, "evt_1").json()["code"] == "notice_forged"
    assert deliver(client, "evt_1", to="/api/v1/provider-notices/nobody").json()["code"] == "provider_unknown"
    assert client.get(ADDRESS).json()["code"] == "method_not_allowed"
    assert not ProviderNotice.objects.exists()
