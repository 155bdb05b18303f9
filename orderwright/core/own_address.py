"""Where this desk is found from outside, for links that leave it: in mails, and for providers to call."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def own_address(request: HttpRequest, path: str) -> str:
    """Return the whole address of a path of this desk.

    It begins with PUBLIC_ADDRESS; where none is set, with the host that was called, which is one of ALLOWED_HOSTS. The
    port is what the caller says it is, and so counts only where it is the one that this process listens on: else
    whoever asks for somebody's link would say where it leads.
    Raises: DisallowedHost.
    """
    if settings.PUBLIC_ADDRESS:
        return f"{settings.PUBLIC_ADDRESS}{path}"
    name, port = split_domain_port(request.get_host())
    is_ours = port and port == str(request.META.get("SERVER_PORT", ""))
    return f"{request.scheme}://{name}:{port}{path}" if is_ours else f"{request.scheme}://{name}{path}"
