"""Adyen's interface, as its published reference describes it: Checkout payments, modifications, standard webhooks."""
