"""Signing in, second factors, passkeys and sessions: what allauth and axes ask of the portal, and the pages for it."""
