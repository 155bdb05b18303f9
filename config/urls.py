"""Addresses: the JSON API, then the portal."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("orderwright.api.urls")),
    path("", include("orderwright.web.urls")),
]
handler404 = "orderwright.web.errors.page_not_found"
handler500 = "orderwright.web.errors.server_error"
