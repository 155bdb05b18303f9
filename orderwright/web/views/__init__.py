"""Views: one call to a read or an action each, then an answer. No rule and no wording of figures belongs here."""
