"""The append-only, hash-chained record of every committed change. Knows streams and facts, not what an order is."""
