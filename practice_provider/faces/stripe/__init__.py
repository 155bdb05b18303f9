"""Stripe's interface, as its published reference describes it: PaymentIntents with manual capture, refunds, events."""
