"""The portal in a real browser, with a real provider and a real mail server behind it."""
