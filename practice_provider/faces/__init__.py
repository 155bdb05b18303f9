"""Faces: other providers' interfaces over the same money, so that their official SDKs run against it unchanged."""

from practice_provider.answers import Reply
from practice_provider.faces.adyen import routes as adyen
from practice_provider.faces.adyen.voice import NAME as ADYEN
from practice_provider.faces.stripe import routes as stripe
from practice_provider.faces.stripe.voice import NAME as STRIPE
from practice_provider.provider import Provider
from practice_provider.routes import Request
from practice_provider.voices import Voice

VOICES: dict[str, Voice] = {STRIPE: stripe.VOICE, ADYEN: adyen.VOICE}


def answer(provider: Provider, request: Request) -> Reply | None:
    """Return what comes of a request to a face, or None when the address belongs to none."""
    if request.path.startswith(f"{stripe.PREFIX}/"):
        return stripe.answer(provider, request)
    if request.path.startswith(f"{adyen.PREFIX}/"):
        return adyen.answer(provider, request)
    return None
