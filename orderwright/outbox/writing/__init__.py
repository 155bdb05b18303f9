"""How a mail to a customer comes to its words: kinds, placeholders, templates, HTML. Pure; no rows, no sending."""
