"""Carriers, methods, delivery states, shipments and parcels."""
