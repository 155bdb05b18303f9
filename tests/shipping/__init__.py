"""Shipments as rows: opening them at intake, and the methods that orders come in with."""
