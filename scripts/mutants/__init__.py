"""Small changes to our own code, and whether any test notices: making them, putting them in force, trying them."""
