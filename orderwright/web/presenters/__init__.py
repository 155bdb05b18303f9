"""Presenters: frozen rows in, plain words out. No query and no rule belongs here."""
