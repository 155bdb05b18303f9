"""Processes that are killed, providers that misbehave: nothing is lost or done twice (FK1, FK2, FG1–FG4)."""
