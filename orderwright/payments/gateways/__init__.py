"""Ways to speak to payment providers, each behind the same port. Only these modules know a provider's words."""
