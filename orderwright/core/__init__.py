"""Money, errors, time, actors and transactions: what every layer uses and nothing that knows about orders."""
