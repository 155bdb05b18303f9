"""Sites, order states, orders, their lines and notes. Knows nothing of shipments and payments."""
