"""The address to which providers send their notices. Their signature is the key; see docs/gateways.md."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.actions import take_in_notices
from orderwright.api.door import Signature
from orderwright.api.fields import PathAccount
from orderwright.core.clock import now

routes = Router()


# No key of ours and not in the OpenAPI file: only a provider's signature passes, in the shape that it has published.
@routes.post("/provider-notices/{account}", auth=Signature(), include_in_schema=False)
def take_in(request: HttpRequest, account: PathAccount) -> HttpResponse:
    """Keep what the provider tells and answer 202 at once; the worker acts on it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    take_in_notices.run(account=account, headers=headers, body=request.body, now=now())
    return HttpResponse(status=202)
