"""The JSON API: routes for programs."""
