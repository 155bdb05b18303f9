"""The loop that takes due rows and hands each to its action. Nothing decides here."""
