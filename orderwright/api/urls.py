"""The API object and its addresses."""
from ninja import NinjaAPI
api = NinjaAPI(urls_namespace="api")
