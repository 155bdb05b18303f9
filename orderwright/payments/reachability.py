"""Whether an address of a provider can be reached, with which certificate, and what its clock says. Sends no secret."""

from __future__ import annotations

import contextlib
import http.client
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a server told. `tls` is empty over plain HTTP; `date` is None where it does not say."""

    status: int
    tls: str
    certificate_ends: datetime | None
    date: datetime | None


class NotReached(Exception):
    """Nobody answered there, or not with a certificate that this machine trusts. Its text names which."""


def greet(address: str) -> Greeting:
    """Ask the server at this address for its headers. Any status will do. Raises: NotReached."""
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    timeout = settings.PROVIDER_CONNECT_TIMEOUT
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if secure:
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=timeout)
    with contextlib.closing(connection):
        try:
            connection.connect()
            tls, ends = _certificate(connection.sock)
            connection.request("HEAD", parts.path or "/")
            answer = connection.getresponse()
        except ssl.SSLCertVerificationError as error:
            raise NotReached(f"its certificate is not trusted: {error.verify_message}") from error
        except (OSError, http.client.HTTPException) as error:
            raise NotReached(str(error) or type(error).__name__) from error
        return Greeting(
            status=answer.status, tls=tls, certificate_ends=ends, date=_date(answer.getheader("Date", "") or "")
        )


def _certificate(sock: object) -> tuple[str, datetime | None]:
    if not isinstance(sock, ssl.SSLSocket):
        return "", None
    ends = (sock.getpeercert() or {}).get("notAfter")
    seconds = ssl.cert_time_to_seconds(ends) if isinstance(ends, str) else None
    return sock.version() or "", datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except ValueError:
        return None
