"""The control page."""

from practice_provider.provider import Provider, Reply
from practice_provider.routes import Request


def answer(provider: Provider, request: Request) -> Reply | None:
    """Return what comes of a request to the page, or None when the address belongs to the JSON interface."""
    return None
